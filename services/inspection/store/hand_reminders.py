"""Reminders by hand: what may be reminded of, what was told lately, batches as they were sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table as SqlTable, func, insert, select, union_all
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import insert_new
from services.chassis.scope import Scope
from services.events.registry import DutyKind, ObjectKind
from services.inspection.model.reminding import Owed
from services.inspection.store.duties import DUTY
from services.inspection.store.reminders import REMINDER
from services.inspection.store.subjects import SUBJECT
from services.inspection.store.tables import HandReminderRow, ReminderBatchRow

HAND: SqlTable = HandReminderRow.__table__  # type: ignore[assignment]
BATCH: SqlTable = ReminderBatchRow.__table__  # type: ignore[assignment]

_OF_DUTY = ("duty_id", "object_id", "division", "kind", "duty", "due_on", "colour", "rule_id")
_KEPT = ("duty_id", "due_on", "object_id", "enterprise_id", "division", "label")


def owed(session: Session, duty_ids: Collection[UUID], scope: Scope) -> list[Owed]:
    """These duties as far as they lie within the scope, the longest due first."""
    statement = (
        select(
            *(DUTY.c[name] for name in _OF_DUTY),
            *(SUBJECT.c[name] for name in ("enterprise_id", "class_code", "label")),
            aliases.root_of(SUBJECT.c.enterprise_id).label("firm"),
        )
        .join(SUBJECT, SUBJECT.c.object_id == DUTY.c.object_id)
        .where(DUTY.c.duty_id.in_(list(duty_ids)), scope.clause(DUTY.c.division))
        .order_by(DUTY.c.due_on, DUTY.c.duty_id)
    )
    return [_owed(dict(row._mapping)) for row in session.execute(statement)]


def last_told(session: Session, duty_ids: Collection[UUID]) -> dict[UUID, date]:
    """When each was last told for its present due date, by the ladder or by hand."""
    ids = list(duty_ids)
    told = union_all(
        *(
            select(each.c.duty_id, each.c.told_on)
            .join(DUTY, (DUTY.c.duty_id == each.c.duty_id) & (DUTY.c.due_on == each.c.due_on))
            .where(each.c.duty_id.in_(ids))
            for each in (REMINDER, HAND)
        )
    ).subquery()
    latest = select(told.c.duty_id, func.max(told.c.told_on)).group_by(told.c.duty_id)
    return {row[0]: row[1] for row in session.execute(latest)}


def note(session: Session, batch_id: UUID, some: Sequence[Owed], *, on: date) -> set[UUID]:
    """Note duties as told. Returns those that nobody had told on that day."""
    rows = [
        {
            **{name: getattr(each, name) for name in _KEPT},
            "duty": each.duty.value,
            "batch_id": batch_id,
            "told_on": on,
        }
        for each in some
    ]
    return insert_new(session, HAND, rows, returning=HAND.c.duty_id)


def add_batch(
    session: Session,
    batch_id: UUID,
    *,
    at: datetime,
    by: str,
    told: int,
    passed_over: int,
    policy_version: str,
) -> None:
    """Write down that it was sent."""
    row = {
        "batch_id": batch_id,
        "sent_at": at,
        "sent_by": by,
        "told": told,
        "passed_over": passed_over,
        "policy_version": policy_version,
    }
    session.execute(insert(BATCH), [row])


def batch(session: Session, batch_id: UUID) -> dict[str, Any] | None:
    """Who sent it and how many it told; None: there is none."""
    row = session.execute(select(BATCH).where(BATCH.c.batch_id == batch_id)).one_or_none()
    return dict(row._mapping) if row else None


def told_in(session: Session, batch_id: UUID, scope: Scope) -> list[dict[str, Any]]:
    """What it told, as far as it lies within the scope."""
    columns = [HAND.c[name] for name in (*_KEPT, "duty", "told_on") if name != "enterprise_id"]
    wanted = select(*columns, aliases.root_of(HAND.c.enterprise_id).label("enterprise_id"))
    statement = wanted.where(HAND.c.batch_id == batch_id, scope.clause(HAND.c.division))
    ordered = statement.order_by(HAND.c.due_on, HAND.c.duty_id)
    return [dict(row._mapping) for row in session.execute(ordered)]


def told_of(session: Session, duty_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """What was told of duties by hand, the latest first."""
    statement = (
        select(HAND.c.duty_id, HAND.c.due_on, HAND.c.told_on, HAND.c.batch_id)
        .where(HAND.c.duty_id.in_(list(duty_ids)))
        .order_by(HAND.c.told_on.desc(), HAND.c.duty_id)
    )
    return [dict(row._mapping) for row in session.execute(statement)]


def _owed(row: dict[str, Any]) -> Owed:
    return Owed(**row | {"kind": ObjectKind(row["kind"]), "duty": DutyKind(row["duty"])})
