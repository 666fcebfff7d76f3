"""A year of the demonstration city, lived day by day, against the same worked out again.

The whole city takes longer: `python -m bench year`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text

from services.chassis.policy import Policy
from tests.support.lived_year import SAID, LivedYear, a_city
from tests.support.recomputed import Recomputation
from tests.support.whole import POLICY

FACTOR = 0.01
DAYS = 365
EVERY = 14  # the sources deliver once a fortnight: much is heard of only after it was done

Year = tuple[LivedYear, Recomputation]


@pytest.fixture(name="year", scope="module")
def _year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Lived once, looked at by every test of this module."""
    with a_city(tmp_path_factory.mktemp("year")) as city:
        yield city, city.live(factor=FACTOR, days=DAYS, every=EVERY)


def messages_of(city: LivedYear) -> Counter[tuple[str, str]]:
    """(template, addressee) of every message."""
    kinds = text("SELECT template, addressee, count(*) FROM message GROUP BY 1, 2")
    with city.platform.services["notify"].database.reading() as session:
        found = session.execute(kinds).all()
    return Counter({(template, addressee): number for template, addressee, number in found})


def total(by_day: dict[date, Counter[str]]) -> Counter[str]:
    return sum(by_day.values(), Counter())


@pytest.mark.timeout(900)
def test_the_colours_of_every_day_are_those_of_the_raw_facts(year: Year) -> None:
    city, again = year

    assert len(city.lived.objects) == DAYS + 1
    assert city.lived.objects == again.expected.objects
    assert city.lived.duties == {day: +c for day, c in again.expected.duties.items()}


def test_every_red_and_every_step_comes_on_its_day_and_once(year: Year) -> None:
    city, again = year

    wanted = {day: +again.expected.said[day] for day in city.lived.said}
    assert city.lived.said == wanted


def test_the_year_had_everything_in_it(year: Year) -> None:
    """A comparison of nothing with nothing would prove nothing."""
    _, again = year

    facts = {fact for each in SAID.values() for fact in each}
    assert {fact for fact, number in total(again.expected.said).items() if number} == facts
    assert {"maintenance", "internal"} <= {held.duty for held in again.expected.held}
    assert {held.over for held in again.expected.held} == {
        None,
        "done",
        "out_of_service",
        "corrected_data",
    }


def test_everybody_was_told_of_every_step_once(year: Year) -> None:
    city, again = year
    policy = Policy.read(POLICY, "baoji-2013")
    said = total(again.expected.said)
    wanted: Counter[tuple[str, str]] = Counter()
    for row in policy.table("addressees", on=date(2014, 12, 13)):
        if row["event"] in said:
            wanted[row["template"], row["addressee"]] += said[row["event"]]

    told = messages_of(city)
    assert {key: told[key] for key in wanted} == dict(wanted)
