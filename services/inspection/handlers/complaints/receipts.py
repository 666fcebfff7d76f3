"""查询凭证 — the number and the secret with which whoever sent a complaint asks how it stands.

The secret is made out of the complaint's id with the installation's key, so that an answer
that was lost can be given again without the secret lying anywhere; kept is its hash alone.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.sealing import Seals
from services.inspection.handlers.acting import EVERYWHERE, Unknown
from services.inspection.model.complaints import Complaint
from services.inspection.store import complaints

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that are taken for another
_LENGTH = 12
_GROUP = 4


def code_of(seals: Seals, complaint_id: UUID) -> str:
    """The secret, in groups that can be read over a telephone."""
    number = int(seals.hash(f"receipt of complaint {complaint_id}"), 16)
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    word = "".join(letters)
    return "-".join(word[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def hash_of(number: str, code: str) -> str:
    """What is kept of a secret: 60 random bits need no salt."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(f"{number} {plain}".encode()).hexdigest()


def opened(session: Session, number: str, code: str) -> Complaint:
    """The complaint that a number and its secret belong to.

    A wrong secret and a number that does not exist are answered alike. Raises Unknown.
    """
    number = number.strip().upper()
    known = complaints.by_number(session, number)
    right = hmac.compare_digest(hash_of(number, code), known[1] if known else "")
    found = complaints.find(session, known[0], scope=EVERYWHERE) if known and right else None
    if found is None:
        raise Unknown(
            "no_such_receipt", "编号或者查询码不正确。请核对登记时给出的编号和查询码。"
        )
    return found
