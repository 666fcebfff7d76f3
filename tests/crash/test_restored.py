"""A service's database is restored from a backup; the broker comes back with nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.support.cascades import Cascades
from tests.support.platform_on_bus import PlatformOnBus, platform_on_bus
from tests.support.servers import Broker, GivenBroker, GivenPostgres, Postgres

LOAD = 60
MINUTE_SECONDS = 4  # reconciling goes by minutes; short ones, so that nobody waits for them


@pytest.fixture(scope="module")
def platform(
    broker: Broker | GivenBroker, _durable_postgres: Postgres | GivenPostgres
) -> Iterator[PlatformOnBus]:
    """All parts reconcile after seconds instead of minutes."""
    settings = {"BIANQUE_TEST_MINUTE_SECONDS": str(MINUTE_SECONDS)}
    with platform_on_bus(broker, _durable_postgres, **settings) as running:
        yield running.start()


@pytest.mark.parametrize("service", ["credit", "notify"])
def test_a_restored_service_catches_up_by_itself(
    service: str, platform: PlatformOnBus, cascades: Cascades
) -> None:
    """What it forgot is older than what is compared every time, and new messages wait."""
    parts = (f"{service}:events", f"{service}:api")
    cascades.run(LOAD)
    cascades.check_whole()
    for name in parts:
        platform.parts[name].kill()
    backup = platform.databases.backup(service)
    platform.start(*parts)
    cascades.run(LOAD)
    cascades.check_whole()
    forgotten = time.monotonic()
    while time.monotonic() < forgotten + 3 * MINUTE_SECONDS:
        cascades.run(1)
    platform.use_database(service, backup)
    cascades.run(10)
    platform.start(*parts)

    cascades.check_whole_at_last()


def test_a_broker_that_lost_everything_costs_nothing(
    platform: PlatformOnBus, cascades: Cascades
) -> None:
    """Exchanges, queues, and the messages in them."""
    hearers = ("credit:events", "notify:events")
    for name in hearers:
        platform.parts[name].kill()
    cascades.run(LOAD)
    waiting = "evt-inspection-warning_turned_red.v1--credit.on_warning_turned_red"
    platform.wait_until(
        lambda: platform.broker.queues(platform.broker_url)[waiting]["ready"] == LOAD
    )
    platform.lose_vhost()
    platform.start(*hearers)

    cascades.check_whole_at_last()
