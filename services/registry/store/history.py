"""What was, before it changed: written in the transaction of the change, read as of any day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, insert, literal, or_, select
from sqlalchemy.orm import Session

from services.chassis.scope import Scope
from services.registry.model import Change
from services.registry.store.staged import VERSIONS
from services.registry.store.tables import (
    ChangeRow,
    EnterpriseRow,
    EnterpriseVersionRow,
    ObjectRow,
    ObjectVersionRow,
    ProductRow,
    ProductVersionRow,
    StandardRow,
    StandardVersionRow,
)

CHANGES = cast("Table", ChangeRow.__table__)

_KEPT: dict[str, tuple[Any, Any]] = {
    "enterprise": (EnterpriseRow, EnterpriseVersionRow),
    "object": (ObjectRow, ObjectVersionRow),
    "product": (ProductRow, ProductVersionRow),
    "standard": (StandardRow, StandardVersionRow),
}


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


def versions_of(session: Session, table: str, record_id: UUID) -> list[Any]:
    """A record as it was after each change, the first one first, as it is now last."""
    kept, versions = _KEPT[table]
    before = select(versions).where(versions.id == record_id).order_by(versions.revision)
    now = session.get(kept, record_id)
    return [*session.scalars(before), *([now] if now is not None else [])]


def changes(session: Session, records: Iterable[Any]) -> dict[UUID, ChangeRow]:
    """Who made them, by the id of the change. Records from before there was a history: none."""
    ids = {record.change_id for record in records if record.change_id is not None}
    made = select(ChangeRow).where(ChangeRow.id.in_(ids))
    return {change.id: change for change in session.scalars(made)}


def as_of(session: Session, table: str, record_id: UUID, before: datetime) -> Any | None:
    """A record as it was at the end of a day; None: it was not known yet."""
    kept, versions = _KEPT[table]
    now = session.get(kept, record_id)
    if now is not None and now.updated_at < before:
        return now
    return session.scalar(
        select(versions).where(versions.id == record_id, *_then(versions, before))
    )


def belongings_as_of(
    session: Session, table: str, ids: Iterable[UUID], before: datetime, *, scope: Scope
) -> list[Any]:
    """What enterprises had at the end of a day, as far as the scope reaches."""
    wanted = list(ids)
    kept, versions = _KEPT[table]
    now = select(kept).where(kept.updated_at < before)
    then = select(versions).where(*_then(versions, before))
    found: list[Any] = []
    for place, asked in ((kept, now), (versions, then)):
        whose = place.enterprise_id.in_(wanted)
        if table == "object":
            whose = or_(whose, place.proprietor_id.in_(wanted))
            asked = asked.where(scope.clause(place.division))
        found += session.scalars(asked.where(whose)).all()
    return sorted(found, key=lambda record: (record.key, record.id))


def _then(versions: Any, before: datetime) -> tuple[Any, Any]:
    return versions.updated_at < before, versions.replaced_at >= before
