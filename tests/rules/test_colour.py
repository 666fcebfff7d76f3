"""The colours and what closes a red one, against the case books and against themselves."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from dateutil.relativedelta import relativedelta
from hypothesis import given, strategies as st

from services.chassis.policy import Policy
from services.inspection.model import Colour
from services.inspection.rules import closing, colour, months

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
POLICY = Policy.read(ROOT / "services" / "inspection" / "policy.yaml")
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
CYCLES = st.none() | st.integers(1, 240)
NUMBERS = ["yellow_lead_months", "approaching_months", "short_cycle_months"]


def book(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))["案例"]


def yes(word: Any) -> bool:
    return {"是": True, "否": False}[word]


@pytest.mark.parametrize("case", book("colour.yaml"), ids=lambda case: case["情形"])
def test_the_case_book_of_colours(case: dict[str, Any]) -> None:
    due_on, cycle, today = case.get("到期日"), case.get("周期"), case["今天"]
    terms = colour.terms(POLICY, on=today)
    days = case.get("周期日数")
    yellow_on = colour.yellow_on(due_on, cycle, terms, days) if due_on else None
    red_on = colour.red_on(due_on) if due_on else None

    assert colour.colour(yellow_on=yellow_on, red_on=red_on, today=today) == case["结论"]
    assert yellow_on == case.get("转黄日", yellow_on)
    if "临近" in case:
        near = colour.approaching(due_on, cycle, today=today, terms=terms, cycle_days=days)
        assert near is yes(case["临近"])


@pytest.mark.parametrize("case", book("closing.yaml"), ids=lambda case: case["情形"])
def test_the_case_book_of_closing(case: dict[str, Any]) -> None:
    cleared_by = closing.clears(
        was_due_on=case["原到期"],
        done_before_on=case.get("原完成"),
        in_service=yes(case.get("在用", "是")),
        done_on=case.get("完成"),
        due_on=case.get("到期"),
    )

    assert (cleared_by or "不消除") == case["结论"]


@given(day=st.dates(), number=st.integers(-1300, 1300))
def test_months_are_counted_as_relativedelta_counts_them(day: date, number: int) -> None:
    try:
        expected = day + relativedelta(months=number)
    except (ValueError, OverflowError):
        expected = date.max if number > 0 else date.min

    assert months.months_later(day, number) == expected


@given(start=DAYS, number=st.integers(1, 240))
def test_a_period_has_as_many_months_as_were_added(start: date, number: int) -> None:
    until = months.months_later(start, number)

    assert months.whole_months(start, until) == number


@given(start=DAYS, number=st.integers(1, 240))
def test_a_period_that_ends_the_day_before_has_as_many_months(start: date, number: int) -> None:
    last_day = months.months_later(start, number) - timedelta(days=1)

    assert months.whole_months(start, last_day) == number


@given(due_on=st.dates(), cycle=CYCLES)
def test_yellow_always_comes_before_red(due_on: date, cycle: int | None) -> None:
    terms = colour.terms(POLICY, on=date(2026, 11, 20))

    assert colour.yellow_on(due_on, cycle, terms) <= due_on <= colour.red_on(due_on)


@given(done_on=DAYS, cycle=st.integers(1, 240))
def test_what_has_just_been_inspected_is_green(done_on: date, cycle: int) -> None:
    terms = colour.terms(POLICY, on=date(2026, 11, 20))
    due_on = months.months_later(done_on, cycle)

    yellow_on, red_on = colour.yellow_on(due_on, cycle, terms), colour.red_on(due_on)

    assert colour.colour(yellow_on=yellow_on, red_on=red_on, today=done_on) is Colour.GREEN


@given(due_on=DAYS, cycle=CYCLES, today=DAYS)
def test_the_colour_stays_until_the_next_change_and_is_another_then(
    due_on: date, cycle: int | None, today: date
) -> None:
    terms = colour.terms(POLICY, on=date(2026, 11, 20))
    runs = {
        "yellow_on": colour.yellow_on(due_on, cycle, terms),
        "red_on": colour.red_on(due_on),
    }

    changes_on = colour.next_change_on(**runs, today=today)

    now = colour.colour(**runs, today=today)
    if changes_on is None:
        assert colour.colour(**runs, today=date.max) is now
    else:
        assert colour.colour(**runs, today=changes_on - timedelta(days=1)) is now
        assert colour.colour(**runs, today=changes_on).severity > now.severity


@pytest.mark.parametrize("profile", ["cn-current", "baoji-2013"])
@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2013, 12, 12), date(2026, 11, 20)])
def test_every_number_is_in_force_from_2000_on(profile: str, day: date) -> None:
    policy = Policy.read(ROOT / "services" / "inspection" / "policy.yaml", profile)

    assert [policy.number(name, on=day) for name in NUMBERS] == [6, 7, 6]
