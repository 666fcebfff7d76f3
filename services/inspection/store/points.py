"""What the information points count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import Session

from services.chassis.scope import Scope
from services.chassis.tables import OutboxRow, ParkedRow
from services.events.inspection import OrderOrigin
from services.events.registry import ObjectKind
from services.inspection.model import ColourCounts
from services.inspection.model.orders import ItemState, OrderState
from services.inspection.model.visits import VisitState
from services.inspection.rules.points import Bounds
from services.inspection.store.cases import CASE
from services.inspection.store.complaints import COMPLAINT
from services.inspection.store.duties import DUTY
from services.inspection.store.orders import ITEM, ORDER
from services.inspection.store.visits import PROBLEM, VISIT


def duties_of(
    session: Session, scopes: Sequence[Scope], kind: ObjectKind, bounds: Bounds
) -> ColourCounts:
    """The duties of one kind of object by the days that are left; out of service: grey.

    The kind stands in the statement itself: as a parameter, no planner would take the index
    that the licences have for this.
    """
    due_on = case((DUTY.c.red_on.is_(None), None), else_=DUTY.c.due_on)
    said = literal(kind.value, DUTY.c.kind.type, literal_execute=True)
    where = [*(scope.clause(DUTY.c.division) for scope in scopes), DUTY.c.kind == said]
    return _by_day(session, due_on, where, bounds)


def visits_planned(session: Session, scopes: Sequence[Scope], bounds: Bounds) -> ColourCounts:
    """Visits that are not concluded, by the days until they were planned for."""
    open_states = (VisitState.PLANNED.value, VisitState.DRAFT.value)
    where = [
        *(scope.clause(VISIT.c.division) for scope in scopes),
        VISIT.c.state.in_(open_states),
    ]
    return _by_day(session, VISIT.c.planned_on, where, bounds)


def visits_concluded(session: Session, scopes: Sequence[Scope], *, since: date) -> int:
    """How many visits were concluded since a day; corrections are not counted."""
    statement = select(func.count()).where(
        *(scope.clause(VISIT.c.division) for scope in scopes),
        VISIT.c.concluded_on >= since,
        VISIT.c.corrects.is_(None),
    )
    return session.scalar(statement) or 0


def problems_found(session: Session, scopes: Sequence[Scope], *, since: date) -> int:
    """How many problems visits found since a day."""
    statement = select(func.count()).where(
        *(scope.clause(PROBLEM.c.division) for scope in scopes), PROBLEM.c.found_on >= since
    )
    return session.scalar(statement) or 0


def shares(groups: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """Of each division and kind, how many duties are red, and how many there are."""
    found: dict[tuple[str, str], list[int]] = {}
    for group in groups:
        key = (group["division"], group["kind"])
        share = found.setdefault(key, [0, 0])
        share[1] += group["duties"]
        if group["colour"].value == "red":
            share[0] += group["duties"]
    return [(red, whole) for red, whole in found.values() if whole]


def items_ordered(
    session: Session, scopes: Sequence[Scope], origins: Sequence[OrderOrigin], bounds: Bounds
) -> ColourCounts:
    """Items of orders of some origins that are not put right yet, by the days that are left."""
    done = (ItemState.RECTIFIED.value, ItemState.WITHDRAWN.value)
    items = select(ITEM.c.due_on).join(ORDER, ORDER.c.order_id == ITEM.c.order_id)
    wanted = items.where(
        *(scope.clause(ORDER.c.division) for scope in scopes),
        ORDER.c.state == OrderState.ISSUED.value,
        ORDER.c.origin.in_([origin.value for origin in origins]),
        ITEM.c.state.not_in(done),
    ).subquery()
    return _by_day(session, wanted.c.due_on, (), bounds)


def cases_running(session: Session, scopes: Sequence[Scope], bounds: Bounds) -> ColourCounts:
    """Cases whose term runs, by the days that are left of it."""
    where = [
        *(scope.clause(CASE.c.division) for scope in scopes),
        CASE.c.last_day.is_not(None),
    ]
    return _by_day(session, CASE.c.last_day, where, bounds)


def complaints_open(session: Session, scopes: Sequence[Scope], bounds: Bounds) -> ColourCounts:
    """Complaints and leads whose term runs, by the days that are left of it."""
    where = [
        *(scope.clause(COMPLAINT.c.division) for scope in scopes),
        COMPLAINT.c.last_day.is_not(None),
    ]
    return _by_day(session, COMPLAINT.c.last_day, where, bounds)


def complaints_received(session: Session, scopes: Sequence[Scope], *, since: date) -> int:
    """How many came in since a day."""
    statement = select(func.count()).where(
        *(scope.clause(COMPLAINT.c.division) for scope in scopes),
        COMPLAINT.c.received_on >= since,
    )
    return session.scalar(statement) or 0


def waiting_since(session: Session, *, limit: int) -> list[datetime]:
    """Since when announcements and messages wait: those that wait longest."""
    outbox = select(OutboxRow.written_at).where(OutboxRow.sent_at.is_(None))
    parked = select(ParkedRow.parked_at)
    found = [
        *session.scalars(outbox.order_by(OutboxRow.position).limit(limit)),
        *session.scalars(parked.order_by(ParkedRow.parked_at).limit(limit)),
    ]
    return sorted(found)


def _by_day(
    session: Session,
    due_on: ColumnElement[Any],
    where: Sequence[ColumnElement[bool]],
    bounds: Bounds,
) -> ColourCounts:
    shade = case(
        (due_on.is_(None), "grey"),
        (due_on <= bounds.red_until, "red"),
        (due_on <= bounds.yellow_until, "yellow"),
        else_="green",
    )
    statement = select(shade.label("shade"), func.count()).where(*where).group_by(shade)
    return ColourCounts(**{row[0]: row[1] for row in session.execute(statement)})
