"""Steps that change a case by one rule and need nothing else: load, decide, keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.cases.keeping import keep, locked
from services.inspection.model.cases import Case
from services.inspection.model.procedure import Taken
from services.inspection.rules.cases import inquiry, notifying, opening, performing

Rule = Callable[..., Taken[Case]]

# Of each rule, whether it asks for the day and for the policy.
STEPS: dict[str, tuple[Rule, tuple[str, ...]]] = {
    "verification-extension": (opening.extend_verify, ("today", "policy")),
    "rejection": (opening.not_file, ("today",)),
    "transfer": (opening.transfer, ("today",)),
    "evidence": (inquiry.take_evidence, ("today", "policy")),
    "exclusion": (inquiry.exclude, ("today", "policy")),
    "extension": (inquiry.extend_decide, ("today", "policy")),
    "review": (inquiry.review, ("today",)),
    "discussion": (inquiry.discuss, ("today",)),
    "notice": (notifying.notify, ("today", "policy")),
    "return": (notifying.return_, ()),
    "statement": (notifying.hear, ("today",)),
    "waiver": (notifying.waive, ("today",)),
    "hearing-request": (notifying.request_hearing, ("today",)),
    "hearing-call": (notifying.call_hearing, ("today", "policy")),
    "hearing": (notifying.hold_hearing, ("today",)),
    "service": (performing.serve, ("today", "policy")),
    "payment": (performing.pay, ("today", "policy")),
    "deferral": (performing.defer, ("today",)),
    "performance": (performing.perform, ("today", "policy")),
    "enforcement": (performing.enforce, ("today",)),
}


def take(
    session: Session, case_id: UUID, step: str, sent: dict[str, Any], *, acting: Acting
) -> Case:
    """Take one of these steps with what was sent for it. Raises Unknown, NotAllowed."""
    rule, asks = STEPS[step]
    known: dict[str, date | Policy] = {"today": acting.today, "policy": acting.policy}
    case = locked(session, case_id, acting)
    taken = rule(case, **sent, **{name: known[name] for name in asks})
    return keep(session, case, taken, acting)[0]
