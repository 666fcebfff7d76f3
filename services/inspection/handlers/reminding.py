"""Rungs of the reminder ladder that are reached, and digests of what is long overdue.

The sweep reads only duties whose day has come. It may run twice, late, beside another one: a
rung is told once for each due date, and what was missed for a week is told once, by its last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.chassis import outbox, sweeping
from services.chassis.database import Database
from services.chassis.outbox import Saying
from services.chassis.policy import Policy
from services.chassis.sweeping import Sweep
from services.events.inspection import DutyReminderDue, OverdueDigestDue
from services.events.registry import ObjectKind
from services.inspection.rules import reminders as rules
from services.inspection.rules.months import days_later
from services.inspection.rules.reminders import Ladder, Step
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.words import apply_by
from services.inspection.store import days, reminders
from services.inspection.store.reminders import Coming, LongOverdue

SLICE = 2000

log = structlog.get_logger()


@dataclass(frozen=True)
class Reminded:
    """What one slice, or a whole sweep, has told."""

    reminders: int = 0
    digests: int = 0

    def __add__(self, other: Reminded) -> Reminded:
        return Reminded(self.reminders + other.reminders, self.digests + other.digests)


def remind(database: Database, *, on: date, policy: Policy, table: RuleTable) -> Reminded:
    """Tell what the ladders of all duties say on the day that everything stands for."""
    with database.reading() as session:
        if days.stands_on(session) != on:
            return Reminded()
    ladder = rules.ladder(policy, on=on)
    told = sum(_sweep(on, ladder, table).run(database), Reminded())
    if told != Reminded():
        log.info("reminded", day=on.isoformat(), **vars(told))
    return told


def _sweep(on: date, ladder: Ladder, table: RuleTable) -> Sweep[UUID, UUID, Reminded]:
    def due(session: Session, _after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return reminders.due(session, on, limit=SLICE, without=without)

    def told_of(session: Session, some: Sequence[UUID]) -> Reminded:
        coming = reminders.coming(session, on, some)
        steps = {
            each.duty_id: rules.step(each.due_on, each.yellow_on, ladder, today=on)
            for each in coming
        }
        digested, again_on = _digest(session, coming, steps, on, ladder)
        reminders.look_again(
            session,
            {key: again_on.get(key, each.next_on) for key, each in steps.items()},
        )
        return Reminded(_tell(session, coming, steps, on, table), digested)

    return sweeping.by_id("reminders", due, told_of)


def _tell(
    session: Session,
    coming: Sequence[Coming],
    steps: dict[UUID, Step],
    on: date,
    table: RuleTable,
) -> int:
    rungs = {
        each.duty_id: (each.due_on, rung)
        for each in coming
        if (rung := steps[each.duty_id].rung) is not None
    }
    new = reminders.note(session, rungs, on=on)
    return outbox.announce_all(
        session,
        (
            _saying(each, rungs[each.duty_id][1], on, table)
            for each in coming
            if each.duty_id in new
        ),
    )


def _digest(
    session: Session,
    coming: Sequence[Coming],
    steps: dict[UUID, Step],
    on: date,
    ladder: Ladder,
) -> tuple[int, dict[UUID, date]]:
    """One digest for each enterprise. Returns their number, and when duties are due again."""
    overdue = {
        each.duty_id: each.enterprise_id for each in coming if steps[each.duty_id].digest
    }
    last = reminders.last_digests(session, set(overdue.values()))
    due = {
        enterprise_id
        for enterprise_id in overdue.values()
        if enterprise_id not in last
        or days_later(last[enterprise_id], ladder.digest_days) <= on
    }
    again_on = {
        duty_id: days_later(last[enterprise_id], ladder.digest_days)
        for duty_id, enterprise_id in overdue.items()
        if enterprise_id not in due
    }
    since = rules.is_long_overdue_since(ladder, today=on)
    digests = reminders.long_overdue(session, due, since=since)
    revision = outbox.revision_after(None)
    new = reminders.note_digests(session, digests, on=on, revision=revision)
    told = [_digest_saying(each, on, revision) for each in digests if each.enterprise_id in new]
    return outbox.announce_all(session, told), again_on


def _saying(coming: Coming, rung: int, on: date, table: RuleTable) -> Saying:
    event = DutyReminderDue(
        duty_id=coming.duty_id,
        revision=outbox.revision_after(None),
        enterprise_id=coming.enterprise_id,
        division=coming.division,
        object_id=coming.object_id,
        object_kind=coming.kind,
        class_code=coming.class_code,
        object_label=None if coming.kind is ObjectKind.OPERATOR else coming.label,
        duty=coming.duty,
        due_on=coming.due_on,
        rung=rung,
        told_on=on,
        apply_by_on=apply_by(
            table.wording(coming.rule_id) if coming.rule_id else None, coming.due_on
        ),
    )
    return Saying(event, f"duty/{coming.duty_id}")


def _digest_saying(digest: LongOverdue, on: date, revision: int) -> Saying:
    event = OverdueDigestDue(
        enterprise_id=digest.enterprise_id,
        revision=revision,
        division=digest.division,
        told_on=on,
        duties=digest.duties,
        objects=digest.objects,
        oldest_due_on=digest.oldest_due_on,
    )
    return Saying(event, f"enterprise/{digest.enterprise_id}")
