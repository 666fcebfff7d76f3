"""预约检验: asked for by the enterprise, answered by the bureau, said to the enterprise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.events.inspection import BookingConfirmed, BookingDeclined
from services.events.registry import DutyKind
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.model.bookings import Booking
from services.inspection.rules import bookings as rules
from services.inspection.store import bookings, duties, subjects


def ask(
    session: Session,
    object_id: UUID,
    *,
    duty: DutyKind,
    wished_from: date,
    wished_until: date,
    words: str,
    acting: Acting,
) -> Booking:
    """An inspection of an object that owes this duty. Raises Unknown, NotAllowed.

    The object is held, so that two at once do not both book it.
    """
    subjects.lock(session, [object_id])
    found = subjects.get(session, [object_id]).get(object_id)
    if found is None or not acting.scope.covers(found.facts.division):
        raise Unknown("no_such_object", f"没有编号为 {object_id} 的对象, 或不在管辖范围内")
    earlier = bookings.of_duty(session, object_id, duty)
    owed = duties.owed_by(session, object_id)
    rules.check_free(duty, owed, earlier, today=acting.today)
    rules.check_wish(wished_from, wished_until, today=acting.today, policy=acting.policy)
    booking = Booking(
        booking_id=uuid4(),
        revision=outbox.revision_after(None),
        enterprise_id=found.facts.enterprise_id,
        division=found.facts.division,
        object_id=object_id,
        label=found.facts.label,
        duty=duty,
        asked_on=acting.today,
        asked_by=acting.by,
        wished_from=wished_from,
        wished_until=wished_until,
        words=words.strip(),
    )
    bookings.save(session, booking)
    return booking


def confirm(
    session: Session, booking_id: UUID, *, inspected_on: date, place: str, acting: Acting
) -> Booking:
    """A day is set, or another one. Raises Unknown, NotAllowed."""
    before = _locked(session, booking_id, acting)
    day, today = inspected_on, acting.today
    after = rules.confirm(before, day=day, place=place.strip(), by=acting.by, today=today)
    kept = _kept(session, after)
    said = BookingConfirmed(**_about(kept), inspected_on=day, place=place.strip())
    outbox.announce(session, said, about=f"booking/{booking_id}")
    return kept


def decline(session: Session, booking_id: UUID, *, reason: str, acting: Acting) -> Booking:
    """It cannot be arranged. Raises Unknown, NotAllowed."""
    before = _locked(session, booking_id, acting)
    after = rules.decline(before, reason=reason.strip(), by=acting.by, today=acting.today)
    kept = _kept(session, after)
    said = BookingDeclined(**_about(kept), reason=reason.strip())
    outbox.announce(session, said, about=f"booking/{booking_id}")
    return kept


def withdraw(session: Session, booking_id: UUID, *, acting: Acting) -> Booking:
    """Not wanted any more. Raises Unknown, NotAllowed."""
    before = _locked(session, booking_id, acting)
    return _kept(session, rules.withdraw(before, today=acting.today))


def _locked(session: Session, booking_id: UUID, acting: Acting) -> Booking:
    found = bookings.locked(session, booking_id, scope=acting.scope)
    if found is None:
        raise Unknown("no_such_booking", f"没有编号为 {booking_id} 的预约, 或不在管辖范围内")
    return found


def _kept(session: Session, booking: Booking) -> Booking:
    kept = replace(booking, revision=outbox.revision_after(booking.revision))
    bookings.save(session, kept)
    return kept


def _about(booking: Booking) -> dict[str, Any]:
    names = (
        "booking_id",
        "revision",
        "enterprise_id",
        "division",
        "object_id",
        "label",
        "duty",
    )
    return {name: getattr(booking, name) for name in names}
