"""Who has what open and overdue: counted from the records, each count with its records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.chassis.scope import Scope
from services.notify.model import DeliveryState
from services.notify.store.directives import OPEN, overdue
from services.notify.store.tables import (
    UNREAD,
    UNREAD_BY_STAFF,
    DeliveryRow,
    HopRow,
    MessageRow,
)


@dataclass(frozen=True, kw_only=True)
class OfUnit:
    """Directives of one unit."""

    unit: str
    division: str
    open: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class OfInbox:
    """Unread messages of one account, in one division."""

    account: str
    division: str
    unread: int
    urgent: int


def directives(session: Session, scope: Scope, today: date) -> list[OfUnit]:
    """Open and overdue directives by the unit that received them."""
    late = func.sum(case((overdue(today), 1), else_=0))
    query = (
        select(HopRow.receiver, HopRow.division, func.count(), late)
        .where(HopRow.phase.in_(OPEN), scope.clause(HopRow.division))
        .group_by(HopRow.receiver, HopRow.division)
        .order_by(HopRow.receiver)
    )
    return [
        OfUnit(unit=unit, division=division, open=count, overdue=int(of_these))
        for unit, division, count, of_these in session.execute(query)
    ]


def inboxes(session: Session, scope: Scope) -> list[OfInbox]:
    """Unread messages of staff by account."""
    urgent = func.sum(case((MessageRow.urgent, 1), else_=0))
    query = (
        select(MessageRow.account, MessageRow.division, func.count(), urgent)
        .where(UNREAD_BY_STAFF, scope.clause(MessageRow.division))
        .group_by(MessageRow.account, MessageRow.division)
        .order_by(MessageRow.account, MessageRow.division)
    )
    return [
        OfInbox(account=account, division=division, unread=count, urgent=int(of_these))
        for account, division, count, of_these in session.execute(query)
    ]


def unread_urgent_since(session: Session, scope: Scope) -> list[datetime]:
    """Since when each urgent message to staff lies unread."""
    query = select(MessageRow.written_at).where(
        UNREAD, UNREAD_BY_STAFF, scope.clause(MessageRow.division)
    )
    return [written_at for written_at in session.scalars(query) if written_at is not None]


def open_until(session: Session, scope: Scope) -> list[date]:
    """The last day of whatever each open directive is waited for."""
    last = case((HopRow.acknowledged_at.is_(None), HopRow.acknowledge_by), else_=HopRow.due_on)
    query = select(last).where(HopRow.phase.in_(OPEN), scope.clause(HopRow.division))
    return list(session.scalars(query))


def deliveries_in(session: Session, scope: Scope, state: DeliveryState) -> int:
    """How many deliveries outside the inbox stand so."""
    query = (
        select(func.count())
        .select_from(DeliveryRow)
        .join(MessageRow, MessageRow.id == DeliveryRow.message_id)
        .where(DeliveryRow.state == state.value, scope.clause(MessageRow.division))
    )
    return session.scalar(query) or 0
