"""What falls due at enterprises: for plans of visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.scope import Scope
from services.events.registry import DutyKind
from services.inspection.model import Colour, WarningState
from services.inspection.rules.visits.bundling import DONE_BY_OTHERS
from services.inspection.store.duties import DUTY
from services.inspection.store.reds import WARNING
from services.inspection.store.subjects import SUBJECT


class DueAt(NamedTuple):
    """A duty that falls due, and at whom."""

    duty_id: UUID
    object_id: UUID
    enterprise_id: UUID
    label: str
    duty: DutyKind
    due_on: date


def of_enterprises(
    session: Session, enterprise_ids: Sequence[UUID], scope: Scope, *, until: date
) -> list[DueAt]:
    """All that is in service and falls due by a day, also what is overdue."""
    statement = (
        select(
            *(DUTY.c[name] for name in ("duty_id", "object_id")),
            *(SUBJECT.c[name] for name in ("enterprise_id", "label")),
            *(DUTY.c[name] for name in ("duty", "due_on")),
        )
        .join(SUBJECT, SUBJECT.c.object_id == DUTY.c.object_id)
        .where(
            SUBJECT.c.enterprise_id.in_(enterprise_ids),
            scope.clause(SUBJECT.c.division),
            *_falls_due(until),
        )
        .order_by(DUTY.c.due_on, DUTY.c.duty_id)
    )
    return [DueAt(*row)._replace(duty=DutyKind(row.duty)) for row in session.execute(statement)]


def is_known(session: Session, enterprise_ids: Sequence[UUID], scope: Scope) -> bool:
    """Whether any object of these enterprises was heard of within a scope."""
    statement = select(SUBJECT.c.object_id).where(
        SUBJECT.c.enterprise_id.in_(enterprise_ids), scope.clause(SUBJECT.c.division)
    )
    return session.execute(statement.limit(1)).first() is not None


def by_risk(
    session: Session,
    scopes: Sequence[Scope],
    points: Mapping[str, int],
    *,
    until: date,
    limit: int,
) -> list[dict[str, Any]]:
    """Enterprises with something due by a day, those with the most points first."""
    red = func.sum(case((DUTY.c.colour == Colour.RED, 1), else_=0))
    yellow = func.sum(case((DUTY.c.colour == Colour.YELLOW, 1), else_=0))
    grave = func.sum(case((WARNING.c.endangers_safety, 1), else_=0))
    weight = red * points["red"] + yellow * points["yellow"] + grave * points["endangers"]
    standing = (WARNING.c.duty_id == DUTY.c.duty_id) & (
        WARNING.c.state == WarningState.RED.value
    )
    statement = (
        select(
            SUBJECT.c.enterprise_id,
            func.min(SUBJECT.c.division).label("division"),
            func.count().label("duties"),
            red.label("red"),
            yellow.label("yellow"),
            grave.label("endangering"),
            func.min(DUTY.c.due_on).label("first_due_on"),
            weight.label("points"),
        )
        .join(SUBJECT, SUBJECT.c.object_id == DUTY.c.object_id)
        .outerjoin(WARNING, standing)
        .where(
            *(scope.clause(SUBJECT.c.division) for scope in scopes),
            *_falls_due(until),
        )
        .group_by(SUBJECT.c.enterprise_id)
        .order_by(weight.desc(), func.min(DUTY.c.due_on), SUBJECT.c.enterprise_id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(statement)]


def _falls_due(until: date) -> tuple[ColumnElement[bool], ...]:
    """What a visit sees to: of what others do for the enterprise, only what is overdue."""
    seen_to = or_(DUTY.c.duty.not_in(sorted(DONE_BY_OTHERS)), DUTY.c.colour == Colour.RED)
    return DUTY.c.red_on.is_not(None), DUTY.c.due_on <= until, seen_to
