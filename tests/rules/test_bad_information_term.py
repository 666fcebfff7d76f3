"""The term for correction: fifteen days, rest days, years without a notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from services.chassis import workdays
from services.chassis.policy import Policy
from services.credit.model import (
    FixTerm,
)
from services.credit.rules import (
    last_day_to_correct,
    settle,
)
from tests.rules.bad_information_facts import (
    BAOJI,
    CURRENT,
    DAY,
    known,
    published,
    red,
)


@pytest.mark.parametrize("policy", [BAOJI, CURRENT], ids=lambda policy: policy.profile)
@given(on=st.dates(date(2014, 1, 1), date(2026, 12, 1)))
def test_the_term_is_fifteen_days_and_then_the_rest_days_that_follow(
    policy: Policy, on: date
) -> None:
    """Counted again, one day at a time, from the sentence of the source."""
    day, counted = on, 0
    while counted < 15 or not workdays.is_working_day(day):
        day += DAY
        counted += 1

    assert last_day_to_correct(on, policy).day == day


@pytest.fixture
def notice_of_2027(tmp_path: Path) -> Iterator[None]:
    """The State Council's notice for 2027 as a bureau types it in; the 4th is a day off."""
    notice = tmp_path / "2027.csv"
    lines = ["day,works,name,source"]
    lines += [f"2027-01-0{day},否,元旦,放假通知" for day in (1, 2, 3, 4)]
    notice.write_text("\n".join(lines), encoding="utf-8")
    workdays.load(notice)
    yield
    workdays.load(None)


def test_a_provisional_term_moves_when_the_notice_of_that_year_is_known(
    request: pytest.FixtureRequest,
) -> None:
    entry = published(on=date(2026, 12, 17))
    assert entry.provisional
    assert entry.next_step_on == date(2027, 1, 5)
    request.getfixturevalue("notice_of_2027")

    taken = settle(known(red()), entry, today=date(2027, 1, 5), policy=BAOJI)

    assert [one.step for one in taken] == [
        FixTerm(date(2026, 12, 17), date(2027, 1, 5), moved=True)
    ]
    assert taken[0].entry.next_step_on == date(2027, 1, 6)
    assert not taken[0].entry.provisional


def test_a_term_never_ends_earlier_than_it_was_announced(
    request: pytest.FixtureRequest,
) -> None:
    told = replace(published(on=date(2026, 12, 17)), last_day_to_correct=date(2027, 1, 8))
    request.getfixturevalue("notice_of_2027")

    [taken] = settle(known(red()), told, today=date(2027, 1, 8), policy=BAOJI)

    assert taken.step == FixTerm(date(2026, 12, 17), date(2027, 1, 8), moved=False)
    assert taken.entry.last_day_to_correct == date(2027, 1, 8)
