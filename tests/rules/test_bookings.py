"""Bookings: which days may be asked for, what may be answered when."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.events.registry import DutyKind
from services.inspection.model.bookings import Booking, BookingState
from services.inspection.rules import bookings
from services.inspection.rules.refusal import NotAllowed
from tests.rules.order_facts import POLICY

TODAY = date(2026, 3, 2)
AHEAD = 90  # booking_days_ahead


def a_booking(state: BookingState = BookingState.REQUESTED, day: date | None = None) -> Booking:
    return Booking(
        booking_id=uuid4(),
        revision=1,
        enterprise_id=uuid4(),
        division="610303",
        object_id=uuid4(),
        label="行吊",
        duty=DutyKind.INSPECTION,
        asked_on=TODAY,
        asked_by="firm",
        wished_from=TODAY,
        wished_until=TODAY,
        state=state,
        inspected_on=day,
    )


def wish(first: int, last: int) -> None:
    """Days that are so many days away."""
    days = (TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    bookings.check_wish(*days, today=TODAY, policy=POLICY)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, AHEAD), (AHEAD, AHEAD)])
def test_days_that_may_be_asked_for(first: int, last: int) -> None:
    wish(first, last)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (3, 1, "wish_backwards"),
        (-1, 1, "wish_in_the_past"),
        (1, AHEAD + 1, "wish_too_far"),
    ],
)
def test_days_that_may_not(first: int, last: int, code: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        wish(first, last)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("state", "day", "is_open"),
    [
        (BookingState.REQUESTED, None, True),
        (BookingState.CONFIRMED, TODAY, True),
        (BookingState.CONFIRMED, TODAY - timedelta(days=1), False),
        (BookingState.DECLINED, None, False),
        (BookingState.WITHDRAWN, None, False),
    ],
)
def test_what_is_open(state: BookingState, day: date | None, is_open: bool) -> None:
    assert bookings.is_open(a_booking(state, day), today=TODAY) is is_open


def test_a_day_can_be_set_moved_and_taken_back() -> None:
    first = bookings.confirm(a_booking(), day=TODAY, place="特检所", by="li", today=TODAY)
    later = TODAY + timedelta(days=7)
    moved = bookings.confirm(first, day=later, place="特检所", by="li", today=TODAY)
    gone = bookings.decline(moved, reason="检验员外出", by="li", today=TODAY)

    assert (first.state, first.inspected_on) == (BookingState.CONFIRMED, TODAY)
    assert moved.inspected_on == later
    assert (gone.state, gone.inspected_on, gone.reason) == (
        BookingState.DECLINED,
        None,
        "检验员外出",
    )


def test_no_day_that_has_passed() -> None:
    with pytest.raises(NotAllowed, match="已经过去") as refused:
        bookings.confirm(
            a_booking(), day=TODAY - timedelta(days=1), place="特检所", by="li", today=TODAY
        )
    assert refused.value.code == "day_in_the_past"


YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    "over",
    [
        a_booking(BookingState.DECLINED),
        a_booking(BookingState.WITHDRAWN),
        a_booking(BookingState.CONFIRMED, YESTERDAY),
    ],
)
def test_what_is_over_stays_over(over: Booking) -> None:
    steps = (
        lambda: bookings.confirm(over, day=TODAY, place="x", by="li", today=TODAY),
        lambda: bookings.decline(over, reason="x", by="li", today=TODAY),
        lambda: bookings.withdraw(over, today=TODAY),
    )
    for step in steps:
        with pytest.raises(NotAllowed) as refused:
            step()
        assert refused.value.code == "booking_over"
