"""Warnings taken together: by place, kind, class, enterprise and month; what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from services.chassis.scope import Scope
from services.inspection.model import WarningState
from services.inspection.store.duties import DUTY
from services.inspection.store.enterprises import ENTERPRISE
from services.inspection.store.reds import WARNING
from services.inspection.store.subjects import SUBJECT

_MONTH, _INDUSTRY = "month", "industry"
BY: dict[str, Callable[[], ColumnElement[Any]]] = {
    "division": lambda: WARNING.c.division,
    "kind": lambda: WARNING.c.kind,
    "duty": lambda: WARNING.c.duty,
    "class": lambda: SUBJECT.c.class_code,
    "enterprise": lambda: WARNING.c.enterprise_id,
    _INDUSTRY: lambda: ENTERPRISE.c.industry_group,
    _MONTH: lambda: (
        func.extract("year", WARNING.c.turned_red_on) * 100
        + func.extract("month", WARNING.c.turned_red_on)
    ),
}


def warnings(
    session: Session,
    scopes: Sequence[Scope],
    *,
    by: str,
    since: date | None,
    until: date | None,
    limit: int,
) -> list[dict[str, Any]]:
    """How many turned red, were cleared and still are; the most first, months in order."""
    group = BY[by]()
    raised = func.count()
    standing = func.sum(case((WARNING.c.state == WarningState.RED.value, 1), else_=0))
    statement = (
        select(
            group.label("group"),
            raised.label("raised"),
            (raised - standing).label("cleared"),
            standing.label("standing"),
            func.sum(case((WARNING.c.reopened_on.is_not(None), 1), else_=0)).label("reopened"),
            func.count(WARNING.c.enterprise_id.distinct()).label("enterprises"),
        )
        .where(*(scope.clause(WARNING.c.division) for scope in scopes))
        .group_by(group)
        .order_by(group if by == _MONTH else raised.desc(), group)
        .limit(limit)
    )
    if by == "class":
        statement = statement.join(SUBJECT, SUBJECT.c.object_id == WARNING.c.object_id)
    if by == _INDUSTRY:
        statement = statement.outerjoin(ENTERPRISE, _of_the_warned())
    if since is not None:
        statement = statement.where(WARNING.c.turned_red_on >= since)
    if until is not None:
        statement = statement.where(WARNING.c.turned_red_on <= until)
    return [_told(row, by) for row in session.execute(statement)]


def standing_by_industry(
    session: Session, scopes: Sequence[Scope], *, least: int, limit: int
) -> list[dict[str, Any]]:
    """Industries in which many enterprises are red at once."""
    enterprises = func.count(WARNING.c.enterprise_id.distinct())
    statement = (
        select(
            ENTERPRISE.c.industry_group.label("industry"),
            enterprises.label("enterprises"),
            func.count().label("red"),
            func.min(WARNING.c.was_due_on).label("oldest_due_on"),
        )
        .join(ENTERPRISE, _of_the_warned())
        .where(
            *(scope.clause(WARNING.c.division) for scope in scopes),
            WARNING.c.state == WarningState.RED.value,
            ENTERPRISE.c.industry_group.is_not(None),
        )
        .group_by(ENTERPRISE.c.industry_group)
        .having(enterprises >= least)
        .order_by(enterprises.desc(), ENTERPRISE.c.industry_group)
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(statement)]


def repeated(
    session: Session, scopes: Sequence[Scope], *, since: date, least: int, limit: int
) -> list[dict[str, Any]]:
    """Duties that turned red again and again, for one due date after the other."""
    many = func.count()
    statement = (
        select(
            WARNING.c.duty_id,
            WARNING.c.object_id,
            WARNING.c.enterprise_id,
            WARNING.c.division,
            WARNING.c.duty,
            func.max(WARNING.c.label).label("label"),
            many.label("times"),
            func.min(WARNING.c.was_due_on).label("first_due_on"),
            func.max(WARNING.c.was_due_on).label("last_due_on"),
        )
        .where(
            *(scope.clause(WARNING.c.division) for scope in scopes),
            WARNING.c.was_due_on >= since,
        )
        .group_by(
            *(WARNING.c[name] for name in ("duty_id", "object_id", "enterprise_id")),
            *(WARNING.c[name] for name in ("division", "duty")),
        )
        .having(many >= least)
        .order_by(many.desc(), WARNING.c.duty_id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(statement)]


def clustered(
    session: Session, scopes: Sequence[Scope], *, least: int, limit: int
) -> list[dict[str, Any]]:
    """Enterprises with many duties of one kind red at once."""
    many = func.count()
    statement = (
        select(
            WARNING.c.enterprise_id,
            WARNING.c.division,
            WARNING.c.duty,
            many.label("red"),
            func.min(WARNING.c.was_due_on).label("oldest_due_on"),
        )
        .where(
            *(scope.clause(WARNING.c.division) for scope in scopes),
            WARNING.c.state == WarningState.RED.value,
        )
        .group_by(WARNING.c.enterprise_id, WARNING.c.division, WARNING.c.duty)
        .having(many >= least)
        .order_by(many.desc(), WARNING.c.enterprise_id, WARNING.c.duty)
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(statement)]


def due_by_day(
    session: Session, scopes: Sequence[Scope], *, since: date, until: date
) -> list[tuple[date, str, int]]:
    """How many duties of each kind of object fall due on each day."""
    statement = (
        select(DUTY.c.due_on, DUTY.c.kind, func.count())
        .where(
            *(scope.clause(DUTY.c.division) for scope in scopes),
            DUTY.c.red_on.is_not(None),
            DUTY.c.due_on >= since,
            DUTY.c.due_on <= until,
        )
        .group_by(DUTY.c.due_on, DUTY.c.kind)
        .order_by(DUTY.c.due_on)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def _of_the_warned() -> ColumnElement[bool]:
    return ENTERPRISE.c.enterprise_id == WARNING.c.enterprise_id


def _told(row: Any, by: str) -> dict[str, Any]:
    told = dict(row._mapping)
    if by == _MONTH:
        month = int(told["group"])
        told["group"] = f"{month // 100}-{month % 100:02d}"
    return told
