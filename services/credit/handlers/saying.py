"""What is announced of a step."""

from __future__ import annotations

from typing import Any, assert_never

from services.chassis.outbox import Saying
from services.credit.model import (
    Correct,
    Draft,
    Escalate,
    FixTerm,
    Lift,
    Propose,
    Publish,
    Withdraw,
)
from services.credit.store import Change
from services.events.contract import Event
from services.events.credit import (
    BadInformationCorrected,
    BadInformationDrafted,
    BadInformationPublished,
    BadInformationWithdrawn,
    EnterpriseBlacklisted,
    EscalatedTo,
    EscalationLifted,
    EscalationProposed,
    SafetyAlertRaised,
)


def sayings(changes: list[Change]) -> list[Saying]:
    """The announcements of some changes, in order; a step that nobody need hear has none."""
    return [
        Saying(event, f"enterprise/{change.entry.enterprise_id}", change.caused_by)
        for change in changes
        if (event := event_of(change)) is not None
    ]


def event_of(change: Change) -> Event | None:
    """The event that reports a change."""
    about = _about(change)
    match change.step:
        case Draft(on):
            return BadInformationDrafted(
                **about, warning_id=change.entry.warning_id, drafted_on=on
            )
        case Publish(on, _, last_day) | FixTerm(on, last_day, True):
            # said again, with the later day, when the term is found to end later
            return BadInformationPublished(
                **about,
                warning_id=change.entry.warning_id,
                published_on=on,
                last_day_to_correct=last_day,
            )
        case Correct(on, in_time):
            return BadInformationCorrected(**about, corrected_on=on, in_time=in_time)
        case Withdraw(on, because):
            return BadInformationWithdrawn(**about, withdrawn_on=on, reason=because)
        case Escalate() | Propose() | Lift():
            return _escalation(change.step, about)
        case FixTerm():
            return None
        case unhandled:
            assert_never(unhandled)


def _escalation(step: Escalate | Propose | Lift, about: dict[str, Any]) -> Event | None:
    match step:
        case Escalate(on, EscalatedTo.BLACKLIST):
            return EnterpriseBlacklisted(**about, listed_on=on)
        case Escalate(on, EscalatedTo.SAFETY_ALERT):
            return SafetyAlertRaised(**about, raised_on=on)
        case Propose(on, to):
            return EscalationProposed(**about, proposed_on=on, to=to)
        case Lift(proposed=True):
            return None  # the correction or withdrawal that follows says enough inside
        case Lift(on, to, _, because):
            return EscalationLifted(**about, lifted_on=on, what=to, reason=because)
        case Escalate():
            raise ValueError(f"no event reports an escalation to {step.to}")


def _about(change: Change) -> dict[str, Any]:
    return {
        "bad_information_id": change.entry.id,
        "revision": change.revision,
        "enterprise_id": change.entry.enterprise_id,
        "division": change.entry.division,
    }
