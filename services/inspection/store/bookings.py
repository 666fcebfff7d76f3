"""预约检验: written, locked, listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table as SqlTable, func, select, tuple_
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import upsert
from services.chassis.scope import Scope
from services.events.registry import DutyKind
from services.inspection.model.bookings import Booking, BookingState
from services.inspection.store.tables import BookingRow

BOOKING: SqlTable = BookingRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which to list; `after` is the day and id of the last one already seen."""

    scope: Scope
    division: Scope | None = None
    state: BookingState | None = None
    enterprise_id: UUID | None = None
    object_id: UUID | None = None
    after: tuple[date, UUID] | None = None
    limit: int = 50


def save(session: Session, booking: Booking) -> None:
    """Write one, new or changed."""
    row = vars(booking) | {"state": booking.state.value, "duty": booking.duty.value}
    upsert(session, BOOKING, [row], key=["booking_id"])


def find(session: Session, booking_id: UUID, *, scope: Scope) -> Booking | None:
    """One booking; None also where it lies outside the scope."""
    row = session.execute(_one(booking_id, scope)).one_or_none()
    return _booking(row) if row else None


def locked(session: Session, booking_id: UUID, *, scope: Scope) -> Booking | None:
    """The same, once nobody else is at it."""
    row = session.execute(_one(booking_id, scope).with_for_update()).one_or_none()
    return _booking(row) if row else None


def of_duty(session: Session, object_id: UUID, duty: DutyKind) -> list[Booking]:
    """All that were made for a duty of an object."""
    wanted = select(BOOKING).where(
        BOOKING.c.object_id == object_id, BOOKING.c.duty == duty.value
    )
    return [_booking(row) for row in session.execute(wanted)]


def of_object(session: Session, object_id: UUID) -> list[Booking]:
    """All that were made for an object, the oldest first."""
    place = (BOOKING.c.asked_on, BOOKING.c.booking_id)
    wanted = select(BOOKING).where(BOOKING.c.object_id == object_id).order_by(*place)
    return [_booking(row) for row in session.execute(wanted)]


def page(session: Session, wanted: Wanted) -> list[Booking]:
    """The newest first; a page after another shows none twice and leaves none out."""
    place = (BOOKING.c.asked_on, BOOKING.c.booking_id)
    found = select(BOOKING).where(wanted.scope.clause(BOOKING.c.division))
    if wanted.division is not None:
        found = found.where(wanted.division.clause(BOOKING.c.division))
    if wanted.state is not None:
        found = found.where(BOOKING.c.state == wanted.state.value)
    if wanted.enterprise_id is not None:
        both = aliases.together(session, wanted.enterprise_id)
        found = found.where(BOOKING.c.enterprise_id.in_(both))
    if wanted.object_id is not None:
        found = found.where(BOOKING.c.object_id == wanted.object_id)
    if wanted.after is not None:
        found = found.where(tuple_(*place) < tuple_(*wanted.after))
    newest = found.order_by(*(column.desc() for column in place)).limit(wanted.limit)
    return [_booking(row) for row in session.execute(newest)]


def count_requested(session: Session, scopes: Sequence[Scope]) -> int:
    """How many wait for an answer."""
    mine = [scope.clause(BOOKING.c.division) for scope in scopes]
    waiting = select(func.count()).where(BOOKING.c.state == BookingState.REQUESTED.value, *mine)
    return session.scalar(waiting) or 0


def _one(booking_id: UUID, scope: Scope) -> Select[Any]:
    mine = scope.clause(BOOKING.c.division)
    return select(BOOKING).where(BOOKING.c.booking_id == booking_id, mine)


def _booking(row: Row[Any]) -> Booking:
    known = dict(row._mapping)
    return Booking(**known | {"state": BookingState(row.state), "duty": DutyKind(row.duty)})
