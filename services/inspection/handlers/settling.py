"""Brings the duties and warnings of objects in line with their facts and the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import aliases, outbox
from services.chassis.outbox import Saying
from services.events.inspection import ClearedBy, WarningCleared
from services.events.registry import ObjectRecorded, ObjectStatus
from services.inspection.model import Colour, Duty, Red, Stop
from services.inspection.rules import closing, duties as duty_rules
from services.inspection.rules.ruling import Ruling, as_recorded, worst
from services.inspection.rules.visits.confirmed import effective
from services.inspection.store import confirmed, duties, reds, stops
from services.inspection.store.reds import Clearing

Owed = Mapping[UUID, Sequence[Duty]]


@dataclass(frozen=True)
class Change:
    """An object's facts as they now are, and the message that changed them, if one did."""

    facts: ObjectRecorded
    heard_in: UUID | None


def settle_new(
    session: Session,
    facts: Sequence[ObjectRecorded],
    owed: Owed,
    ruling: Ruling,
    *,
    today: date,
) -> None:
    """Write what objects owe that nobody has heard of before: they have no warnings yet."""
    stopped = [each.object_id for each in facts if each.status is ObjectStatus.STOPPED]
    if stopped:
        stops.begin(session, dict.fromkeys(stopped, today))
    standings = (
        (each, as_recorded(duty, on=ruling.on, red=()))
        for each in facts
        for duty in owed[each.object_id]
    )
    duties.write(session, standings)


def settle_known(
    session: Session, changes: Sequence[Change], ruling: Ruling, *, today: date
) -> dict[UUID, Colour]:
    """Write what objects owe now and clear what is over. They are locked.

    What officers confirmed counts beside what was heard. Returns the worst colour of each.
    """
    changes = _with_what_was_confirmed(session, changes)
    facts = {change.facts.object_id: change.facts for change in changes}
    stopped = _stops(session, facts, today)
    owed = {key: ruling.owed(each, stopped.get(key)) for key, each in facts.items()}
    standing = reds.standing(session, list(facts))
    concerned = [change.facts.enterprise_id for change in changes]
    concerned += [red.enterprise_id for red in standing]
    roots = aliases.roots(session, concerned)
    clearings = list(_clearings(standing, changes, owed, roots, today))
    cleared = {clearing.red.warning_id for clearing in clearings}
    red = {each.warning_id for each in standing} - cleared
    standings = {
        object_id: [as_recorded(duty, on=ruling.on, red=red) for duty in owed[object_id]]
        for object_id in facts
    }
    duties.write(session, [(facts[key], each) for key in facts for each in standings[key]])
    kept = [duty.duty_id for each in owed.values() for duty in each]
    duties.forget_others(session, list(facts), kept)
    _follow(session, [each for each in standing if each.warning_id in red], facts)
    _clear(session, clearings)
    return {object_id: worst(each) for object_id, each in standings.items()}


def _with_what_was_confirmed(session: Session, changes: Sequence[Change]) -> list[Change]:
    known = confirmed.of(session, [change.facts.object_id for change in changes])
    return [
        Change(effective(change.facts, known.get(change.facts.object_id)), change.heard_in)
        for change in changes
    ]


def _stops(
    session: Session, facts: Mapping[UUID, ObjectRecorded], today: date
) -> dict[UUID, Stop]:
    """Note who is stopped or in use again since today, unless it is noted since earlier."""
    stops.begin(
        session,
        {key: today for key, each in facts.items() if each.status is ObjectStatus.STOPPED},
    )
    in_use = [key for key, each in facts.items() if duty_rules.in_service(each)]
    stops.end(session, dict.fromkeys(in_use, today))
    return stops.of(session, list(facts))


def _clearings(
    standing: Sequence[Red],
    changes: Sequence[Change],
    owed: Owed,
    roots: Mapping[UUID, UUID],
    today: date,
) -> Iterator[Clearing]:
    by_object = {change.facts.object_id: change for change in changes}
    for red in standing:
        change = by_object[red.object_id]
        duty = next((d for d in owed[red.object_id] if d.duty_id == red.duty_id), None)
        cleared_by = closing.clears(
            was_due_on=red.was_due_on,
            done_before_on=red.done_on,
            in_service=duty_rules.in_service(change.facts)
            and roots[change.facts.enterprise_id] == roots[red.enterprise_id],
            done_on=duty.done_on if duty else None,
            due_on=duty.due_on if duty else None,
        )
        if cleared_by is not None:
            yield Clearing(
                red=red,
                revision=outbox.revision_after(red.revision),
                cleared_on=_cleared_on(cleared_by, duty, today),
                cleared_by=cleared_by,
                cleared_in=change.heard_in,
            )


def _cleared_on(cleared_by: ClearedBy, duty: Duty | None, today: date) -> date:
    """已检验的,以检验合格日期为准; 其他以平台得知之日为准."""
    if cleared_by is ClearedBy.DONE and duty is not None and duty.done_on is not None:
        return min(duty.done_on, today)
    return today


def _follow(session: Session, red: Sequence[Red], facts: Mapping[UUID, ObjectRecorded]) -> None:
    moved = {
        each.warning_id: facts[each.object_id].division
        for each in red
        if facts[each.object_id].division != each.division
    }
    reds.move(session, moved)


def _clear(session: Session, clearings: Sequence[Clearing]) -> None:
    reds.clear(session, clearings)
    outbox.announce_all(session, (_saying(clearing) for clearing in clearings))


def _saying(clearing: Clearing) -> Saying:
    red = clearing.red
    event = WarningCleared(
        warning_id=red.warning_id,
        revision=clearing.revision,
        enterprise_id=red.enterprise_id,
        division=red.division,
        cleared_on=clearing.cleared_on,
        cleared_by=clearing.cleared_by,
    )
    return Saying(event, f"warning/{red.warning_id}", clearing.cleared_in)
