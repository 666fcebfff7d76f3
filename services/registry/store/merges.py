"""Merges: what is known of the two, the record of it, and what stands under an enterprise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import exists, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from services.chassis import aliases
from services.chassis.scope import Scope
from services.events.registry import EnterpriseStatus
from services.registry.rules.merging import Side
from services.registry.store.tables import (
    EnterpriseKeyRow,
    EnterpriseRow,
    MergeRow,
    ObjectRow,
    ProductRow,
)


class Under(NamedTuple):
    """An enterprise that stands under another one, as its file tells."""

    id: UUID
    name: str
    uscc: str | None
    merge_id: UUID | None
    since: datetime | None
    by: str | None


def sides(session: Session, ids: Collection[UUID], *, scope: Scope) -> dict[UUID, Side]:
    """Those of some enterprises that lie within the scope."""
    found = session.execute(
        select(EnterpriseRow.id, EnterpriseRow.uscc, EnterpriseRow.status).where(
            EnterpriseRow.id.in_(list(ids)), scope.clause(EnterpriseRow.division)
        )
    )
    has = _counted(session, ObjectRow.enterprise_id, ids)
    made = _counted(session, ProductRow.enterprise_id, ids)
    keys = _counted(session, EnterpriseKeyRow.enterprise_id, ids)
    return {
        row.id: Side(
            id=row.id,
            uscc=row.uscc,
            active=row.status == EnterpriseStatus.ACTIVE.value,
            has=has.get(row.id, 0) + made.get(row.id, 0),
            keys=keys.get(row.id, 0),
        )
        for row in found
    }


def note(session: Session, row: dict[str, Any]) -> None:
    """Leave the record of a merge."""
    session.execute(insert(MergeRow), [row])


def get(session: Session, merge_id: UUID, *, scope: Scope) -> MergeRow | None:
    """One merge, if the scope covers both; locked against a second undoing."""
    found = session.scalar(select(MergeRow).where(MergeRow.id == merge_id).with_for_update())
    if found is None:
        return None
    ids = (found.survivor_id, found.merged_id)
    seen = select(func.count()).where(
        EnterpriseRow.id.in_(ids), scope.clause(EnterpriseRow.division)
    )
    return found if session.scalar(seen) == len(ids) else None


def note_undone(
    session: Session, merge_id: UUID, *, at: datetime, by: str, because: str | None
) -> None:
    """It does not hold any more."""
    undone = {"undone_at": at, "undone_by": by, "undone_because": because}
    session.execute(update(MergeRow).where(MergeRow.id == merge_id).values(**undone))


def latest(
    session: Session, *, scope: Scope, standing: bool, after: UUID | None, limit: int
) -> list[MergeRow]:
    """The merges of enterprises within the scope, the last one first."""
    place = (MergeRow.merged_at, MergeRow.id)
    seen = select(EnterpriseRow.id).where(scope.clause(EnterpriseRow.division))
    found = select(MergeRow).where(MergeRow.survivor_id.in_(seen), MergeRow.merged_id.in_(seen))
    if standing:
        found = found.where(MergeRow.undone_at.is_(None))
    if after is not None:
        behind = select(*place).where(MergeRow.id == after).subquery()
        found = found.where(tuple_(*place) < select(behind).scalar_subquery())
    newest = found.order_by(*(column.desc() for column in place)).limit(limit)
    return list(session.scalars(newest))


def last_of_each(
    session: Session, *, since: datetime | None, after: UUID | None, limit: int
) -> list[MergeRow]:
    """Of every enterprise that was ever merged its last merge, also one that was undone.

    By id, those made or undone since an instant.
    """
    later = aliased(MergeRow)
    was_later = exists().where(
        later.merged_id == MergeRow.merged_id, later.merged_at > MergeRow.merged_at
    )
    last = select(MergeRow).where(~was_later).order_by(MergeRow.id)
    if since is not None:
        last = last.where(func.coalesce(MergeRow.undone_at, MergeRow.merged_at) >= since)
    if after is not None:
        last = last.where(MergeRow.id > after)
    return list(session.scalars(last.limit(limit)))


def standing_under(session: Session, enterprise_id: UUID) -> list[Under]:
    """Who stands under an enterprise, since when and by whose decision."""
    others = [
        each for each in aliases.together(session, enterprise_id) if each != enterprise_id
    ]
    columns = (MergeRow.id.label("merge_id"), MergeRow.merged_at, MergeRow.merged_by)
    found = (
        select(EnterpriseRow.id, EnterpriseRow.name, EnterpriseRow.uscc, *columns)
        .outerjoin(
            MergeRow,
            (MergeRow.merged_id == EnterpriseRow.id) & MergeRow.undone_at.is_(None),
        )
        .where(EnterpriseRow.id.in_(others))
        .order_by(EnterpriseRow.id)
    )
    return [Under(*row) for row in session.execute(found)]


def seen(session: Session, ids: Sequence[UUID], *, scope: Scope) -> bool:
    """Whether the scope covers one of some enterprises, or something that one of them has."""
    sits = select(EnterpriseRow.id).where(
        EnterpriseRow.id.in_(ids), scope.clause(EnterpriseRow.division)
    )
    has = select(ObjectRow.id).where(
        ObjectRow.enterprise_id.in_(ids), scope.clause(ObjectRow.division)
    )
    return session.scalar(select(or_(sits.exists(), has.exists()))) or False


def _counted(session: Session, column: Any, ids: Collection[UUID]) -> dict[UUID, int]:
    counted = select(column, func.count()).where(column.in_(list(ids))).group_by(column)
    return dict(session.execute(counted).all())
