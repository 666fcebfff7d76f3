"""Who sent a complaint: masked, or in full for a purpose that stays on file."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.masking import masked_name, masked_phone
from services.chassis.sealing import Seals
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.complaints.keeping import keep, locked
from services.inspection.model.procedure import Act, Taken
from services.inspection.store import complaints

_MASKS = {"name": masked_name, "phone": masked_phone}


def masked(session: Session, complaint_id: UUID, seals: Seals) -> dict[str, str | None]:
    """王*, 138****5678; None where nothing was left."""
    whole = _whole(session, complaint_id, seals)
    return {
        name: mask(whole[name]) if whole.get(name) else None for name, mask in _MASKS.items()
    }


def reveal(
    session: Session, complaint_id: UUID, *, purpose: str, seals: Seals, acting: Acting
) -> dict[str, str]:
    """Name and telephone in full; the file says who looked, when and what for.

    Raises Unknown.
    """
    complaint = locked(session, complaint_id, acting)
    act = Act(
        what="reveal",
        rule="reveal",
        words=f"查看投诉举报人完整信息, 用途: {purpose}",
        particulars={"purpose": purpose},
    )
    keep(session, complaint, Taken(complaint, (act,)), acting)
    return _whole(session, complaint_id, seals)


def _whole(session: Session, complaint_id: UUID, seals: Seals) -> dict[str, str]:
    sealed = complaints.sender_of(session, complaint_id).sealed
    whole: dict[str, str] = json.loads(seals.open(sealed)) if sealed else {}
    return whole
