"""Answers to writes, kept under the key by which their caller may ask again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import insert_new
from services.chassis.tables import AnswerRow


@dataclass(frozen=True)
class Answer:
    """What was asked (a digest), and what was said to it."""

    asked: str
    status: int
    said: str


def claim(session: Session, key: str, *, asked: str) -> Answer | None:
    """Take a key for this transaction; the answer that was given under it, if one was.

    Of two calls at the same moment one waits for the other's transaction.
    """
    row = {"key": key, "asked": asked, "status": 0, "said": "", "answered_at": clock.now()}
    if insert_new(session, AnswerRow.__table__, [row], returning=AnswerRow.key):
        return None
    kept = select(AnswerRow.asked, AnswerRow.status, AnswerRow.said).where(AnswerRow.key == key)
    return Answer(*session.execute(kept).one())


def keep(session: Session, key: str, *, status: int, said: str) -> None:
    """The answer, beside what it speaks of: both commit together."""
    answered = update(AnswerRow).where(AnswerRow.key == key)
    session.execute(answered.values(status=status, said=said))


def forget(session: Session, *, older_than_days: int) -> int:
    """Delete what was answered long ago. Returns how many."""
    before = clock.now() - timedelta(days=older_than_days)
    gone = session.execute(delete(AnswerRow).where(AnswerRow.answered_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]
