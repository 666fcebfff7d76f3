"""Events waiting to leave, written in the same transaction as the change they report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.chassis import clock, envelope
from services.chassis.database import insert_all
from services.chassis.tables import OutboxRow, minute_of
from services.events.contract import Event

SLICE = 2000


@dataclass(frozen=True)
class Saying:
    """An event to be announced, what it is about ("enterprise/<id>"), and its cause."""

    event: Event
    about: str
    caused_by: UUID | None = None


@dataclass(frozen=True)
class Parcel:
    """An announced event on its way out."""

    position: int
    id: UUID
    type: str
    message: str


def announce(
    session: Session, event: Event, *, about: str, caused_by: UUID | None = None
) -> UUID:
    """Say that something happened. It leaves when, and only when, the transaction commits.

    Returns the id of the envelope. Raises ContractBroken if a field is not right.
    """
    row = _row(session, Saying(event, about, caused_by))
    insert_all(session, OutboxRow.__table__, [row])
    session.info["announced"] = True
    envelope_id: UUID = row["id"]
    return envelope_id


def announce_all(session: Session, sayings: Iterable[Saying]) -> int:
    """The same for many, in few statements. Returns how many."""
    announced = 0
    remaining = iter(sayings)
    while rows := [_row(session, saying) for saying in islice(remaining, SLICE)]:
        insert_all(session, OutboxRow.__table__, rows)
        announced += len(rows)
    if announced:
        session.info["announced"] = True
    return announced


def revision_after(previous: int | None) -> int:
    """The next revision of a thing.

    It goes by the clock (microseconds), so that a service whose database was restored
    from yesterday does not say new things under revisions that hearers have seen.
    """
    return max((previous or 0) + 1, int(clock.now().timestamp() * 1_000_000))


def waiting(session: Session, *, after: int, limit: int) -> list[Parcel]:
    """What has not left yet, behind a position, in the order written."""
    rows = session.execute(
        select(OutboxRow.position, OutboxRow.id, OutboxRow.type, OutboxRow.message)
        .where(OutboxRow.sent_at.is_(None), OutboxRow.position > after)
        .order_by(OutboxRow.position)
        .limit(limit)
    )
    return [Parcel(*row) for row in rows]


def mark_sent(session: Session, parcels: Sequence[Parcel]) -> None:
    """The bus has them. They are kept for a while, for those who must hear them again."""
    sent = update(OutboxRow).where(OutboxRow.position.in_([p.position for p in parcels]))
    session.execute(sent.values(sent_at=clock.now()))


def count_waiting(session: Session) -> int:
    """How many have not left."""
    return session.scalar(select(func.count()).where(OutboxRow.sent_at.is_(None))) or 0


def oldest_waiting_at(session: Session) -> datetime | None:
    """Since when the oldest one waits."""
    return session.scalar(
        select(func.min(OutboxRow.written_at)).where(OutboxRow.sent_at.is_(None))
    )


def last_position(session: Session) -> int:
    """The position of the newest event ever announced here."""
    return session.scalar(select(func.max(OutboxRow.position))) or 0


def forget_sent(session: Session, *, older_than_days: int) -> int:
    """Delete what left long ago. Returns how many."""
    before = clock.now() - timedelta(days=older_than_days)
    old = OutboxRow.minute < minute_of(before)
    gone = delete(OutboxRow).where(OutboxRow.sent_at.is_not(None), old)
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _row(session: Session, saying: Saying) -> dict[str, Any]:
    sealed = envelope.seal(
        saying.event,
        about=saying.about,
        source=session.info.get("source", "/"),
        caused_by=saying.caused_by,
    )
    return {
        "id": sealed.id,
        "type": sealed.event.full_name,
        "message": envelope.write(sealed),
        "written_at": sealed.happened_at,
        "minute": minute_of(sealed.happened_at),
    }
