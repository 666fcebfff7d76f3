"""What is still to be listed in a digest, and what is urgent and unread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from services.notify.model import Addressee
from services.notify.store.tables import UNDIGESTED, UNREAD, MessageRow

MESSAGE = cast("Table", MessageRow.__table__)


def accounts_waiting(session: Session, until: datetime, *, limit: int) -> list[str]:
    """Accounts for which something is to be listed that was written by then."""
    query = select(MESSAGE.c.account).where(UNDIGESTED, MESSAGE.c.written_at <= until)
    return list(session.scalars(query.distinct().order_by(MESSAGE.c.account).limit(limit)))


def waiting(session: Session, accounts: Collection[str], until: datetime) -> list[Any]:
    """What is to be listed for some accounts, locked, the oldest first."""
    query = (
        select(
            MESSAGE.c.id,
            MESSAGE.c.account,
            MESSAGE.c.division,
            MESSAGE.c.subject,
            MESSAGE.c.read_at,
        )
        .where(UNDIGESTED, MESSAGE.c.account.in_(list(accounts)), MESSAGE.c.written_at <= until)
        .order_by(MESSAGE.c.account, MESSAGE.c.written_at, MESSAGE.c.id)
        .with_for_update()
    )
    return list(session.execute(query))


def mark_digested(
    session: Session, digests: Sequence[tuple[str, UUID]], until: datetime
) -> None:
    """They are listed now."""
    if digests:
        session.execute(
            update(MESSAGE)
            .where(
                UNDIGESTED,
                MESSAGE.c.account == bindparam("of"),
                MESSAGE.c.written_at <= until,
            )
            .values(digested_in=bindparam("digest_id")),
            [{"of": account, "digest_id": number} for account, number in digests],
        )


def unread(session: Session, *, before: datetime, step: int, limit: int) -> list[Any]:
    """Urgent messages to staff that nobody has read, of whom *step* tells nobody yet."""
    query = (
        select(MESSAGE)
        .where(
            UNREAD,
            MESSAGE.c.written_at <= before,
            MESSAGE.c.escalated < step,
            MESSAGE.c.addressee != Addressee.ENTERPRISE.value,
        )
        .order_by(MESSAGE.c.written_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.execute(query))


def mark_escalated(session: Session, message_ids: Collection[UUID], step: int) -> None:
    """The next one above has been told."""
    escalated = update(MESSAGE).where(MESSAGE.c.id.in_(list(message_ids)))
    session.execute(escalated.values(escalated=step))
