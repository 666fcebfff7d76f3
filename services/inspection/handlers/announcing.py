"""What is said of an order, of a refusal and of a case, and what it is said about."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.events.inspection import (
    CaseClosed,
    CaseDecided,
    CaseFiled,
    CaseTermNear,
    DecisionChanged,
    OrderClosed,
    OrderExtended,
    OrderIssued,
    OrderOverdue,
    RefusalRecorded,
    RefusalWithdrawn,
)

OfOrder = OrderIssued | OrderExtended | OrderOverdue | OrderClosed
OfRefusal = RefusalRecorded | RefusalWithdrawn
OfCase = CaseFiled | CaseTermNear | CaseDecided | CaseClosed | DecisionChanged


def say(
    session: Session, event: OfOrder | OfRefusal | OfCase, *, caused_by: UUID | None = None
) -> UUID:
    """Announce it in the transaction of the change. Returns the id of the envelope."""
    return outbox.announce(session, event, about=_about(event), caused_by=caused_by)


def _about(event: OfOrder | OfRefusal | OfCase) -> str:
    if isinstance(event, OfOrder):
        return f"order/{event.order_id}"
    if isinstance(event, OfRefusal):
        return f"refusal/{event.refusal_id}"
    return f"case/{event.case_id}"
