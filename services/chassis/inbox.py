"""Which messages a method has already handled. The bus may deliver one twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import insert_new
from services.chassis.envelope import Envelope
from services.chassis.tables import InboxRow, minute_of


def first_heard(
    session: Session, envelopes: Sequence[Envelope[Any]], *, heard_by: str
) -> list[Envelope[Any]]:
    """Remember the messages; those that this method has not handled before, in their order.

    Of two deliveries at the same moment one waits for the other's transaction.
    """
    now = clock.now()
    rows = [
        {
            "heard_by": heard_by,
            "message_id": sealed.id,
            "minute": minute_of(sealed.happened_at),
            "handled_at": now,
        }
        for sealed in {e.id: e for e in envelopes}.values()
    ]
    new: set[UUID] = insert_new(
        session,
        InboxRow.__table__,
        rows,
        returning=InboxRow.message_id,
    )
    first = []
    for sealed in envelopes:
        if sealed.id in new:
            new.discard(sealed.id)  # twice within the same batch
            first.append(sealed)
    return first


def count(session: Session) -> int:
    """How many messages have been handled and are still remembered."""
    return session.scalar(select(func.count()).select_from(InboxRow)) or 0


def forget(session: Session, *, older_than_days: int) -> int:
    """Delete what was handled long ago. Returns how many."""
    before = clock.now() - timedelta(days=older_than_days)
    gone = delete(InboxRow).where(InboxRow.minute < minute_of(before))
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]
