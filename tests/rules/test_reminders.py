"""The reminder ladder, against its case book."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from services.chassis.policy import Policy
from services.inspection.rules import reminders
from services.inspection.rules.months import months_earlier
from services.inspection.rules.reminders import Step

ROOT = Path(__file__).parents[2]
BOOK = Path(__file__).parent / "cases" / "reminders.yaml"
CASES = yaml.safe_load(BOOK.read_text(encoding="utf-8"))["案例"]
POLICY = Policy.read(ROOT / "services" / "inspection" / "policy.yaml")
LADDER = reminders.ladder(POLICY, on=date(2026, 11, 20))
DUE_ON = date(2027, 5, 31)
DAYS = st.integers(0, 500).map(lambda days: DUE_ON - timedelta(days=250) + timedelta(days))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["情形"])
def test_the_case_book(case: dict[str, Any]) -> None:
    due_on = case["到期"]
    yellow_on = case.get("转黄", months_earlier(due_on, 6))

    step = reminders.step(due_on, yellow_on, LADDER, today=case["今天"])

    assert step == Step(case.get("级别"), digest=case.get("汇总") == "是", next_on=case["下次"])


@given(st.lists(DAYS, min_size=1, max_size=12).map(sorted))
def test_whenever_it_looks_each_rung_comes_in_order_and_the_next_look_lies_ahead(
    looks: list[date],
) -> None:
    steps = [reminders.step(DUE_ON, date(2026, 11, 30), LADDER, today=day) for day in looks]

    told = [step.rung for step in steps if step.rung is not None]
    assert told == sorted(told, reverse=True)
    assert all(
        step.next_on and step.next_on > day for step, day in zip(steps, looks, strict=True)
    )


def test_a_ladder_without_rungs_after_the_due_date_still_ends_in_the_digest() -> None:
    ladder = reminders.Ladder(rungs=(30, 0), digest_days=10)

    step = reminders.step(DUE_ON, date(2026, 11, 30), ladder, today=date(2027, 6, 10))

    assert step == Step(None, digest=True, next_on=date(2027, 6, 20))
    assert reminders.is_long_overdue_since(ladder, today=date(2027, 6, 10)) == DUE_ON
