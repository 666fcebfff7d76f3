"""The views of bookings: asked for, answered, withdrawn, listed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api
from services.events.registry import DutyKind
from services.inspection.api import matters
from services.inspection.api.asking import DIVISION, MOST, Inspection
from services.inspection.api.desk import Place, read, words
from services.inspection.handlers import bookings as handlers
from services.inspection.handlers.acting import Acting
from services.inspection.model.bookings import Booking, BookingState
from services.inspection.store import bookings
from services.inspection.store.bookings import Wanted

_LONGEST = 500


class BookingBody(Schema):
    """POST /objects/<id>/bookings."""

    duty = fields.Enum(DutyKind, by_value=True, required=True)
    wished_from = fields.Date(required=True)
    wished_until = fields.Date(required=True)
    words = words(required=False, longest=_LONGEST)


class ConfirmationBody(Schema):
    """POST /bookings/<id>/confirmation."""

    inspected_on = fields.Date(required=True)
    place = words(longest=_LONGEST)


class DeclineBody(Schema):
    """POST /bookings/<id>/decline."""

    reason = words(longest=_LONGEST)


class BookingsQuery(Schema):
    """Which bookings."""

    state = fields.Enum(BookingState, by_value=True, load_default=None)
    division = fields.String(validate=DIVISION, load_default=None)
    enterprise_id = fields.UUID(load_default=None)
    object_id = fields.UUID(load_default=None)
    after = Place(load_default=None)
    limit = fields.Integer(validate=validate.Range(1, MOST), load_default=50)


def add(views: Blueprint, service: Inspection) -> None:
    """The views of bookings."""

    @views.post("/objects/<uuid:object_id>/bookings")
    def book(object_id: UUID) -> Any:
        sent = api.body(BookingBody)
        return matters.changed(service, _shown, handlers.ask, object_id, status=201, **sent)

    @views.post("/bookings/<uuid:booking_id>/confirmation")
    def confirm_booking(booking_id: UUID) -> Any:
        sent = api.body(ConfirmationBody)
        return matters.changed(service, _shown, handlers.confirm, booking_id, **sent)

    @views.post("/bookings/<uuid:booking_id>/decline")
    def decline_booking(booking_id: UUID) -> Any:
        sent = api.body(DeclineBody)
        return matters.changed(service, _shown, handlers.decline, booking_id, **sent)

    @views.post("/bookings/<uuid:booking_id>/withdrawal")
    def withdraw_booking(booking_id: UUID) -> Any:
        return matters.changed(service, _shown, handlers.withdraw, booking_id)

    @views.get("/bookings")
    def bookings_page() -> Any:
        asked = api.query(BookingsQuery)
        return read(service, lambda session, acting: _page(session, asked, acting))


def _page(session: Session, asked: dict[str, Any], acting: Acting) -> dict[str, Any]:
    wanted = Wanted(**matters.narrowed(asked, acting))
    return matters.page(
        bookings.page(session, wanted),
        wanted.limit,
        acting,
        shown=_shown,
        place=lambda booking: (booking.asked_on, booking.booking_id),
    )


def _shown(booking: Booking, _acting: Acting) -> dict[str, Any]:
    return vars(booking)
