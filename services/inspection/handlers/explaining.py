"""Why an object, a duty or a warning stands as it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.events.registry import DutyKind, ObjectRecorded
from services.inspection.handlers.standing import shown_ruling
from services.inspection.model import Colour, Explanation, RaisedWarning
from services.inspection.rules import bookings as booking_rules, words
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.ruling import Ruling
from services.inspection.rules.visits.confirmed import effective
from services.inspection.store import (
    bookings,
    confirmed,
    duties,
    hand_reminders,
    listing,
    reds,
    reminders,
    stops,
    subjects,
)
from services.inspection.store.subjects import Subject


@dataclass(frozen=True)
class ExplainedDuty:
    """One duty of an object, and why it has its colour.

    shown              the colour that counts and lists show
    awaits_evaluation  overdue as recorded, but the evaluation has not come to it yet
    """

    duty_id: UUID
    duty: DutyKind
    shown: Colour
    awaits_evaluation: bool
    explanation: Explanation


@dataclass(frozen=True)
class ExplainedObject:
    """An object as last heard, its duties and its warnings.

    facts             as heard, with what officers confirmed beside it
    colour            as the last evaluation left it
    stands_on         the day that this colour and the explanations stand for
    accepted_records  passing records that officers accepted
    """

    facts: ObjectRecorded
    heard_in: UUID
    colour: Colour
    stands_on: date
    duties: Sequence[ExplainedDuty]
    warnings: Sequence[dict[str, Any]]
    accepted_records: Sequence[dict[str, Any]]
    reminders: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Cause:
    """A message that the present state comes from."""

    what: str
    message_id: UUID


@dataclass(frozen=True)
class ExplainedWarning:
    """A warning, why it turned red, what became of it, which messages it comes from."""

    raised: RaisedWarning
    sentences: Sequence[str]
    now: Explanation | None
    causes: Sequence[Cause]


def an_object(
    session: Session, object_id: UUID, *, today: date, policy: Policy, table: RuleTable
) -> ExplainedObject | None:
    """An object with all its duties; None: it is not known."""
    subject = subjects.get(session, [object_id]).get(object_id)
    if subject is None:
        return None
    ruled = shown_ruling(session, today=today, policy=policy, table=table)
    explained = _duties(session, subject, ruled, today=today)
    return ExplainedObject(
        facts=_effective(session, subject),
        heard_in=subject.heard_in,
        colour=subject.colour,
        stands_on=ruled.on,
        duties=explained,
        warnings=listing.warnings_of(session, object_id),
        accepted_records=confirmed.records_of(session, object_id),
        reminders=_reminders(session, [each.duty_id for each in explained]),
    )


def warning(
    session: Session, warning_id: UUID, *, today: date, policy: Policy, table: RuleTable
) -> ExplainedWarning | None:
    """One warning; None: there is none of this id."""
    raised = reds.get(session, warning_id)
    if raised is None:
        return None
    subject = subjects.get(session, [raised.red.object_id])[raised.red.object_id]
    ruled = shown_ruling(session, today=today, policy=policy, table=table)
    explained = _duties(session, subject, ruled, today=today)
    now = {each.duty_id: each.explanation for each in explained}
    causes = [Cause("facts_heard", raised.red.facts_heard_in)]
    if raised.cleared_in is not None:
        causes.append(Cause("cleared", raised.cleared_in))
    rule = table.wording(raised.red.rule_id) if raised.red.rule_id else None
    return ExplainedWarning(
        raised=raised,
        sentences=words.explain_warning(raised, rule),
        now=now.get(raised.red.duty_id),
        causes=causes,
    )


def _duties(
    session: Session, subject: Subject, ruled: Ruling, *, today: date
) -> list[ExplainedDuty]:
    shown = duties.colours(session, subject.facts.object_id)
    facts = _effective(session, subject)
    found = []
    stop = stops.of(session, [facts.object_id]).get(facts.object_id)
    booked = bookings.of_object(session, facts.object_id)
    for duty in ruled.owed(facts, stop):
        told = words.explain(duty, facts, today=ruled.on, terms=ruled.terms)
        here = shown.get(duty.duty_id, told.colour)
        awaits = here is not told.colour
        of_duty = [each for each in booked if each.duty is duty.duty]
        told = booking_rules.beside(told, of_duty, today=today)
        found.append(ExplainedDuty(duty.duty_id, duty.duty, here, awaits, told))
    return found


def _reminders(session: Session, duty_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """By the ladder and by hand (without a rung), the latest first."""
    by_hand = [each | {"rung": None} for each in hand_reminders.told_of(session, duty_ids)]
    both = [*by_hand, *reminders.told_of(session, duty_ids)]
    return sorted(both, key=lambda each: each["told_on"], reverse=True)


def _effective(session: Session, subject: Subject) -> ObjectRecorded:
    known = confirmed.of(session, [subject.facts.object_id])
    return effective(subject.facts, known.get(subject.facts.object_id))
