"""Whatever order and repetition causes come in, the same messages are told, once each."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.chassis.database import Database
from services.notify.service import NotifyService
from services.notify.store import facts
from tests.services.notify_stories import (
    contact,
    deliveries,
    empty,
    enterprise,
    everything,
    firm,
    kept,
    red,
    service_on,
    tell,
)
from tests.services.notify_told import MAIL, Said, said, sealed_again, status, told


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with kept(request.param, request) as database:
        yield database


@pytest.fixture
def database(_database: Database) -> Database:
    """Every test begins with an empty one."""
    empty(_database)
    return _database


@pytest.fixture
def service(database: Database, tmp_path: Path) -> NotifyService:
    """A bureau with a mail server, which these tests never reach."""
    return service_on(database, tmp_path, smtp_url=MAIL)


STORIES = [*everything(1), *everything(2)]


@pytest.fixture
def in_order(service: NotifyService, database: Database) -> Said:
    """What the right order, each once, comes to."""
    tell(service, STORIES)
    return said(database)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    order=st.permutations(range(len(STORIES))),
    repeated=st.lists(st.integers(0, len(STORIES) - 1), max_size=12),
)
def test_any_order_with_repetitions_tells_the_same(
    service: NotifyService,
    database: Database,
    in_order: Said,
    order: list[int],
    repeated: list[int],
) -> None:
    empty(database)
    tell(service, [STORIES[number] for number in [*order, *repeated]])

    assert said(database) == in_order


def test_facts_that_come_while_a_message_is_being_stored_are_caught_up_with(
    service: NotifyService, database: Database
) -> None:
    tell(service, [red(1), red(2)])
    # another process's transaction stored them and could not see these messages yet
    with database.transaction() as session:
        facts.keep_enterprises(session, [enterprise(1).event, enterprise(2).event])
    assert status(service)["waiting_for_facts"] == {"enterprise": 6}

    service.catch_up()
    assert status(service)["waiting_for_facts"] == {"officer": 2, "address": 2}

    with database.transaction() as session:
        facts.keep_contacts(session, [contact(1).event, contact(2).event])
    service.catch_up()
    assert status(service)["waiting_for_facts"] == {}
    assert [row.state for row in deliveries(database)] == ["due", "due"]


def test_catching_up_takes_more_than_one_helping(
    service: NotifyService, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.handlers.telling.AT_ONCE", 4)
    tell(service, [red(number) for number in range(1, 6)])
    with database.transaction() as session:
        facts.keep_enterprises(session, [enterprise(n).event for n in range(1, 6)])
        facts.keep_contacts(session, [contact(n).event for n in range(1, 6)])
    service.catch_up()

    assert status(service)["waiting_for_facts"] == {}


def test_any_number_of_messages_can_wait_for_one_enterprise(
    service: NotifyService, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.store.messages.SLICE", 7)
    numbers = range(2, 42)
    tell(service, [red(number, enterprise_id=firm(1)) for number in numbers])
    tell(service, [enterprise(1)])
    tell(service, [contact(1)])

    assert status(service)["waiting_for_facts"] == {}
    assert Counter(row.state for row in deliveries(database)) == {"due": 40}


def test_two_hearers_of_the_same_causes_store_them_once(
    service: NotifyService, database: Database
) -> None:
    numbers = range(1, 31)
    tell(service, [enterprise(number) for number in numbers])
    tell(service, [contact(number) for number in numbers])
    heard = [
        [red(number) for number in numbers],
        [sealed_again(red(number)) for number in reversed(numbers)],
    ]
    together = threading.Barrier(2)

    def hear(stories: list[Any]) -> None:
        together.wait()
        tell(service, stories)

    with ThreadPoolExecutor(2) as hearers:
        for done in [hearers.submit(hear, stories) for stories in heard]:
            done.result()

    assert sum(told(database).values()) == 90
    assert len(deliveries(database)) == 30
