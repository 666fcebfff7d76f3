"""Candidates: proposed, merged or kept apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid5

from sqlalchemy import Table, and_, delete, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from services.chassis.database import upsert
from services.chassis.scope import Scope
from services.registry.model import CandidateState
from services.registry.store.tables import CandidateRow, EnterpriseRow

CANDIDATE = cast("Table", CandidateRow.__table__)


def candidate_id(one: UUID, other: UUID) -> UUID:
    """Two enterprises are one candidate, whichever is looked at first."""
    low, high = sorted((one, other), key=str)
    return uuid5(low, str(high))


def of(session: Session, ids: Collection[UUID]) -> list[CandidateRow]:
    """All that were ever found of some enterprises."""
    either = or_(CandidateRow.one_id.in_(ids), CandidateRow.other_id.in_(ids))
    return list(session.scalars(select(CandidateRow).where(either)))


def propose(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write what is to be asked of a person, new or again."""
    upsert(session, CANDIDATE, rows, key=["id"])


def drop(session: Session, ids: Collection[UUID]) -> None:
    """They do not resemble each other any more, and nobody has decided anything."""
    if ids:
        session.execute(delete(CANDIDATE).where(CANDIDATE.c.id.in_(ids)))


def decide(
    session: Session,
    candidate: UUID,
    state: CandidateState,
    *,
    at: datetime,
    by: str,
    reason: str | None,
    merge_id: UUID | None = None,
) -> None:
    """What a person says of them."""
    decided = update(CandidateRow).where(CandidateRow.id == candidate)
    session.execute(
        decided.values(
            state=state.value,
            decided_at=at,
            decided_by=by,
            reason=reason,
            merge_id=merge_id,
        )
    )


def undo(session: Session, merge_id: UUID, *, at: datetime, by: str) -> None:
    """Whoever was parted again is kept apart until something new is known."""
    merged = update(CandidateRow).where(CandidateRow.merge_id == merge_id)
    apart = {"state": CandidateState.KEPT_APART.value, "merge_id": None}
    session.execute(merged.values(decided_at=at, decided_by=by, **apart))


def get(session: Session, candidate: UUID, *, scope: Scope) -> CandidateRow | None:
    """One, if the scope covers both; locked against a second decision."""
    found = session.scalar(
        select(CandidateRow).where(CandidateRow.id == candidate).with_for_update()
    )
    if found is None:
        return None
    seen = select(EnterpriseRow.id).where(
        EnterpriseRow.id.in_((found.one_id, found.other_id)),
        scope.clause(EnterpriseRow.division),
    )
    return (
        found
        if len(session.scalars(seen).all()) == len({found.one_id, found.other_id})
        else None
    )


def page(
    session: Session,
    *,
    scope: Scope,
    state: CandidateState,
    after: UUID | None,
    limit: int,
) -> list[tuple[CandidateRow, EnterpriseRow, EnterpriseRow]]:
    """Those within the scope with both enterprises, the likest first."""
    one, other = aliased(EnterpriseRow), aliased(EnterpriseRow)
    place = (CandidateRow.points, CandidateRow.id)
    found = (
        select(CandidateRow, one, other)
        .join(one, and_(one.id == CandidateRow.one_id, scope.clause(one.division)))
        .join(other, and_(other.id == CandidateRow.other_id, scope.clause(other.division)))
        .where(CandidateRow.state == state.value)
    )
    if after is not None:
        behind = session.execute(select(*place).where(CandidateRow.id == after)).one_or_none()
        if behind is None:
            return []
        found = found.where(tuple_(*place) < tuple_(behind.points, behind.id))
    ordered = found.order_by(*(column.desc() for column in place)).limit(limit)
    return [(row[0], row[1], row[2]) for row in session.execute(ordered)]
