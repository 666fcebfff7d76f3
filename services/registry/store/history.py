"""What was, before it changed: written in the transaction of the change, read as of any day."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Select, Table, insert, literal, select
from sqlalchemy.orm import Session

from services.registry.model import Change
from services.registry.store.staged import VERSIONS
from services.registry.store.tables import ChangeRow

CHANGES = cast("Table", ChangeRow.__table__)


def note(session: Session, change: Change) -> None:
    """Leave who changes records now, and why."""
    session.execute(insert(CHANGES), [change._asdict()])


def keep(session: Session, table: str, change: Change, ids: Select[Any]) -> None:
    """Keep records as they are, before *change* overwrites them."""
    versions = VERSIONS[table]
    kept = versions.metadata.tables[table]
    names = [column.name for column in kept.columns]
    as_they_are = select(
        *(kept.c[name] for name in names),
        literal(change.made_at, versions.c.replaced_at.type),
    ).where(kept.c.id.in_(ids))
    session.execute(insert(versions).from_select([*names, "replaced_at"], as_they_are))
