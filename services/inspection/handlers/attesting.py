"""The line of the day: how everything stood, under which rules, sealed to the line before."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from services.chassis import clock, outbox
from services.events.inspection import DayAttested
from services.inspection.model import DayLine
from services.inspection.rules import attestation
from services.inspection.rules.attestation import Fault
from services.inspection.rules.ruling import Ruling
from services.inspection.store import chain, days


class DayRefused(Exception):
    """A day that cannot be evaluated any more: evaluation does not go back in time."""

    code = "day_before_last_evaluated"

    def __init__(self, on: date, stands_on: date) -> None:
        super().__init__(f"{on} 早于最近研判的 {stands_on}; 只能研判 {stands_on} 或以后的日期")
        self.on = on
        self.stands_on = stands_on


def attest(session: Session, ruled: Ruling) -> DayLine:
    """Append the line of the day, unless the last one says the same. Returns the one that holds.

    Raises DayRefused if meanwhile another evaluation has gone on to a later day.
    """
    stands_on = days.lock_standing(session)
    if stands_on is not None and stands_on != ruled.on:
        raise DayRefused(ruled.on, stands_on)
    days.forget_changes(session)  # before counting: what is noted later is not counted yet
    before = chain.last_line(session)
    line = _line(session, ruled, before)
    if before is not None and attestation.says_the_same(before, line):
        return before
    sealed = attestation.seal(line)
    chain.add_line(session, sealed)
    outbox.announce(session, _event(sealed), about=f"day/{sealed.on}")
    return sealed


def verify(session: Session) -> list[Fault]:
    """Recompute the whole chain. Returns what does not hold."""
    return attestation.faults(chain.lines(session))


def _line(session: Session, ruled: Ruling, before: DayLine | None) -> DayLine:
    objects, of_objects, of_duties = chain.counted(session, ruled.on)
    same_day = before is not None and before.on == ruled.on
    return DayLine(
        number=before.number + 1 if before else 1,
        on=ruled.on,
        run=before.run + 1 if before and same_day else 1,
        objects=objects,
        of_objects=of_objects,
        of_duties=of_duties,
        rule_version=ruled.version,
        attested_at=clock.now(),
        previous_hash=before.hash if before else attestation.BEFORE_THE_FIRST,
    )


def _event(line: DayLine) -> DayAttested:
    return DayAttested(
        on=line.on,
        objects=line.objects,
        evaluated=line.evaluated,
        green=line.of_objects.green,
        yellow=line.of_objects.yellow,
        red=line.of_objects.red,
        grey=line.of_objects.grey,
        rule_version=line.rule_version,
        hash=line.hash,
    )
