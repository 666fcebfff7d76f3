"""Visits as they stand, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table as SqlTable, insert, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_all
from services.chassis.scope import Scope
from services.events.inspection import VisitOutcome, VisitPurpose
from services.events.registry import ObjectKind
from services.inspection.model.orders import OrderState
from services.inspection.model.visits import (
    Facing,
    Officer,
    Problem,
    Visit,
    VisitState,
)
from services.inspection.rules.visits.officers import Earlier
from services.inspection.store.subjects import SUBJECT
from services.inspection.store.tables import (
    OrderRow,
    VisitProblemRow,
    VisitRow,
)

VISIT: SqlTable = VisitRow.__table__  # type: ignore[assignment]
PROBLEM: SqlTable = VisitProblemRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which visits to list: those that meet everything that is given.

    after  the day and visit behind which to go on
    """

    scopes: Sequence[Scope]
    limit: int
    state: VisitState | None = None
    enterprise_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    after: tuple[date, UUID] | None = None


def add(session: Session, visit: Visit) -> None:
    """Write a new visit."""
    session.execute(
        insert(VISIT), [_row(visit) | {"corrected_by": None, "cancelled_because": None}]
    )


def get(session: Session, visit_id: UUID, *, lock: bool = False) -> Visit | None:
    """One visit; *lock*: nobody else changes it meanwhile."""
    statement = select(VISIT).where(VISIT.c.visit_id == visit_id)
    row = session.execute(statement.with_for_update() if lock else statement).first()
    return _visit(row) if row else None


def write(session: Session, visit: Visit) -> None:
    """Write a locked visit as it now stands."""
    session.execute(update(VISIT).where(VISIT.c.visit_id == visit.visit_id).values(_row(visit)))


def mark_cancelled(session: Session, visit_id: UUID, reason: str) -> None:
    """Why a visit is not made."""
    changed = update(VISIT).where(VISIT.c.visit_id == visit_id)
    session.execute(changed.values(cancelled_because=reason))


def mark_corrected(session: Session, visit_id: UUID, *, by: UUID) -> None:
    """A concluded visit is corrected by a further one; its own record stays as it is."""
    changed = update(VISIT).where(VISIT.c.visit_id == visit_id)
    session.execute(changed.values(corrected_by=by))


def corrected_by(session: Session, visit_id: UUID) -> UUID | None:
    """The visit that corrects this one, if one does."""
    return session.scalar(select(VISIT.c.corrected_by).where(VISIT.c.visit_id == visit_id))


def listed(session: Session, wanted: Wanted) -> list[Visit]:
    """Visits in the order of their planned days."""
    statement = (
        select(VISIT)
        .where(*_conditions(wanted))
        .order_by(VISIT.c.planned_on, VISIT.c.visit_id)
        .limit(wanted.limit)
    )
    return [_visit(row) for row in session.execute(statement)]


def earlier(session: Session, enterprise_ids: Sequence[UUID], *, since: date) -> list[Earlier]:
    """Visits of enterprises that are planned or were made; corrections are not counted."""
    statement = select(VISIT).where(
        VISIT.c.enterprise_id.in_(enterprise_ids),
        VISIT.c.planned_on >= since,
        VISIT.c.state != VisitState.CANCELLED.value,
        VISIT.c.corrects.is_(None),
    )
    return [
        Earlier(
            visit.purpose, visit.concluded_on or visit.planned_on, frozenset(visit.object_ids)
        )
        for visit in map(_visit, session.execute(statement))
    ]


def facing(session: Session, object_ids: Sequence[UUID]) -> list[Facing]:
    """What objects are, in the order asked for."""
    columns = [SUBJECT.c[name] for name in ("object_id", "kind", "class_code", "label")]
    rows = session.execute(select(*columns).where(SUBJECT.c.object_id.in_(object_ids)))
    found = {row.object_id: _facing(row) for row in rows}
    return [found[object_id] for object_id in object_ids if object_id in found]


def _facing(row: Any) -> Facing:
    return Facing(**(dict(row._mapping) | {"kind": ObjectKind(row.kind)}))


def of_enterprises(session: Session, enterprise_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The objects of enterprises that are one, with their divisions."""
    statement = select(SUBJECT.c.object_id, SUBJECT.c.division).where(
        SUBJECT.c.enterprise_id.in_(enterprise_ids)
    )
    return {row.object_id: row.division for row in session.execute(statement)}


def add_problems(
    session: Session, visit: Visit, problems: Sequence[Problem], *, on: date
) -> None:
    """Write what a concluded visit found wrong."""
    of_visit = {
        "enterprise_id": visit.enterprise_id,
        "division": visit.division,
        "found_on": on,
    }
    rows = [asdict(problem) | of_visit for problem in problems]
    if rows:
        insert_all(session, PROBLEM, rows)


def problems(session: Session, visit_id: UUID) -> list[dict[str, Any]]:
    """What a concluded visit found wrong."""
    statement = select(PROBLEM).where(PROBLEM.c.visit_id == visit_id)
    found = session.execute(statement.order_by(PROBLEM.c.object_id, PROBLEM.c.item))
    return [dict(row._mapping) for row in found]


def found(session: Session, visit_id: UUID) -> list[Problem]:
    """The same, as values."""
    return [
        Problem(**{name: row[name] for name in Problem.__dataclass_fields__})
        for row in problems(session, visit_id)
    ]


def order_of(session: Session, visit_id: UUID) -> UUID | None:
    """The rectification order that rests on a visit, unless its draft was discarded."""
    statement = select(OrderRow.order_id).where(
        OrderRow.visit_id == visit_id, OrderRow.state != OrderState.DISCARDED.value
    )
    return session.scalar(statement.limit(1))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [scope.clause(VISIT.c.division) for scope in wanted.scopes]
    if wanted.state is not None:
        found.append(VISIT.c.state == wanted.state.value)
    if wanted.enterprise_id is not None:
        found.append(VISIT.c.enterprise_id == wanted.enterprise_id)
    if wanted.since is not None:
        found.append(VISIT.c.planned_on >= wanted.since)
    if wanted.until is not None:
        found.append(VISIT.c.planned_on <= wanted.until)
    if wanted.after is not None:
        day, visit_id = wanted.after
        same_day = (VISIT.c.planned_on == day) & (VISIT.c.visit_id > visit_id)
        found.append(or_(VISIT.c.planned_on > day, same_day))
    return found


def _row(visit: Visit) -> dict[str, Any]:
    return {
        **{name: getattr(visit, name) for name in Visit.__dataclass_fields__},
        "purpose": visit.purpose.value,
        "state": visit.state.value,
        "officers": [asdict(officer) for officer in visit.officers],
        "object_ids": [str(object_id) for object_id in visit.object_ids],
        "outcome": visit.outcome.value if visit.outcome else None,
    }


def _visit(row: Any) -> Visit:
    facts = {name: getattr(row, name) for name in Visit.__dataclass_fields__}
    facts |= {
        "purpose": VisitPurpose(row.purpose),
        "state": VisitState(row.state),
        "officers": tuple(Officer(**officer) for officer in row.officers),
        "object_ids": tuple(UUID(each) for each in row.object_ids),
        "outcome": VisitOutcome(row.outcome) if row.outcome else None,
    }
    return Visit(**facts)
