"""The tabulated days off of the law, against the law and the sky."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from math import radians, sin
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import yaml

from services.chassis import workdays
from services.chassis.clock import BEIJING

DATA = Path(workdays.__file__).parent / "data"
LAW = yaml.safe_load((DATA / "statutory_days.yaml").read_text(encoding="utf-8"))
EVERY_YEAR, COMPUTED = LAW["every_year"], LAW["computed"]["days"]
DAY = timedelta(days=1)
CLOCK_LAGS = timedelta(seconds=74)  # dynamical time is ahead of the clock by about this much
NOON_OF_2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


def listed(festivals: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    """(name, day) of a list of days, or of a list of lists of days, by name."""
    flat = {
        name: chain.from_iterable(part if isinstance(part, list) else [part] for part in days)
        for name, days in festivals.items()
    }
    return [(name, day) for name, days in flat.items() for day in days]


def new_moon_nearest(day: date) -> datetime:
    """The new moon nearest to a day, Beijing time (Meeus, chapter 49, terms above 20 s)."""
    k = round((day.toordinal() - date(2000, 1, 6).toordinal()) / 29.530588861)
    t = k / 1236.85
    e = 1 - 0.002516 * t
    m = radians(2.5534 + 29.10535670 * k)
    n = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    f = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    o = radians(124.7746 - 1.56375588 * k)
    days = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    days += -0.40720 * sin(n) + 0.17241 * e * sin(m) + 0.01608 * sin(2 * n)
    days += 0.01039 * sin(2 * f) + 0.00739 * e * sin(n - m) - 0.00514 * e * sin(n + m)
    days += 0.00208 * e * e * sin(2 * m) - 0.00111 * sin(n - 2 * f) - 0.00057 * sin(n + 2 * f)
    days += 0.00056 * e * sin(2 * n + m) - 0.00042 * sin(3 * n) + 0.00042 * e * sin(m + 2 * f)
    days += 0.00038 * e * sin(m - 2 * f) - 0.00024 * e * sin(2 * n - m) - 0.00017 * sin(o)
    moment = NOON_OF_2000 + timedelta(days=days - 2451545) - CLOCK_LAGS
    return moment.astimezone(BEIJING)


def sun(moment: datetime) -> float:
    """Apparent longitude of the sun in degrees at a moment (Meeus, chapter 25)."""
    t = (moment + CLOCK_LAGS - NOON_OF_2000) / timedelta(days=36525)
    m = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(m) + 0.019993 * sin(2 * m) + 0.000289 * sin(3 * m)
    nutation = 0.00569 + 0.00478 * sin(radians(125.04 - 1934.136 * t))
    return (280.46646 + 36000.76983 * t + centre - nutation) % 360


@pytest.mark.parametrize("year", range(2027, 2036))
def test_thirteen_statutory_days_rest_in_each_tabulated_year(year: int) -> None:
    solar = [(name, date(year, int(day[:2]), int(day[3:]))) for name, day in listed(EVERY_YEAR)]
    lunar = [(name, day) for name, day in listed(COMPUTED) if day.year == year]

    assert Counter(name for name, _ in solar + lunar) == {
        "元旦": 1,
        "春节": 4,
        "清明节": 1,
        "劳动节": 2,
        "端午节": 1,
        "中秋节": 1,
        "国庆节": 3,
    }
    assert not any(workdays.is_working_day(day) for _, day in solar + lunar)


def test_the_law_of_the_table_held_in_the_years_whose_notices_are_known() -> None:
    solar = [
        date(year, int(day[:2]), int(day[3:]))
        for year in (2025, 2026)
        for _, day in listed(EVERY_YEAR)
    ]

    assert not any(chinese_calendar.is_workday(day) for day in solar)


@pytest.mark.parametrize("year", range(2027, 2036))
def test_the_tabulated_lunar_days_stand_where_the_moon_stands(year: int) -> None:
    of_year = {
        name: sorted(day for each, day in listed(COMPUTED) if (each, day.year) == (name, year))
        for name in ("春节", "端午节", "中秋节")
    }
    eve, first, *_ = of_year["春节"]
    begins = [first, of_year["端午节"][0] - 4 * DAY, of_year["中秋节"][0] - 14 * DAY]

    assert first - eve == DAY
    assert date(year, 1, 21) <= first <= date(year, 2, 20)
    assert [new_moon_nearest(day).date() for day in begins] == begins


@pytest.mark.parametrize("year", range(2027, 2036))
def test_qingming_is_the_day_on_which_the_sun_passes_fifteen_degrees(year: int) -> None:
    [day] = [day for name, day in listed(COMPUTED) if (name, day.year) == ("清明节", year)]
    midnight = datetime(day.year, day.month, day.day, tzinfo=BEIJING)

    assert sun(midnight) <= 15 < sun(midnight + DAY)


def test_the_same_reckoning_finds_the_spring_festivals_of_the_known_years() -> None:
    firsts = [date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17)]

    assert [new_moon_nearest(day).date() for day in firsts] == firsts
