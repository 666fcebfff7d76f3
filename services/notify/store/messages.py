"""Messages: stored once, written once, completed when the facts are there."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import insert_all, insert_new
from services.notify.model import (
    Addressee,
    DeliveryState,
    Medium,
    Message,
    Progress,
    Text,
    Wants,
)
from services.notify.store.tables import ContactRow, DeliveryRow, EnterpriseRow, MessageRow

MESSAGE = cast("Table", MessageRow.__table__)
DELIVERY = cast("Table", DeliveryRow.__table__)
NOBODY = UUID(int=0)  # stands in the row of a message that concerns no enterprise
LeavesAt = Callable[[Medium, bool], datetime]
NO_ADDRESS = "no_address"
SLICE = 1000  # a database takes only so many values in one statement


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A message to be stored: how far it can go, and its words if it can be written."""

    message: Message
    progress: Progress
    text: Text | None


@dataclass(frozen=True, kw_only=True)
class Wanting:
    """A stored message that still lacks something."""

    id: UUID
    caused_at: datetime
    addressee: Addressee
    account: str | None
    enterprise_id: UUID
    template: str
    parameters: dict[str, Any]
    is_written: bool
    urgent: bool
    ways: tuple[Medium, ...]


def add(
    session: Session, entries: Iterable[Entry], *, now: datetime, leaves_at: LeavesAt
) -> int:
    """Store the messages that are not there yet, with their deliveries. Returns how many."""
    new_ones = _not_told_before(session, list(entries))
    by_id = {entry.message.id: entry for entry in reversed(new_ones)}
    rows = [_message_row(entry, now) for entry in by_id.values()]
    new = insert_new(session, MESSAGE, rows, returning=MESSAGE.c.id)
    deliveries = [
        row for message_id in new for row in _delivery_rows(by_id[message_id], leaves_at)
    ]
    if deliveries:
        insert_all(session, DELIVERY, deliveries)
    return len(new)


def _not_told_before(session: Session, entries: list[Entry]) -> list[Entry]:
    """Without those that an older release stored under another id, about the same day."""
    formers = {entry.message.former_id for entry in entries} - {None}
    if not formers:
        return entries
    rows = session.execute(
        select(MESSAGE.c.id, MESSAGE.c.parameters).where(MESSAGE.c.id.in_(formers))
    )
    told = {row.id: json.loads(row.parameters) for row in rows}
    return [entry for entry in entries if not _says(told.get(entry.message.former_id), entry)]


def _says(told: dict[str, Any] | None, entry: Entry) -> bool:
    now, names = entry.message.occasion.parameters, entry.message.told.again_when
    return told is not None and all(told.get(name) == now[name] for name in names)


def about(session: Session, enterprise_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Messages about some enterprises, and about those that stand with them."""
    return MESSAGE.c.enterprise_id.in_(aliases.all_with(session, enterprise_ids))


def among(message_ids: Collection[UUID]) -> ColumnElement[bool]:
    """These messages."""
    return MESSAGE.c.id.in_(message_ids)


def whose_facts_came(
    session: Session, *, limit: int, without: Collection[UUID] = ()
) -> list[UUID]:
    """Messages that lack something which is known by now."""
    query = select(MESSAGE.c.id).where(
        MESSAGE.c.wants.is_not(None), _facts_have_come(), MESSAGE.c.id.not_in(without)
    )
    return list(session.scalars(query.order_by(MESSAGE.c.id).limit(limit)))


def wanting(session: Session, which: ColumnElement[bool]) -> list[Wanting]:
    """Messages that lack something. They are locked; what somebody holds is left to him."""
    query = select(MESSAGE).where(MESSAGE.c.wants.is_not(None), which)
    locked = query.order_by(MESSAGE.c.id).with_for_update(skip_locked=True)
    rows = session.execute(locked).all()
    ways = _waiting_ways(session, [row.id for row in rows])
    return [
        Wanting(
            id=row.id,
            caused_at=row.caused_at,
            addressee=Addressee(row.addressee),
            account=row.account,
            enterprise_id=row.enterprise_id,
            template=row.template,
            parameters=json.loads(row.parameters),
            is_written=row.written_at is not None,
            urgent=row.urgent,
            ways=ways.get(row.id, ()),
        )
        for row in rows
    ]


def go_on(
    session: Session,
    resumed: Sequence[tuple[Wanting, Progress, Text | None]],
    *,
    now: datetime,
    leaves_at: LeavesAt,
) -> None:
    """Store how far messages have come now that more is known."""
    if not resumed:
        return
    moved = update(MESSAGE).where(MESSAGE.c.id == bindparam("this"))
    session.execute(
        moved.values(wants=bindparam("still"), account=bindparam("inbox")),
        [{"this": w.id, "still": _value(p.wants), "inbox": p.account} for w, p, _ in resumed],
    )
    written = [{"this": w.id, **vars(text)} for w, _, text in resumed if text]
    if written:
        words: dict[str, Any] = {name: bindparam(name) for name in written[0] if name != "this"}
        session.execute(moved.values(**words, written_at=now), written)
    ready = [(w.id, by, leaves_at(by, w.urgent)) for w, p, _ in resumed for by in p.ready]
    _release(session, ready)
    _forget(session, [(w.id, medium) for w, p, _ in resumed for medium in p.without])


def _release(session: Session, ready: Sequence[tuple[UUID, Medium, datetime]]) -> None:
    if not ready:
        return
    session.execute(
        update(DELIVERY)
        .where(
            DELIVERY.c.message_id == bindparam("this"),
            DELIVERY.c.medium == bindparam("by"),
            DELIVERY.c.state == DeliveryState.WAITING_FOR_FACTS.value,
        )
        .values(
            state=DeliveryState.DUE.value,
            due_since=bindparam("leaves_at"),
            next_try_at=bindparam("leaves_at"),
        ),
        [{"this": number, "by": by.value, "leaves_at": at} for number, by, at in ready],
    )


def _forget(session: Session, without: Sequence[tuple[UUID, Medium]]) -> None:
    """The addressee is known now and has registered nothing for these: as if known at first."""
    if not without:
        return
    session.execute(
        delete(DELIVERY).where(
            DELIVERY.c.message_id == bindparam("this"),
            DELIVERY.c.medium == bindparam("by"),
            DELIVERY.c.state == DeliveryState.WAITING_FOR_FACTS.value,
        ),
        [{"this": message_id, "by": medium.value} for message_id, medium in without],
    )


def _facts_have_come() -> Any:
    """Somebody else's transaction may have brought them while ours stored the message."""
    told = (MESSAGE.c.enterprise_id, aliases.root_of(MESSAGE.c.enterprise_id))
    of_enterprise = EnterpriseRow.enterprise_id.in_(told)
    of_contact = ContactRow.enterprise_id.in_(told)
    return or_(
        (MESSAGE.c.wants == Wants.ENTERPRISE.value) & exists().where(of_enterprise),
        (MESSAGE.c.wants == Wants.OFFICER.value)
        & exists().where(of_contact, ContactRow.officer.is_not(None)),
        (MESSAGE.c.wants == Wants.ADDRESS.value)
        & exists().where(of_contact, ContactRow.email.is_not(None)),
    )


def _waiting_ways(
    session: Session, message_ids: Sequence[UUID]
) -> dict[UUID, tuple[Medium, ...]]:
    ways: dict[UUID, tuple[Medium, ...]] = {}
    for start in range(0, len(message_ids), SLICE):
        query = select(DELIVERY.c.message_id, DELIVERY.c.medium).where(
            DELIVERY.c.message_id.in_(message_ids[start : start + SLICE]),
            DELIVERY.c.state == DeliveryState.WAITING_FOR_FACTS.value,
        )
        for message_id, medium in session.execute(query):
            ways[message_id] = (*ways.get(message_id, ()), Medium(medium))
    return ways


def _message_row(entry: Entry, now: datetime) -> dict[str, Any]:
    occasion, told, text = entry.message.occasion, entry.message.told, entry.text
    return {
        "id": entry.message.id,
        "cause_id": occasion.cause_id,
        "caused_by": occasion.caused_by,
        "caused_at": occasion.caused_at,
        "stored_at": now,
        "event": occasion.event,
        "addressee": str(told.addressee),
        "account": entry.progress.account,
        "enterprise_id": occasion.enterprise_id or NOBODY,
        "division": occasion.division,
        "template": told.template,
        "parameters": occasion.wire,
        "wants": _value(entry.progress.wants),
        "no_channel": _value(told.no_channel),
        "subject": text.subject if text else None,
        "body": text.body if text else None,
        "language": text.language if text else None,
        "template_version": text.template_version if text else None,
        "written_at": now if text else None,
        "urgent": told.urgent,
        "digest": told.digest,
        "escalated": 0,
    }


def _delivery_rows(entry: Entry, leaves_at: LeavesAt) -> Iterable[dict[str, Any]]:
    message_id, urgent = entry.message.id, entry.message.told.urgent
    for medium in entry.progress.ready:
        yield _delivery_row(message_id, medium, DeliveryState.DUE, leaves_at(medium, urgent))
    for medium in entry.progress.waiting:
        yield _delivery_row(message_id, medium, DeliveryState.WAITING_FOR_FACTS, None)


def _delivery_row(
    message_id: UUID, medium: Medium, state: DeliveryState, due_since: datetime | None
) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "medium": medium.value,
        "state": state.value,
        "attempts": 0,
        "due_since": due_since,
        "next_try_at": due_since,
    }


def _value(member: Wants | Medium | None) -> str | None:
    return member.value if member else None
