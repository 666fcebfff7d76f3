"""Whether a checked lead becomes a case: decided by a chief, opened like any other case."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting
from services.inspection.handlers.cases import opening
from services.inspection.handlers.cases.opening import Clue
from services.inspection.handlers.complaints.keeping import keep, locked
from services.inspection.model.complaints import Complaint
from services.inspection.rules.complaints import handling


def open_case(
    session: Session,
    complaint_id: UUID,
    *,
    matter: str,
    officers: Sequence[str],
    acting: Acting,
) -> Complaint:
    """Open and file a case; it tells what was found out, nothing of who sent the complaint.

    Raises Unknown, NotAllowed.
    """
    complaint = locked(session, complaint_id, acting)
    clue = Clue(
        enterprise_id=handling.may_open_case(complaint),
        origin=handling.origin_of(complaint),
        matter=matter,
        description=complaint.finding or "",
        object_ids=(complaint.object_id,) if complaint.object_id else (),
    )
    case = opening.open_clue(session, clue, bureau=None, acting=acting)
    case = opening.file(session, case.case_id, officers=officers, acting=acting)
    taken = handling.open_case_of(
        complaint, case_id=case.case_id, number=case.number or "", today=acting.today
    )
    return keep(session, complaint, taken, acting)


def no_case(session: Session, complaint_id: UUID, *, because: str, acting: Acting) -> Complaint:
    """No case is opened, with the reason. Raises Unknown, NotAllowed."""
    complaint = locked(session, complaint_id, acting)
    taken = handling.no_case(complaint, because=because, today=acting.today)
    return keep(session, complaint, taken, acting)
