"""Steps that change a complaint by one rule and need nothing else: load, decide, keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.complaints import receiving
from services.inspection.handlers.complaints.keeping import keep, locked
from services.inspection.model.complaints import Complaint
from services.inspection.model.procedure import Taken
from services.inspection.rules.complaints import handling, routing

Rule = Callable[..., Taken[Complaint]]

# Of each rule, whether it asks for the day and for the policy.
STEPS: dict[str, tuple[Rule, tuple[str, ...]]] = {
    "acceptance": (handling.accept_complaint, ("today",)),
    "refusal": (handling.refuse_complaint, ("today", "policy")),
    "mediation": (handling.mediate, ("today",)),
    "check": (handling.check_lead, ("today",)),
    "check-extension": (handling.extend_check, ()),
    "answer": (handling.answer_complaint, ("today",)),
    "closing": (handling.close_complaint, ("today",)),
    "reopening": (handling.reopen, ("today",)),
    "separation": (routing.separate, ()),
}


def take(
    session: Session, complaint_id: UUID, step: str, sent: dict[str, Any], *, acting: Acting
) -> Complaint:
    """Take one of these steps with what was sent for it. Raises Unknown, NotAllowed."""
    rule, asks = STEPS[step]
    known: dict[str, date | Policy] = {"today": acting.today, "policy": acting.policy}
    complaint = locked(session, complaint_id, acting)
    taken = rule(complaint, **sent, **{name: known[name] for name in asks})
    return keep(session, complaint, taken, acting)


def identify(
    session: Session, complaint_id: UUID, *, enterprise_id: UUID, acting: Acting
) -> Complaint:
    """Who it is about has been found out. Raises Unknown, NotAllowed."""
    complaint = locked(session, complaint_id, acting)
    found = receiving.enterprise(session, enterprise_id, acting)
    same = enterprise_id == complaint.enterprise_id
    taken = handling.identify(
        complaint,
        enterprise_id=enterprise_id,
        object_id=complaint.object_id if same else None,
        division=found.division,
        name=found.name,
    )
    return keep(session, complaint, taken, acting)
