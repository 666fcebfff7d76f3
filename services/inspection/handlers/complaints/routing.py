"""To another county, into an earlier one about the same thing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting
from services.inspection.handlers.bureaus import bureau_called
from services.inspection.handlers.complaints.keeping import keep, locked, unknown
from services.inspection.model.complaints import Complaint
from services.inspection.rules.complaints import routing
from services.inspection.store import complaints


def transfer(
    session: Session, complaint_id: UUID, *, to: str, because: str, acting: Acting
) -> Complaint:
    """To a bureau that may lie outside the scope: from then on it is not here any more.

    Raises Unknown, NotAllowed.
    """
    complaint = locked(session, complaint_id, acting)
    bureau = bureau_called(to, on=acting.today, policy=acting.policy)
    taken = routing.transfer_complaint(
        complaint,
        to=to,
        bureau=bureau.name,
        because=because,
        today=acting.today,
        policy=acting.policy,
    )
    return keep(session, complaint, taken, acting)


def join(session: Session, complaint_id: UUID, *, into: UUID, acting: Acting) -> Complaint:
    """Into an earlier one, after a person has looked at both. Raises Unknown, NotAllowed."""
    both = {each.complaint_id: each for each in complaints.lock(session, {complaint_id, into})}
    for each in (complaint_id, into):
        if each not in both or not acting.scope.covers(both[each].division):
            raise unknown(each)
    has_joined = bool(complaints.joined_into(session, complaint_id))
    taken = routing.join(both[complaint_id], both[into], has_joined=has_joined)
    return keep(session, both[complaint_id], taken, acting)
