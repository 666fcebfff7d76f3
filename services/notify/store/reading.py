"""What programs may see of the messages, each within its scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_, update
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.scope import Scope
from services.notify.model import Addressee, DeliveryState
from services.notify.store.tables import DeliveryRow, MessageRow


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What is asked for; None: any. *division* covers what lies in it."""

    addressee: Addressee | None = None
    state: DeliveryState | None = None
    division: str | None = None
    enterprise_id: UUID | None = None
    cause_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows, the newest first; *next* continues behind them, None: these were the last."""

    rows: Sequence[MessageRow]
    next: UUID | None


def page(
    session: Session, scope: Scope, asked: Filter, *, before: UUID | None, limit: int
) -> Page:
    """Messages that the caller may see."""
    conditions = _conditions(session, asked)
    query = select(MessageRow).where(scope.clause(MessageRow.division), *conditions)
    return _page(session, query, before=before, limit=limit)


def inbox(
    session: Session,
    scope: Scope,
    account: str,
    *,
    unread: bool,
    urgent: bool = False,
    division: str | None = None,
    before: UUID | None,
    limit: int,
) -> Page:
    """The messages in an inbox."""
    query = select(MessageRow).where(*_in_inbox(session, scope, account))
    if unread:
        query = query.where(MessageRow.read_at.is_(None))
    if urgent:
        query = query.where(MessageRow.urgent)
    if division is not None:
        query = query.where(MessageRow.division == division)
    return _page(session, query, before=before, limit=limit)


def count_unread(session: Session, scope: Scope, account: str) -> int:
    """How many messages of an inbox nobody has opened."""
    query = (
        select(func.count())
        .select_from(MessageRow)
        .where(*_in_inbox(session, scope, account), MessageRow.read_at.is_(None))
    )
    return session.scalar(query) or 0


def mark_read(
    session: Session,
    scope: Scope,
    account: str,
    message_ids: Collection[UUID],
    *,
    by: str,
    now: datetime,
) -> set[UUID]:
    """Note that messages were read; the first reading counts. Returns those in the inbox."""
    mine = (*_in_inbox(session, scope, account), MessageRow.id.in_(list(message_ids)))
    found = set(session.scalars(select(MessageRow.id).where(*mine)))
    session.execute(
        update(MessageRow)
        .where(MessageRow.id.in_(found), MessageRow.read_at.is_(None))
        .values(read_at=now, read_by=by)
        .execution_options(synchronize_session=False)
    )
    return found


def one(session: Session, scope: Scope, message_id: UUID) -> MessageRow | None:
    """A message, or None if there is none that the caller may see."""
    return session.scalar(
        select(MessageRow).where(MessageRow.id == message_id, scope.clause(MessageRow.division))
    )


def deliveries_of(
    session: Session, message_ids: Collection[UUID]
) -> dict[UUID, list[DeliveryRow]]:
    """The deliveries of some messages."""
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.message_id.in_(list(message_ids)))
        .order_by(DeliveryRow.medium)
    )
    found: dict[UUID, list[DeliveryRow]] = {each: [] for each in message_ids}
    for delivery in session.scalars(query):
        found[delivery.message_id].append(delivery)
    return found


def _conditions(session: Session, asked: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.addressee:
        conditions.append(MessageRow.addressee == asked.addressee.value)
    if asked.division:
        conditions.append(Scope.parse(asked.division).clause(MessageRow.division))
    if asked.enterprise_id:
        both = aliases.together(session, asked.enterprise_id)
        conditions.append(MessageRow.enterprise_id.in_(both))
    if asked.cause_id:
        conditions.append(MessageRow.cause_id == asked.cause_id)
    if asked.state:
        conditions.append(_stands(asked.state))
    return conditions


def _stands(state: DeliveryState) -> ColumnElement[bool]:
    """Messages of which a delivery, the one to the inbox included, stands so."""
    if state is DeliveryState.DELIVERED:
        return MessageRow.written_at.is_not(None)
    if state is DeliveryState.WAITING_FOR_FACTS:
        return MessageRow.wants.is_not(None)
    return MessageRow.id.in_(
        select(DeliveryRow.message_id).where(DeliveryRow.state == state.value)
    )


def _in_inbox(session: Session, scope: Scope, account: str) -> tuple[ColumnElement[bool], ...]:
    """The inbox of an enterprise holds what came for those that were merged with it."""
    kind, _, owner = account.partition(":")
    accounts = [account]
    if kind == Addressee.ENTERPRISE.value:
        with suppress(ValueError):  # an inbox that is nobody's is empty, and no error
            accounts = [f"{kind}:{one}" for one in aliases.together(session, UUID(owner))]
    return (
        MessageRow.account.in_(accounts),
        MessageRow.written_at.is_not(None),
        scope.clause(MessageRow.division),
    )


def _page(session: Session, query: Select[Any], *, before: UUID | None, limit: int) -> Page:
    if before is not None:
        place = session.execute(
            select(MessageRow.stored_at, MessageRow.id).where(MessageRow.id == before)
        ).first()
        if place is None:
            return Page(rows=[], next=None)
        query = query.where(
            tuple_(MessageRow.stored_at, MessageRow.id) < tuple_(place.stored_at, place.id)
        )
    newest_first = query.order_by(MessageRow.stored_at.desc(), MessageRow.id.desc())
    rows = cast("Sequence[MessageRow]", session.scalars(newest_first.limit(limit + 1)).all())
    has_more = len(rows) > limit
    return Page(rows=rows[:limit], next=rows[limit - 1].id if has_more else None)
