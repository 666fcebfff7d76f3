"""The broker or PostgreSQL is killed or stopped, or the line to it is cut."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.support.cascades import Cascades
from tests.support.platform_on_bus import PlatformOnBus
from tests.support.servers import Broker, Cut, Postgres
from tests.support.waiting import eventually

LOAD = 2000
A_MINUTE = 60
LONGER_THAN_THE_HEARTBEAT = 15  # seconds; the heartbeat is 5


def messages(platform: PlatformOnBus) -> int:
    """How many messages there are: the clock for the moment of a fault."""
    return platform.count("notify", "message")


def objects(platform: PlatformOnBus) -> int:
    """How many objects inspection has heard of: the same, earlier on the way."""
    return platform.count("inspection", "subject")


def wait_until_the_middle(platform: PlatformOnBus, began: int, load: int = LOAD) -> None:
    """Some have been told of their red warnings, most have not."""
    assert eventually(lambda: messages(platform) > began + load // 2, 120)


@contextmanager
def lines_that_can_be_cut(platform: PlatformOnBus) -> Iterator[tuple[Cut, Cut]]:
    """From notify to the broker, and from credit to PostgreSQL."""
    broker, database = platform.broker_url, platform.databases.urls["credit"]
    with Cut.before(broker) as to_broker, Cut.before(database) as to_database:
        platform.restart("notify:events", BIANQUE_BROKER_URL=to_broker.through(broker))
        platform.restart(
            "credit:events", BIANQUE_CREDIT_DATABASE_URL=to_database.through(database)
        )
        yield to_broker, to_database
        platform.restart("notify:events")
        platform.restart("credit:events")


def test_the_broker_killed_in_the_middle_and_started_again(
    broker: Broker, platform: PlatformOnBus, cascades: Cascades
) -> None:
    began = messages(platform)
    with cascades.running(LOAD):
        wait_until_the_middle(platform, began)
        broker.kill()
        broker.start()

    cascades.check_whole()


def test_the_broker_away_for_a_minute_while_evaluation_goes_on(
    broker: Broker, platform: PlatformOnBus, cascades: Cascades
) -> None:
    cascades.take_in(200)
    cascades.wait_until_heard()
    broker.stop()
    stopped = time.monotonic()
    cascades.evaluate()
    cascades.take_in(100)
    time.sleep(A_MINUTE - (time.monotonic() - stopped))  # the minute is the scenario
    broker.start()

    cascades.check_works_again(since=time.monotonic())
    cascades.check_whole()


@pytest.mark.parametrize("how", [Postgres.stop, Postgres.kill], ids=["fast stop", "kill -9"])
def test_postgresql_ended_in_the_middle_and_started_again(
    how: Callable[[Postgres], None],
    durable_postgres: Postgres,
    platform: PlatformOnBus,
    cascades: Cascades,
) -> None:
    told, known = messages(platform), objects(platform)
    with cascades.running(LOAD):
        assert eventually(lambda: objects(platform) > known + LOAD // 2, 120)
        how(durable_postgres)
        durable_postgres.start()
        wait_until_the_middle(platform, told)
        how(durable_postgres)
        durable_postgres.start()
    cascades.check_whole()

    how(durable_postgres)
    durable_postgres.start()
    cascades.check_works_again(since=time.monotonic())


def test_lines_silent_for_longer_than_the_heartbeat(
    platform: PlatformOnBus, cascades: Cascades
) -> None:
    """Nobody is told that a line is dead; then it is mended, and what waited arrives."""
    with lines_that_can_be_cut(platform) as lines, cascades.running(LOAD // 4):
        wait_until_the_middle(platform, messages(platform), LOAD // 4)
        for line in lines:
            line.freeze()
        time.sleep(LONGER_THAN_THE_HEARTBEAT)  # the silence is the scenario
        for line in lines:
            line.thaw()
        ended = time.monotonic()
        cascades.check_works_again(since=ended)
        cascades.check_whole()


def test_lines_broken_and_nobody_answers_for_a_while(
    platform: PlatformOnBus, cascades: Cascades
) -> None:
    """As with a host without power. Messages that only wait are not taken for killers."""
    platform.set_delivery_limit(1, queues="--credit[.]")
    with lines_that_can_be_cut(platform) as lines:
        for line in lines:
            line.freeze()
            line.drop()
        with cascades.running(LOAD // 4):
            time.sleep(2 * LONGER_THAN_THE_HEARTBEAT)  # the absence is the scenario
            for line in lines:
                line.thaw()
        ended = time.monotonic()
        cascades.check_works_again(since=ended)
        cascades.check_whole()
