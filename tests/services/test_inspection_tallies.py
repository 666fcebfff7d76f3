"""The counters of the dashboards: right after everything, and compared with a recount."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, update

from services.chassis import api
from services.chassis.database import Database
from services.events.registry import ObjectStatus
from services.inspection.api import blueprint
from services.inspection.handlers import evaluation, tallying
from services.inspection.store import tallies
from services.inspection.store.tables import DutyRow, TallyRow
from tests.services.inspection_stories import (
    TODAY,
    crane,
    done,
    empty,
    evaluate,
    later,
    opened,
    rows,
    service_on,
    tell,
)
from tests.services.visit_stories import CITY, TOKEN

A_DAY = timedelta(days=1)


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("inspection")) as database:
        yield database


def a_town(seed: int) -> list[tuple[int, date]]:
    chance = random.Random(seed)
    return [
        (n, TODAY + timedelta(chance.randrange(-60, 400))) for n in range(chance.randrange(9))
    ]


def live_through(database: Database, seed: int) -> None:
    """Objects come, change, are stopped, moved; days pass; the counters are folded at times."""
    chance = random.Random(seed)
    known = {n: crane(n, done(due_on=due_on)) for n, due_on in a_town(seed)}
    if known:
        tell(database, *known.values())
    for day in range(chance.randrange(1, 5)):
        evaluate(database, TODAY + 30 * day * A_DAY)
        for number in list(known)[:3]:
            changes = chance.choice(
                [
                    {"status": ObjectStatus.STOPPED},
                    {"status": ObjectStatus.IN_USE},
                    {"division": "610331"},
                    {"class_code": "4310"},
                    {"records": (done(due_on=TODAY + timedelta(chance.randrange(500))),)},
                ]
            )
            known[number] = later(known[number], **changes)
            tell(database, known[number])
        if chance.random() < 0.5:
            tallying.fold(database)


def differing(database: Database) -> int:
    with database.reading() as session:
        return len(tallies.differences(session)[1])


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_whatever_happens_the_counters_are_what_a_recount_finds(
    database: Database, seed: int
) -> None:
    empty(database)
    live_through(database, seed)

    assert differing(database) == 0


def test_an_evaluation_that_is_killed_leaves_the_counters_right(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "SLICE", 2)
    tell(database, *(crane(n, done(due_on=TODAY - A_DAY)) for n in range(6)))
    raised = 0

    def killed(*_: object) -> int:
        nonlocal raised
        raised += 1
        if raised == 3:
            raise KeyboardInterrupt
        return 0

    monkeypatch.setattr(evaluation, "_raise_reds", killed)
    with pytest.raises(KeyboardInterrupt):
        evaluate(database)

    assert differing(database) == 0


def test_folding_changes_nothing_that_is_shown(database: Database) -> None:
    tell(database, crane(1, done(due_on=TODAY)), crane(2), crane(3, done(due_on=TODAY)))
    evaluate(database)
    with database.reading() as session:
        before = tallies.counts(session, [], by_class=True)

    folded, again = tallying.fold(database), tallying.fold(database)

    with database.reading() as session:
        assert tallies.counts(session, [], by_class=True) == before
    assert folded > 0
    assert again == 0
    assert rows(database, "tally_change") == []


def test_a_difference_is_an_alarm_repaired_and_on_record(database: Database) -> None:
    tell(database, crane(1, done(due_on=TODAY)))
    tallying.fold(database)
    with database.transaction() as session:
        session.execute(delete(TallyRow))

    found = tallying.compare(database, on=TODAY)

    assert (found, differing(database)) == (2, 0)
    [check] = rows(database, "tally_check")
    assert {each["what"]: each["number"] for each in check["differences"]} == {
        "objects": 1,
        "duties": 1,
    }
    assert tallying.DIFFERENCES._value.get() == 2


def test_it_is_compared_once_a_day(database: Database) -> None:
    first = tallying.compare_if_due(database, on=TODAY)
    again = tallying.compare_if_due(database, on=TODAY)
    tomorrow = tallying.compare_if_due(database, on=TODAY + A_DAY)

    assert (first, again, tomorrow) == (0, None, 0)


def test_a_change_past_the_mechanics_is_found_in_the_night(database: Database) -> None:
    tell(database, crane(1, done(due_on=TODAY)))
    with database.transaction() as session:
        session.execute(update(DutyRow).values(colour="red"))

    assert tallying.compare(database, on=TODAY) == 2


@pytest.fixture
def client(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    service = service_on(database, tmp_path)
    return api.create_app(service, TOKEN, blueprint(service)).test_client()


def test_counts_come_class_by_class_within_the_scope(
    database: Database, client: FlaskClient
) -> None:
    tell(database, crane(1, done(due_on=TODAY)), crane(4, class_code="4310"), crane(2))
    evaluate(database)
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": CITY}

    told = client.get("/counts?by_class=1&division=610302", headers=headers).json

    assert [(each["class_code"], each["colour"], each["objects"]) for each in told or ()] == [
        ("4110", "yellow", 1),
        ("4310", "grey", 1),
    ]
