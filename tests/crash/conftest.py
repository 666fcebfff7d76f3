"""One platform on a bus for the tests of this folder: they leave it whole, or lose it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cascades import Cascades
from tests.support.installation import Installation
from tests.support.platform_on_bus import PlatformOnBus, platform_on_bus
from tests.support.servers import Broker, GivenBroker, GivenPostgres, Postgres


@pytest.fixture(scope="module")
def platform(
    broker: Broker | GivenBroker, _durable_postgres: Postgres | GivenPostgres
) -> Iterator[PlatformOnBus]:
    """All parts run and can work."""
    with platform_on_bus(broker, _durable_postgres) as running:
        yield running.start()


@pytest.fixture(scope="module")
def cascades(platform: Installation, tmp_path_factory: pytest.TempPathFactory) -> Cascades:
    """The load of that platform, counted over all tests of the module."""
    folder: Path = tmp_path_factory.mktemp("cascades")
    return Cascades(platform, folder)
