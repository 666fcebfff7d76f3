"""Messages that could not be handled: kept with their reason, tried again, shown to a person.

Nothing waits in the broker for this: a delayed retry is a row whose time has come. Where a
service seals what is personal, a parked message is sealed whole: nobody has read what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, false, func, or_, select, true, update
from sqlalchemy.orm import Session

from services.chassis import clock, envelope
from services.chassis.sealing import Seals
from services.chassis.tables import ParkedRow, minute_of
from services.events.contract import ContractBroken

# Pauses before the first, second ... try of a handler that failed; then a person looks.
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
)

SEALED = "sealed:"
HIDDEN = "(已加密保存,可以重新处理 · kept sealed; it can be replayed)"
_DIGITS = 32


@dataclass(frozen=True)
class Parked:
    """One parked message."""

    id: UUID
    heard_by: str
    message_id: UUID | None
    type: str | None
    message: str
    reason: str
    attempts: int
    parked_at: datetime
    next_try_at: datetime | None


def park(
    session: Session,
    message: str | bytes,
    error: BaseException,
    *,
    heard_by: str,
    seals: Seals | None = None,
) -> UUID:
    """Keep a message that *heard_by* could not handle. Returns its parking number.

    One that is parked already, and was delivered again, stays parked once.
    """
    known = envelope.outside(message)
    text = message if isinstance(message, str) else message.decode("utf-8", "backslashreplace")
    text = _storable(text)
    same = text if seals is None else _sealed_as(text)
    if already := _already(session, known.id, same, heard_by):
        return already
    row = ParkedRow(
        id=uuid4(),
        heard_by=heard_by,
        message_id=known.id,
        type=_storable(known.type)[:100] if known.type else None,
        message=text if seals is None else f"{same}{seals.seal(text)}",
        reason=reason_of(error),
        attempts=0,
        minute=minute_of(known.happened_at) if known.happened_at else None,
        parked_at=clock.now(),
        next_try_at=_next_try(error, 0),
    )
    session.add(row)
    session.flush()
    return row.id


def _already(
    session: Session, message_id: UUID | None, text: str, heard_by: str
) -> UUID | None:
    """The same message: the same id, or, where none can be read, the same words."""
    sealed = ParkedRow.message.startswith(text) if text.startswith(SEALED) else false()
    same = or_(ParkedRow.message == text, sealed) if message_id is None else true()
    query = select(ParkedRow.id).where(ParkedRow.message_id.is_not_distinct_from(message_id))
    return session.scalar(query.where(same, ParkedRow.heard_by == heard_by).limit(1))


def opened(message: str, seals: Seals | None) -> str:
    """The message as it came. Raises KeysBroken if its key is gone."""
    if seals is None or not message.startswith(SEALED):
        return message
    return seals.open(message[len(SEALED) + _DIGITS + 1 :])


def as_shown(parked: Parked) -> Parked:
    """For people and lists: what is sealed stays so."""
    return replace(parked, message=HIDDEN) if parked.message.startswith(SEALED) else parked


def renew(session: Session, seals: Seals, *, limit: int) -> int:
    """Seal up to *limit* messages again that lie under an old key. Returns how many were."""
    skip = len(SEALED) + _DIGITS + 2  # SQL counts from 1
    under = func.substr(ParkedRow.message, skip, len(seals.mark))
    old = select(ParkedRow).where(ParkedRow.message.startswith(SEALED), under != seals.mark)
    found = session.scalars(old.limit(limit).with_for_update()).all()
    for row in found:
        text = opened(row.message, seals)
        row.message = f"{_sealed_as(text)}{seals.seal(text)}"
    session.flush()
    return len(found)


def _sealed_as(text: str) -> str:
    """How a sealed message begins: two of the same words begin alike."""
    return f"{SEALED}{sha256(text.encode()).hexdigest()[:_DIGITS]}:"


def failed_again(session: Session, parked_id: UUID, error: BaseException) -> None:
    """A further try failed: note why, and when the next one is."""
    row = session.get(ParkedRow, parked_id)
    if row is not None:
        row.attempts += 1
        row.reason = reason_of(error)
        row.next_try_at = _next_try(error, row.attempts)


def take(session: Session, parked_id: UUID) -> Parked | None:
    """One message, locked until the end of the transaction; None if it is gone or being tried."""
    query = select(ParkedRow).where(ParkedRow.id == parked_id).with_for_update(skip_locked=True)
    row = session.scalars(query).one_or_none()
    return _parked(row) if row else None


def release(session: Session, parked_id: UUID) -> None:
    """It has been handled."""
    session.execute(delete(ParkedRow).where(ParkedRow.id == parked_id))


def hold(session: Session, parked_id: UUID) -> None:
    """No more tries by itself: a person must look at it."""
    session.execute(update(ParkedRow).where(ParkedRow.id == parked_id).values(next_try_at=None))


def due(session: Session, *, limit: int = 200) -> list[Parked]:
    """Those whose next try has come."""
    query = select(ParkedRow).where(ParkedRow.next_try_at <= clock.now())
    return [
        _parked(row)
        for row in session.scalars(query.order_by(ParkedRow.parked_at).limit(limit))
    ]


def listed(session: Session, *, limit: int = 1000) -> Sequence[Parked]:
    """All of them, the oldest first."""
    query = select(ParkedRow).order_by(ParkedRow.parked_at, ParkedRow.id).limit(limit)
    return [_parked(row) for row in session.scalars(query)]


def show(session: Session, parked_id: UUID) -> Parked | None:
    row = session.get(ParkedRow, parked_id)
    return _parked(row) if row else None


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ParkedRow)) or 0


def count_due(session: Session) -> int:
    """How many are to be tried again right now."""
    return session.scalar(select(func.count()).where(ParkedRow.next_try_at <= clock.now())) or 0


def _storable(text: str) -> str:
    """What no database keeps (NUL, half a character), written out: parking must not fail."""
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return whole.replace("\x00", "\\x00")


def reason_of(error: BaseException) -> str:
    """What went wrong, as it is kept."""
    return _storable(f"{type(error).__name__}: {error}")[:4000]


def _next_try(error: BaseException, attempts: int) -> datetime | None:
    """A message that breaks the contract will not mend itself."""
    if isinstance(error, ContractBroken) or attempts >= len(PAUSES):
        return None
    return clock.now() + PAUSES[attempts]


def _parked(row: ParkedRow) -> Parked:
    columns: dict[str, Any] = {f.name: getattr(row, f.name) for f in fields(Parked)}
    return Parked(**columns)
