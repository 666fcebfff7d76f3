"""Deliveries: taken under a lease, sent outside any transaction, then recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, Update, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from services.notify.model import (
    Addressee,
    DeliveryState,
    GiveUp,
    Hook,
    Medium,
    Outgoing,
    Receipt,
    TryAgain,
    Wants,
)
from services.notify.rules import delivery_id
from services.notify.store import facts
from services.notify.store.messages import NO_ADDRESS
from services.notify.store.tables import (
    OUTSTANDING,
    AddressRow,
    DeliveryRow,
    MessageRow,
    WebhookRow,
)

DELIVERY = cast("Table", DeliveryRow.__table__)
MESSAGE = cast("Table", MessageRow.__table__)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One delivery that one sender holds. *attempts* counts the one that now begins."""

    outgoing: Outgoing
    medium: Medium
    holder: UUID
    attempts: int
    due_since: datetime


def take(
    session: Session, medium: Medium, *, holder: UUID, now: datetime, lease: timedelta
) -> Job | None:
    """The delivery that has been due longest, now held by *holder*; None: nothing is due.

    One whose lease has run out is due again: its sender is taken for dead.
    """
    due = session.execute(
        select(DELIVERY)
        .where(OUTSTANDING, DELIVERY.c.medium == medium.value, DELIVERY.c.next_try_at <= now)
        .order_by(DELIVERY.c.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if due is None:
        return None
    session.execute(
        _this(due.message_id, medium).values(
            state=DeliveryState.SENDING.value,
            attempts=due.attempts + 1,
            holder=holder,
            lease_until=now + lease,
            next_try_at=now + lease,
        )
    )
    return Job(
        outgoing=_outgoing(session, due.message_id, medium, due.attempts + 1, now),
        medium=medium,
        holder=holder,
        attempts=due.attempts + 1,
        due_since=due.due_since,
    )


def record_delivered(session: Session, job: Job, receipt: Receipt, *, now: datetime) -> None:
    """It has left. That holds even if the lease has run out meanwhile."""
    done = _this(job.outgoing.message_id, job.medium).where(
        DELIVERY.c.state != DeliveryState.DELIVERED.value
    )
    session.execute(
        done.values(
            state=DeliveryState.DELIVERED.value,
            delivered_at=now,
            sent_to=receipt.sent_to,
            receipt=receipt.said,
            reason=None,
            holder=None,
            lease_until=None,
            next_try_at=None,
        )
    )


def record_failure(session: Session, job: Job, next_step: TryAgain | GiveUp, why: str) -> bool:
    """It did not work. False if somebody else holds the delivery by now: he decides."""
    mine = _this(job.outgoing.message_id, job.medium).where(DELIVERY.c.holder == job.holder)
    again = next_step.at if isinstance(next_step, TryAgain) else None
    recorded = session.execute(
        mine.values(
            state=(DeliveryState.FAILED if again else DeliveryState.GIVEN_UP).value,
            next_try_at=again,
            reason=why if isinstance(next_step, TryAgain) else f"{next_step.reason}: {why}",
            holder=None,
            lease_until=None,
        )
    )
    return cast("CursorResult[None]", recorded).rowcount == 1


def postpone(session: Session, job: Job, until: datetime, why: str) -> None:
    """It may only be sent later: the attempt does not count, nor does the time until then."""
    mine = _this(job.outgoing.message_id, job.medium).where(DELIVERY.c.holder == job.holder)
    session.execute(
        mine.values(
            state=DeliveryState.DUE.value,
            attempts=job.attempts - 1,
            next_try_at=until,
            reason=why,
            holder=None,
            lease_until=None,
        )
    )


def make_due(session: Session, message_id: UUID, *, by: str, now: datetime) -> int:
    """Try again at once, with new patience, what has failed or was given up.

    Of two who ask at the same time only the first finds anything.
    """
    stuck = [DeliveryState.FAILED.value, DeliveryState.GIVEN_UP.value]
    changed = session.execute(
        update(DELIVERY)
        .where(DELIVERY.c.message_id == message_id, DELIVERY.c.state.in_(stuck))
        .values(
            state=DeliveryState.DUE.value,
            attempts=0,
            due_since=now,
            next_try_at=now,
            resent_at=now,
            resent_by=by,
        )
    )
    return cast("CursorResult[None]", changed).rowcount


def give_up_without_address(session: Session, *, stored_before: datetime) -> int:
    """End the mails that have waited too long for an address. Returns how many."""
    too_long = (MESSAGE.c.wants == Wants.ADDRESS.value, MESSAGE.c.stored_at < stored_before)
    session.execute(
        update(DELIVERY)
        .where(
            DELIVERY.c.message_id.in_(select(MESSAGE.c.id).where(*too_long)),
            DELIVERY.c.state == DeliveryState.WAITING_FOR_FACTS.value,
        )
        .values(state=DeliveryState.GIVEN_UP.value, reason=NO_ADDRESS)
    )
    ended = session.execute(update(MESSAGE).where(*too_long).values(wants=None))
    return cast("CursorResult[None]", ended).rowcount


def media_due(session: Session, *, now: datetime) -> set[Medium]:
    """The media by which something is to be sent now."""
    query = select(DELIVERY.c.medium).where(OUTSTANDING, DELIVERY.c.next_try_at <= now)
    return {Medium(medium) for medium in session.scalars(query.distinct())}


def count_due(session: Session, *, now: datetime) -> int:
    """Deliveries that somebody should send now, or is sending."""
    at_work = DELIVERY.c.state == DeliveryState.SENDING.value
    return (
        session.scalar(
            select(func.count())
            .select_from(DELIVERY)
            .where(OUTSTANDING, or_(at_work, DELIVERY.c.next_try_at <= now))
        )
        or 0
    )


def _outgoing(
    session: Session, message_id: UUID, medium: Medium, attempt: int, now: datetime
) -> Outgoing:
    message = session.execute(
        select(MESSAGE, AddressRow.address)
        .outerjoin(
            AddressRow,
            (AddressRow.account == MESSAGE.c.account) & (AddressRow.medium == medium.value),
        )
        .where(MESSAGE.c.id == message_id)
    ).one()
    contact = facts.known(session, [message.enterprise_id])[message.enterprise_id].contact
    own = medium is Medium.EMAIL and message.addressee == Addressee.ENTERPRISE.value
    return Outgoing(
        delivery_id=delivery_id(message_id, medium),
        message_id=message_id,
        caused_by=message.caused_by,
        addressee=message.addressee,
        account=message.account,
        address=message.address or (contact.email if own and contact else None),
        subject=message.subject,
        body=message.body,
        language=message.language,
        written_at=message.written_at,
        event=message.event,
        attempt=attempt,
        urgent=message.urgent,
        is_sealed=message.address is not None or medium is Medium.WEBHOOK,
        hook=_hook(session, message.account, now) if medium is Medium.WEBHOOK else None,
    )


def _hook(session: Session, account: str, now: datetime) -> Hook | None:
    """None: nothing is registered any more, or it was switched off."""
    row = session.get(WebhookRow, account)
    if row is None or row.disabled_at is not None:
        return None
    is_over = row.former_until is None or row.former_until <= now
    secrets = (row.secret, None if is_over else row.former_secret)
    return Hook(
        url=row.url, secrets=tuple(each for each in secrets if each), outside=row.outside
    )


def _this(message_id: UUID, medium: Medium) -> Update:
    return update(DELIVERY).where(
        DELIVERY.c.message_id == message_id, DELIVERY.c.medium == medium.value
    )
