"""What stands beside bad information in public: replies, objections, and that its time is over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.credit.model import BadInformation, State
from services.credit.model.requests import RequestState
from services.credit.store.entries import ENTRY
from services.credit.store.requests import REQUEST
from services.credit.store.tables import EntryEndedRow, EntryReplyRow
from services.events.credit import RequestKind

REPLY: Table = EntryReplyRow.metadata.tables["entry_reply"]
ENDED: Table = EntryEndedRow.metadata.tables["entry_ended"]


@dataclass(frozen=True)
class Beside:
    """What is shown beside one entry."""

    under_objection: bool = False
    reply: str | None = None
    replied_on: date | None = None


def beside(session: Session, entry_ids: Collection[UUID]) -> dict[UUID, Beside]:
    """What stands beside each of these entries."""
    objected = set(
        session.scalars(
            select(REQUEST.c.record_id).where(
                REQUEST.c.record_id.in_(entry_ids),
                REQUEST.c.kind == RequestKind.OBJECTION.value,
                REQUEST.c.state == RequestState.RECEIVED.value,
                REQUEST.c.marked_on.is_not(None),
            )
        )
    )
    rows = session.execute(select(REPLY).where(REPLY.c.bad_information_id.in_(entry_ids)))
    replies: dict[UUID, Any] = {row.bad_information_id: row for row in rows}
    found = {}
    for each in entry_ids:
        said = replies.get(each)
        words, on = (said.words, said.replied_on) if said else (None, None)
        found[each] = Beside(each in objected, words, on)
    return found


def save_reply(
    session: Session, bad_information_id: UUID, words: str, *, on: date, by: str
) -> None:
    """Keep what the enterprise says, in place of what it said before."""
    row = {
        "bad_information_id": bad_information_id,
        "words": words,
        "replied_on": on,
        "replied_by": by,
    }
    upsert(session, REPLY, [row], key=["bad_information_id"])


def corrected_entries(
    session: Session,
    *,
    opened_by: date,
    after: UUID | None,
    limit: int,
    without: Collection[UUID] = (),
) -> list[UUID]:
    """The warnings of corrected entries whose end has not been said, by id.

    *opened_by*: none opened later can be over; *after*: the last warning seen.
    """
    said = (ENDED.c.bad_information_id == ENTRY.c.id) & (
        ENDED.c.published_on == ENTRY.c.published_on
    )
    wanted = (
        select(ENTRY.c.warning_id)
        .outerjoin(ENDED, said)
        .where(
            ENTRY.c.state == State.CORRECTED.value,
            ENTRY.c.opened_on <= opened_by,
            ENDED.c.ended_on.is_(None),
            ENTRY.c.warning_id.not_in(without),
        )
    )
    if after is not None:
        wanted = wanted.where(ENTRY.c.warning_id > after)
    return list(session.scalars(wanted.order_by(ENTRY.c.warning_id).limit(limit)))


def save_ended(session: Session, entries: Iterable[BadInformation], *, on: date) -> None:
    """Remember that their end was said."""
    rows = [
        {"bad_information_id": entry.id, "published_on": entry.published_on, "ended_on": on}
        for entry in entries
    ]
    upsert(session, ENDED, rows, key=["bad_information_id", "published_on"])
