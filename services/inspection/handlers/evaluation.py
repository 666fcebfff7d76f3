"""A day has come: find what changes colour, raise what turns red, attest.

Only duties whose day has come are touched, in slices of their own transactions. It may run
twice, late, beside another one, and be killed: each due date that passes is raised once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.chassis import clock, outbox, sweeping
from services.chassis.database import Database
from services.chassis.outbox import Saying
from services.chassis.policy import Policy
from services.chassis.sweeping import Sweep
from services.events.inspection import WarningTurnedRed
from services.events.registry import ObjectKind
from services.inspection.handlers import rule_changes, standing
from services.inspection.handlers.attesting import DayRefused, attest
from services.inspection.model import DayLine, Red, warning_id_of
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.ruling import Ruling, endangers_safety, ruling
from services.inspection.store import chain, days, duties, reds, subjects, tallies
from services.inspection.store.duties import Due, Overdue
from services.inspection.store.subjects import Warned

SLICE = 2000
SWEEP = "colours"

log = structlog.get_logger()


@dataclass(frozen=True)
class Turned:
    """What one slice, or a whole run, has changed."""

    changed: int = 0
    turned_red: int = 0

    def __add__(self, other: Turned) -> Turned:
        return Turned(self.changed + other.changed, self.turned_red + other.turned_red)


def evaluate(database: Database, *, on: date, policy: Policy, table: RuleTable) -> DayLine:
    """Bring every colour to a day, and attest it. Returns the line that holds for the day.

    Where nothing has changed since that line, nothing is written. Raises DayRefused for a day
    before the last evaluated one, unless it has a line already, which then holds.
    """
    ruled = ruling(table, policy, on=on)
    with database.reading() as session:
        held = _line_that_holds(session, ruled)
    if held is not None:
        return held
    with database.transaction() as session:
        standing.begin(session, ruled)
        days.go_on_to(session, on)
        run_id = days.start_run(session, on, at=clock.now())
    derived = rule_changes.apply(database, ruled)
    turned = sum(_turn_all(database, ruled, table), Turned())
    with database.transaction() as session:
        line = attest(session, ruled)
        done = {"changed": turned.changed, "turned_red": turned.turned_red}
        days.finish_run(session, run_id, at=clock.now(), **done)
    log.info("day_evaluated", day=on.isoformat(), derived=derived, line=line.number, **done)
    return line


def evaluate_if_due(
    database: Database, *, on: date, policy: Policy, table: RuleTable
) -> DayLine | None:
    """Evaluate a day that has no line yet, or in which changes of colour or rules wait."""
    ruled = ruling(table, policy, on=on)
    with database.reading() as session:
        if not _is_due(session, ruled):
            return None
    return evaluate(database, on=on, policy=policy, table=table)


def _is_due(session: Session, ruled: Ruling) -> bool:
    return (
        days.stands_on(session) != ruled.on
        or chain.last_line(session, on=ruled.on) is None
        or days.applied_version(session) != ruled.version
        or duties.is_waiting(session, ruled.on, without=_resting(session))
        or bool(sweeping.due_again(session, rule_changes.SWEEP))
    )


def _resting(session: Session) -> list[UUID]:
    """Duties that could not be turned: for them alone no day is evaluated again and again."""
    return [UUID(each) for each in sweeping.resting(session, SWEEP)]


def _line_that_holds(session: Session, ruled: Ruling) -> DayLine | None:
    stands_on = days.stands_on(session)
    if stands_on is not None and ruled.on < stands_on:
        held = chain.last_line(session, on=ruled.on)
        if held is None:
            raise DayRefused(ruled.on, stands_on)
        return held
    if _is_due(session, ruled) or not days.is_attested_as_it_is(session):
        return None
    return chain.last_line(session, on=ruled.on)


def _turn_all(database: Database, ruled: Ruling, table: RuleTable) -> Iterator[Turned]:
    """First pass over what others hold locked, then wait for it: nothing may be left."""
    for wait in (False, True):
        yield from _turning(ruled, table, wait=wait).run(database)


def _turning(ruled: Ruling, table: RuleTable, *, wait: bool) -> Sweep[Due, UUID, Turned]:
    def due(session: Session, after: Due | None, without: Collection[UUID]) -> list[Due]:
        since = after.change_on if after else date.min
        return duties.due_for_change(
            session, ruled.on, since=since, limit=SLICE, wait=wait, without=without
        )

    def turned(session: Session, some: Sequence[Due]) -> Turned:
        return _turn(session, [each.duty_id for each in some], ruled, table)

    return Sweep(SWEEP, due, turned, key=lambda each: each.duty_id, read=UUID)


def _turn(
    session: Session, duty_ids: Sequence[UUID], ruled: Ruling, table: RuleTable
) -> Turned:
    duties.lock_objects_of(session, duty_ids)
    with tallies.kept(session, subjects.owing(duty_ids)):
        changed = duties.recolour(session, duty_ids, ruled.on)
        subjects.show_worst(session, duty_ids)
    turned_red = _raise_reds(session, duties.overdue(session, duty_ids), ruled, table)
    days.note_change(session)
    return Turned(changed, turned_red)


def _raise_reds(
    session: Session, overdue: Sequence[Overdue], ruled: Ruling, table: RuleTable
) -> int:
    """到期未检,预警转红: one warning for each due date that has passed."""
    if not overdue:
        return 0
    known = subjects.warned(session, {duty.object_id for duty in overdue})
    reds_now = [_red(duty, known[duty.object_id], ruled, table) for duty in overdue]
    raised = reds.raise_new(session, reds_now, on=ruled.on)
    return outbox.announce_all(session, map(_saying, raised))


def _red(duty: Overdue, of: Warned, ruled: Ruling, table: RuleTable) -> Red:
    kind = ObjectKind(of.kind)
    rule = table.wording(duty.rule_id) if duty.rule_id else None
    return Red(
        warning_id=warning_id_of(duty.duty_id, duty.due_on),
        revision=outbox.revision_after(None),
        duty_id=duty.duty_id,
        object_id=duty.object_id,
        enterprise_id=of.enterprise_id,
        division=of.division,
        kind=kind,
        label=of.label,
        duty=duty.duty,
        was_due_on=duty.due_on,
        turned_red_on=duty.red_on,
        endangers_safety=endangers_safety(rule, kind, ruled),
        done_on=duty.done_on,
        basis=duty.basis,
        rule_id=duty.rule_id,
        facts_heard_in=of.heard_in,
    )


def _saying(red: Red) -> Saying:
    event = WarningTurnedRed(
        warning_id=red.warning_id,
        revision=red.revision,
        enterprise_id=red.enterprise_id,
        division=red.division,
        object_id=red.object_id,
        object_kind=red.kind,
        object_label=red.label,
        duty=red.duty,
        was_due_on=red.was_due_on,
        turned_red_on=red.turned_red_on,
        endangers_safety=red.endangers_safety,
    )
    return Saying(event, f"warning/{red.warning_id}", red.facts_heard_in)
