"""The servers every test may ask for. They start when the first test asks, once per run."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.servers import (
    Broker,
    GivenBroker,
    GivenPostgres,
    Postgres,
    a_broker,
    a_postgres,
)


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker | GivenBroker]:
    """A RabbitMQ. A test that kills it need not bring it back: `vhost_url` does."""
    with a_broker() as running:
        yield running


@pytest.fixture
def vhost_url(broker: Broker | GivenBroker) -> Iterator[str]:
    """The AMQP address of a fresh vhost for this test."""
    broker.start()
    url = broker.vhost()
    yield url
    if broker.running:
        broker.delete_vhost(url)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres | GivenPostgres]:
    """A PostgreSQL that is fast and would not outlive a power cut (fsync is off)."""
    with a_postgres(fsync=False) as running:
        yield running


@pytest.fixture(scope="session")
def _durable_postgres() -> Iterator[Postgres | GivenPostgres]:
    with a_postgres() as running:
        yield running


@pytest.fixture
def durable_postgres(
    _durable_postgres: Postgres | GivenPostgres,
) -> Postgres | GivenPostgres:
    """A PostgreSQL that keeps its promises (fsync is on), to be killed in tests."""
    return _durable_postgres.start()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Gives `url(name)`: a fresh database per name, the same for the same name in one test.

    Every test that asks for it runs once on SQLite and once on PostgreSQL.
    """
    urls: dict[str, str] = {}
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("databases")
        yield lambda name: urls.setdefault(name, f"sqlite:///{folder / name}.db")
        return

    server: Postgres | GivenPostgres = request.getfixturevalue("postgres")

    def url(name: str) -> str:
        if name not in urls:
            urls[name] = server.database(name)
        return urls[name]

    yield url
    for made in urls.values():
        server.drop(made)
