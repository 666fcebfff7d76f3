"""What is still to be listed in a digest, and what is urgent and unread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, select, update
from sqlalchemy.orm import Session

from services.notify.model import Addressee
from services.notify.store.tables import UNDIGESTED, UNREAD, MessageRow

MESSAGE = cast("Table", MessageRow.__table__)


def accounts_waiting(
    session: Session, until: datetime, *, limit: int, without: Collection[str] = ()
) -> list[str]:
    """Accounts for which something is to be listed that was written by then."""
    query = select(MESSAGE.c.account).where(
        UNDIGESTED, MESSAGE.c.written_at <= until, MESSAGE.c.account.not_in(without)
    )
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


def unread_by_staff(before: datetime, step: int) -> ColumnElement[bool]:
    """Urgent messages to staff that nobody has read, of whom *step* tells nobody yet."""
    return and_(
        UNREAD,
        MESSAGE.c.written_at <= before,
        MESSAGE.c.escalated < step,
        MESSAGE.c.addressee != Addressee.ENTERPRISE.value,
    )


def unread(
    session: Session, which: ColumnElement[bool], *, limit: int, without: Collection[UUID] = ()
) -> list[UUID]:
    """Some of which that holds, the oldest first."""
    query = select(MESSAGE.c.id).where(which, MESSAGE.c.id.not_in(without))
    return list(session.scalars(query.order_by(MESSAGE.c.written_at).limit(limit)))


def locked(
    session: Session, message_ids: Collection[UUID], which: ColumnElement[bool]
) -> list[Any]:
    """Those of these of which it still holds; what somebody else holds is left to him."""
    query = select(MESSAGE).where(MESSAGE.c.id.in_(message_ids), which)
    in_order = query.order_by(MESSAGE.c.written_at).with_for_update(skip_locked=True)
    return list(session.execute(in_order))


def mark_escalated(session: Session, message_ids: Collection[UUID], step: int) -> None:
    """The next one above has been told."""
    escalated = update(MESSAGE).where(MESSAGE.c.id.in_(list(message_ids)))
    session.execute(escalated.values(escalated=step))
