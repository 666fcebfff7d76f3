"""What the internal API shows: rows as plain mappings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.scope import Scope
from services.events.registry import DutyKind, ObjectKind
from services.inspection.model import Colour, WarningState
from services.inspection.store.duties import DUTY
from services.inspection.store.reds import WARNING
from services.inspection.store.subjects import SUBJECT


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which warnings to list: those that meet everything that is given.

    after  the due date and duty behind which to go on
    """

    scopes: Sequence[Scope]
    colours: Sequence[Colour]
    limit: int
    kind: ObjectKind | None = None
    duty: DutyKind | None = None
    enterprise_id: UUID | None = None
    after: tuple[date, UUID] | None = None


def warnings(session: Session, wanted: Wanted) -> list[dict[str, Any]]:
    """Duties in the wanted colours, the longest due first, with the warning if there is one."""
    standing = and_(
        WARNING.c.duty_id == DUTY.c.duty_id,
        WARNING.c.was_due_on == DUTY.c.due_on,
        WARNING.c.state == WarningState.RED.value,
    )
    statement = (
        select(
            *(DUTY.c[name] for name in ("duty_id", "object_id", "division", "kind", "duty")),
            *(DUTY.c[name] for name in ("done_on", "due_on", "colour", "rule_id")),
            *(SUBJECT.c[name] for name in ("label", "class_code")),
            aliases.root_of(SUBJECT.c.enterprise_id).label("enterprise_id"),
            *(WARNING.c[name] for name in ("warning_id", "turned_red_on", "endangers_safety")),
        )
        .join(SUBJECT, SUBJECT.c.object_id == DUTY.c.object_id)
        .outerjoin(WARNING, standing)
        .where(*_conditions(session, wanted))
        .order_by(DUTY.c.due_on, DUTY.c.duty_id)
        .limit(wanted.limit)
    )
    return [dict(row._mapping) for row in session.execute(statement)]


def warnings_of(session: Session, object_id: UUID) -> list[dict[str, Any]]:
    """All warnings of one object, red and cleared, the oldest due date first."""
    columns = ("warning_id", "duty", "was_due_on", "turned_red_on", "state")
    cleared = ("reopened_on", "cleared_on", "cleared_by")
    statement = (
        select(*(WARNING.c[name] for name in (*columns, *cleared)))
        .where(WARNING.c.object_id == object_id)
        .order_by(WARNING.c.was_due_on)
    )
    return [dict(row._mapping) for row in session.execute(statement)]


def raised_at(
    session: Session, enterprise_id: UUID, scope: Scope, *, most: int
) -> list[dict[str, Any]]:
    """All warnings of one enterprise's objects, red and cleared, the latest first."""
    columns = ("warning_id", "object_id", "label", "kind", "duty", "division", "was_due_on")
    since = ("turned_red_on", "reopened_on", "cleared_on", "cleared_by", "endangers_safety")
    both = aliases.together(session, enterprise_id)
    statement = (
        select(*(WARNING.c[name] for name in (*columns, *since)))
        .join(SUBJECT, SUBJECT.c.object_id == WARNING.c.object_id)
        .where(SUBJECT.c.enterprise_id.in_(both), scope.clause(WARNING.c.division))
        .order_by(WARNING.c.turned_red_on.desc(), WARNING.c.warning_id)
        .limit(most)
    )
    return [dict(row._mapping) for row in session.execute(statement)]


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [scope.clause(DUTY.c.division) for scope in wanted.scopes]
    found.append(DUTY.c.colour.in_(wanted.colours))
    if wanted.kind is not None:
        found.append(DUTY.c.kind == wanted.kind.value)
    if wanted.duty is not None:
        found.append(DUTY.c.duty == wanted.duty.value)
    if wanted.enterprise_id is not None:
        both = aliases.together(session, wanted.enterprise_id)
        found.append(SUBJECT.c.enterprise_id.in_(both))
    if wanted.after is not None:
        due_on, duty_id = wanted.after
        same_day = and_(DUTY.c.due_on == due_on, DUTY.c.duty_id > duty_id)
        found.append(or_(DUTY.c.due_on > due_on, same_day))
    return found
