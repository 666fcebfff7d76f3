"""A process dies, as by kill -9, before and after every commit, publication, acknowledgement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.cascades import Cascades
from tests.support.part_that_may_die import KILLED
from tests.support.platform_on_bus import PlatformOnBus, platform_on_bus
from tests.support.servers import Broker, GivenBroker, GivenPostgres, Postgres

LOAD = 60
BATCH = 10  # so that one load passes each boundary several times
FIRST, LATER = 1, 3

# Who passes a boundary. The API of a service has each of its boundaries once in a call.
EVENTS = ("inspection:events", "credit:events", "notify:events")
ANNOUNCERS = ("registry:events", "inspection:events", "credit:events")
APIS = ("registry:api", "inspection:api")
PASSED = {
    "before_commit": (*EVENTS, *APIS),
    "after_commit": (*EVENTS, *APIS),
    "before_publish": ANNOUNCERS,
    "after_publish": ANNOUNCERS,
    "before_ack": EVENTS,
    "after_ack": EVENTS,
}


@pytest.fixture(scope="module")
def platform(
    broker: Broker | GivenBroker, _durable_postgres: Postgres | GivenPostgres
) -> Iterator[PlatformOnBus]:
    """All parts work in small batches."""
    settings = {"BIANQUE_TEST_BATCH": str(BATCH)}
    with platform_on_bus(broker, _durable_postgres, **settings) as running:
        yield running.start()


@pytest.mark.parametrize("boundary", PASSED)
def test_dying_at_a_boundary_loses_nothing_and_repeats_nothing(
    boundary: str, platform: PlatformOnBus, cascades: Cascades
) -> None:
    """Everybody who passes it dies there, at the first passing and, but for APIs, a later."""
    deaths = {name: [FIRST] if name in APIS else [FIRST, LATER] for name in PASSED[boundary]}
    for name, passings in deaths.items():
        platform.parts[name].die_at(boundary, passings[0])
    with cascades.running(LOAD):
        platform.wait_until(lambda: not revive_the_dead(platform, boundary, deaths))

    cascades.check_whole()


def revive_the_dead(
    platform: PlatformOnBus, boundary: str, deaths: dict[str, list[int]]
) -> bool:
    """Start again who has died, to die once more if it is still to. Whether one is."""
    for name, passings in deaths.items():
        part = platform.parts[name]
        if passings and part.ended() is not None:
            assert part.ended() == KILLED, part.last_words()
            passings.pop(0)
            part.start()
            if passings:
                part.die_at(boundary, passings[0])
    return any(deaths.values())
