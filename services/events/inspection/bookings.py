"""Answers to enterprises that asked for an inspection. They clear nothing: an inspection does."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.events.contract import Event
from services.events.registry import DutyKind


class BookingConfirmed(Event, announced_by="inspection", version=1):
    """预约检验已确认: a day is set. Said again when the day or the place changes."""

    booking_id: UUID
    revision: Annotated[int, "grows with every change of this booking; the highest holds"]
    enterprise_id: UUID
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    object_id: UUID
    label: Annotated[str, "what the object is called"]
    duty: DutyKind
    inspected_on: Annotated[date, "the day on which the object is inspected"]
    place: Annotated[str, "who inspects, and where"]


class BookingDeclined(Event, announced_by="inspection", version=1):
    """预约检验未能安排. The duty stands as it did."""

    booking_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    object_id: UUID
    label: str
    duty: DutyKind
    reason: Annotated[str, "why, and what the enterprise can do"]
