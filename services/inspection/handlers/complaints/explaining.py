"""A complaint as it is shown to the bureau, and to whoever sent it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.sealing import Seals
from services.inspection.handlers import procedure
from services.inspection.handlers.acting import EVERYWHERE, Acting
from services.inspection.handlers.bureaus import bureaus
from services.inspection.handlers.complaints import revealing
from services.inspection.handlers.complaints.keeping import unknown
from services.inspection.model.complaints import Complaint
from services.inspection.model.points import Point
from services.inspection.rules import points
from services.inspection.rules.complaints import handling, likeness
from services.inspection.rules.complaints.table import STATES, STEPS, possible
from services.inspection.rules.complaints.terms import WORDS
from services.inspection.rules.points import Bounds
from services.inspection.store import complaints

_INWARD = frozenset({"acts", "clock_since"})
_OF_RECEIPT = ("number", "kind", "target", "received_on", "accepted_on", "answer")


def found(session: Session, complaint_id: UUID, acting: Acting) -> Complaint:
    """A complaint within the scope. Raises Unknown."""
    complaint = complaints.find(session, complaint_id, scope=acting.scope)
    if complaint is None:
        raise unknown(complaint_id)
    return complaint


def bounds(acting: Acting) -> Bounds:
    """Where the colours of the information point begin today."""
    setting = points.settings(acting.policy, on=acting.today)[Point.COMPLAINTS]
    return points.bounds(setting, today=acting.today)


def shown(complaint: Complaint, acting: Acting) -> dict[str, Any]:
    """As the API answers it; its colour is that of the information point, today."""
    facts = {name: value for name, value in asdict(complaint).items() if name not in _INWARD}
    return facts | {
        "state_label": STATES[complaint.state],
        "term_label": WORDS[complaint.term] if complaint.term else None,
        "colour": points.colour_of(complaint.last_day, bounds(acting)),
    }


def explained(
    session: Session, complaint_id: UUID, acting: Acting, seals: Seals
) -> dict[str, Any]:
    """With its sender masked, every step, what can be done, and what is like it."""
    complaint = found(session, complaint_id, acting)
    into = complaint.joined_into
    main = complaints.find(session, into, scope=acting.scope) if into else None
    joined = complaints.joined_into(session, complaint_id)
    return {
        **shown(complaint, acting),
        "sender": revealing.masked(session, complaint_id, seals),
        "joined_number": main.number if main else None,
        "joined": [_named(each) for each in _all(session, joined, acting)],
        "alike": _alike(session, complaint, acting),
        "grounds": handling.grounds(acting.policy, on=acting.today),
        "steps": procedure.steps(session, complaint_id, acting.policy),
        "open_steps": [
            {"step": step.value, "label": STEPS[step]} for step in possible(complaint)
        ],
    }


def receipt(session: Session, complaint: Complaint, acting: Acting) -> dict[str, Any]:
    """What whoever sent it may know: how it stands, until when, the answer; no officer's name."""
    into = complaint.joined_into
    main = complaints.find(session, into, scope=EVERYWHERE) if into else None
    stands = main if main and not complaint.answered_on else complaint
    bureau = bureaus(acting.policy, on=acting.today).get(complaint.division)
    return {
        **{name: getattr(complaint, name) for name in _OF_RECEIPT},
        "state": stands.state,
        "term": stands.term,
        "last_day": stands.last_day,
        "joined": into is not None,
        "answered_on": complaint.answered_on,
        "case_opened": complaint.case_id is not None,
        "bureau": bureau.name if bureau else complaint.division,
        "may_reopen": complaint.answered_on is not None and complaint.reopened_on is None,
    }


def _alike(session: Session, complaint: Complaint, acting: Acting) -> list[dict[str, Any]]:
    since = likeness.looked_back_to(complaint, policy=acting.policy)
    person = complaints.sender_of(session, complaint.complaint_id).person_hash
    earlier = complaints.earlier(session, complaint, since=since, scope=acting.scope)
    return [
        _named(each.complaint) | {"percent": each.percent, "same_person": each.same_person}
        for each in likeness.alike(complaint, person, earlier, policy=acting.policy)
    ]


def _all(session: Session, ids: list[UUID], acting: Acting) -> list[Complaint]:
    each = (complaints.find(session, one, scope=acting.scope) for one in ids)
    return [one for one in each if one]


def _named(complaint: Complaint) -> dict[str, Any]:
    names = ("complaint_id", "number", "state", "received_on", "target", "words")
    return {name: getattr(complaint, name) for name in names}
