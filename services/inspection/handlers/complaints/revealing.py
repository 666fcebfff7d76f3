"""Who sent a complaint: masked, or in full for a purpose that stays on file."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.masking import masked_name, masked_phone
from services.chassis.sealing import Seals
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.complaints.keeping import keep, locked
from services.inspection.rules.complaints import intake
from services.inspection.rules.complaints.intake import Person
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
    keep(session, complaint, intake.reveal(complaint, purpose=purpose), acting)
    return _whole(session, complaint_id, seals)


def sealed(person: Person, seals: Seals) -> tuple[str | None, str | None]:
    """As it is kept: sealed whole, and a hash that finds the same telephone again."""
    if person.anonymous:
        return None, None
    digits = re.sub(r"\D", "", person.phone)
    whole = json.dumps(asdict(person), ensure_ascii=False)
    return seals.seal(whole), seals.hash(digits) if digits else None


def renew(session: Session, seals: Seals, *, limit: int) -> int:
    """Seal up to *limit* again under the first key. Returns how many were."""
    old = complaints.sealed_before(session, seals, limit=limit)
    for complaint_id, word in old.items():
        again, person_hash = sealed(Person(**json.loads(seals.open(word))), seals)
        complaints.reseal(session, complaint_id, sealed=again, person_hash=person_hash)
    return len(old)


def _whole(session: Session, complaint_id: UUID, seals: Seals) -> dict[str, str]:
    word = complaints.sender_of(session, complaint_id).sealed
    whole: dict[str, str] = json.loads(seals.open(word)) if word else {}
    return whole
