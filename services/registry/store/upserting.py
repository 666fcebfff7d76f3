"""INSERT ... SELECT ... ON CONFLICT, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping as Of
from typing import Any

from sqlalchemy import ColumnElement, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Since = Callable[[Any], ColumnElement[Any]]


def upsert(
    session: Session,
    table: Table,
    names: tuple[str, ...],
    values: Select[Any],
    *,
    by: tuple[str, ...] = ("id",),
    keeps: tuple[str, ...] = (),
    sets: Of[str, Since] | None = None,
) -> None:
    """INSERT ... SELECT ... ON CONFLICT (by) DO UPDATE; *keeps* stay as first written.

    *sets*: columns whose value follows from what was kept and what comes.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table).from_select(names, values)
    fresh = [name for name in names if name not in (*by, *keeps)]
    changed = {name: insert.excluded[name] for name in fresh}
    changed |= {name: value(insert.excluded) for name, value in (sets or {}).items()}
    session.execute(insert.on_conflict_do_update(index_elements=list(by), set_=changed))
