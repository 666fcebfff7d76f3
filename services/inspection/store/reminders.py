"""Reminders: which duties reach a rung, what was told, digests for each enterprise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Table as SqlTable, func, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_new
from services.events.registry import DutyKind, ObjectKind
from services.inspection.store.duties import DUTY, lock_objects_of
from services.inspection.store.subjects import SUBJECT
from services.inspection.store.tables import DigestRow, DutyRow, ReminderRow

REMINDER: SqlTable = ReminderRow.__table__  # type: ignore[assignment]
DIGEST: SqlTable = DigestRow.__table__  # type: ignore[assignment]


class Coming(NamedTuple):
    """A duty whose ladder has to be looked at, and what is told of it."""

    duty_id: UUID
    object_id: UUID
    duty: DutyKind
    due_on: date
    yellow_on: date
    rule_id: str | None
    enterprise_id: UUID
    division: str
    kind: ObjectKind
    class_code: str
    label: str


@dataclass(frozen=True)
class LongOverdue:
    """All that one enterprise has long been overdue with."""

    enterprise_id: UUID
    division: str
    duties: int
    objects: int
    oldest_due_on: date


def due(
    session: Session, on: date, *, limit: int, without: Collection[UUID] = ()
) -> list[UUID]:
    """Some duties whose ladder has to be looked at by a day."""
    wanted = select(DUTY.c.duty_id).where(
        DUTY.c.next_reminder_on <= on, DUTY.c.duty_id.not_in(without)
    )
    return list(session.scalars(wanted.order_by(DUTY.c.next_reminder_on).limit(limit)))


def coming(session: Session, on: date, duty_ids: Sequence[UUID]) -> list[Coming]:
    """Those of these duties of which that still holds, their objects locked."""
    lock_objects_of(session, duty_ids)
    of_duty = ("duty_id", "object_id", "duty", "due_on", "yellow_on", "rule_id")
    of_subject = ("enterprise_id", "division", "kind", "class_code", "label")
    statement = (
        select(*(DUTY.c[name] for name in of_duty), *(SUBJECT.c[name] for name in of_subject))
        .join(SUBJECT, SUBJECT.c.object_id == DUTY.c.object_id)
        .where(DUTY.c.duty_id.in_(duty_ids), DUTY.c.next_reminder_on <= on)
    )
    return [
        Coming(*row)._replace(duty=DutyKind(row.duty), kind=ObjectKind(row.kind))
        for row in session.execute(statement)
    ]


def note(session: Session, rungs: Mapping[UUID, tuple[date, int]], *, on: date) -> set[UUID]:
    """Note rungs of duties as told. Returns the duties for which this one was not told before."""
    rows = [
        {"duty_id": duty_id, "due_on": due_on, "rung": rung, "told_on": on}
        for duty_id, (due_on, rung) in rungs.items()
    ]
    return insert_new(session, REMINDER, rows, returning=REMINDER.c.duty_id)


def look_again(session: Session, days: Mapping[UUID, date | None]) -> None:
    """The next day on which the ladder of each duty is to be looked at."""
    if days:
        session.execute(
            update(DutyRow),
            [{"duty_id": key, "next_reminder_on": day} for key, day in days.items()],
        )


def last_digests(session: Session, enterprise_ids: Collection[UUID]) -> dict[UUID, date]:
    """On which day each enterprise had its last digest."""
    statement = (
        select(DIGEST.c.enterprise_id, func.max(DIGEST.c.told_on))
        .where(DIGEST.c.enterprise_id.in_(list(enterprise_ids)))
        .group_by(DIGEST.c.enterprise_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def long_overdue(
    session: Session, enterprise_ids: Collection[UUID], *, since: date
) -> list[LongOverdue]:
    """What enterprises owe whose due date is not later than a day."""
    statement = (
        select(
            SUBJECT.c.enterprise_id,
            func.min(SUBJECT.c.division),
            func.count(),
            func.count(SUBJECT.c.object_id.distinct()),
            func.min(DUTY.c.due_on),
        )
        .join(DUTY, DUTY.c.object_id == SUBJECT.c.object_id)
        .where(
            SUBJECT.c.enterprise_id.in_(list(enterprise_ids)),
            DUTY.c.red_on.is_not(None),
            DUTY.c.due_on <= since,
        )
        .group_by(SUBJECT.c.enterprise_id)
        .order_by(SUBJECT.c.enterprise_id)
    )
    return [LongOverdue(*row) for row in session.execute(statement)]


def note_digests(
    session: Session, digests: Sequence[LongOverdue], *, on: date, revision: int
) -> set[UUID]:
    """Note digests as told. Returns the enterprises that had none on that day."""
    rows = [
        {
            "enterprise_id": each.enterprise_id,
            "told_on": on,
            "revision": revision,
            "duties": each.duties,
            "oldest_due_on": each.oldest_due_on,
        }
        for each in digests
    ]
    return insert_new(session, DIGEST, rows, returning=DIGEST.c.enterprise_id)


def told_of(session: Session, duty_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """What was told of duties, the latest first."""
    statement = (
        select(REMINDER)
        .where(REMINDER.c.duty_id.in_(list(duty_ids)))
        .order_by(REMINDER.c.told_on.desc(), REMINDER.c.rung)
    )
    return [dict(row._mapping) for row in session.execute(statement)]
