"""预约检验: what may be asked for and answered. Nothing here looks at a colour, or changes one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from services.chassis.policy import Policy
from services.events.registry import DutyKind
from services.inspection.model import Explanation
from services.inspection.model.bookings import Booking, BookingState
from services.inspection.rules.refusal import NotAllowed


def check_wish(first: date, last: date, *, today: date, policy: Policy) -> None:
    """Whether these days may be asked for. Raises NotAllowed."""
    furthest = today + timedelta(days=policy.number("booking_days_ahead", on=today))
    if last < first:
        raise NotAllowed("wish_backwards", "希望的最后一日早于第一日。", "请对调两个日期。")
    if first < today:
        raise NotAllowed(
            "wish_in_the_past", f"希望的日期 {first} 已经过去。", f"可以预约 {today} 起的日期。"
        )
    if last > furthest:
        raise NotAllowed(
            "wish_too_far", f"希望的日期 {last} 太远。", f"可以预约到 {furthest} 为止的日期。"
        )


def is_open(booking: Booking, *, today: date) -> bool:
    """Whether it waits for an answer, or for a day that was set and has not passed."""
    if booking.state is BookingState.CONFIRMED:
        return booking.inspected_on is not None and booking.inspected_on >= today
    return booking.state is BookingState.REQUESTED


def check_free(
    duty: DutyKind, owed: Collection[DutyKind], earlier: Iterable[Booking], *, today: date
) -> None:
    """Whether a duty can be booked now, beside what was booked of it. Raises NotAllowed."""
    if duty not in owed:
        raise NotAllowed("duty_not_owed", "该对象没有这项义务。", "请选择该对象名下的事项。")
    if any(is_open(each, today=today) for each in earlier):
        raise NotAllowed("booked_already", "该事项已有预约。", "要改期的, 请先撤回原预约。")


def confirm(booking: Booking, *, day: date, place: str, by: str | None, today: date) -> Booking:
    """A day is set, or another one. Raises NotAllowed."""
    _must_be_open(booking, today)
    if day < today:
        raise NotAllowed(
            "day_in_the_past", f"检验日期 {day} 已经过去。", f"请填写 {today} 起的日期。"
        )
    return replace(
        booking,
        state=BookingState.CONFIRMED,
        inspected_on=day,
        place=place,
        answered_on=today,
        answered_by=by,
    )


def decline(booking: Booking, *, reason: str, by: str | None, today: date) -> Booking:
    """It cannot be arranged, or not any more. Raises NotAllowed."""
    _must_be_open(booking, today)
    return replace(
        booking,
        state=BookingState.DECLINED,
        inspected_on=None,
        place=None,
        reason=reason,
        answered_on=today,
        answered_by=by,
    )


def withdraw(booking: Booking, *, today: date) -> Booking:
    """The enterprise does not want it any more. Raises NotAllowed."""
    _must_be_open(booking, today)
    return replace(booking, state=BookingState.WITHDRAWN)


def beside(told: Explanation, booked: Sequence[Booking], *, today: date) -> Explanation:
    """预约不是合格记录,不改变颜色,不消除红色预警: one more sentence for an open one, no more."""
    said = [_counts_for_nothing(each) for each in booked if is_open(each, today=today)]
    return replace(told, sentences=(*told.sentences, *said))


def _counts_for_nothing(booking: Booking) -> str:
    if booking.inspected_on is not None:
        stands = f"已预约{booking.inspected_on}检验"
    else:
        stands = f"{booking.asked_on}预约检验,待确认"
    return f"{stands}; 预约不是合格记录,不改变颜色,也不消除红色预警。"


def _must_be_open(booking: Booking, today: date) -> None:
    if not is_open(booking, today=today):
        raise NotAllowed(
            "booking_over",
            "该预约已经撤回、不能安排，或者检验日期已过。",
            "如仍需检验，请企业重新预约。",
        )
