"""预约检验 — an enterprise asks for an inspection; the bureau sets a day or cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.events.registry import DutyKind


class BookingState(StrEnum):
    """预约检验的状态."""

    REQUESTED = "requested"  # 待确认
    CONFIRMED = "confirmed"  # 已确认
    DECLINED = "declined"  # 未能安排
    WITHDRAWN = "withdrawn"  # 已撤回


@dataclass(frozen=True, kw_only=True)
class Booking:
    """What was asked for, and what was answered. It changes no colour.

    label         what the object was called when it was asked for
    wished_from   first and last day that would suit the enterprise
    words         what the enterprise wants to say
    inspected_on  the day that was set; place: who inspects, and where
    reason        why it could not be arranged
    """

    booking_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    object_id: UUID
    label: str
    duty: DutyKind
    asked_on: date
    asked_by: str | None
    wished_from: date
    wished_until: date
    words: str = ""
    state: BookingState = BookingState.REQUESTED
    inspected_on: date | None = None
    place: str | None = None
    reason: str | None = None
    answered_on: date | None = None
    answered_by: str | None = None
