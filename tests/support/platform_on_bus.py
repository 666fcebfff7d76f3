"""The whole platform on RabbitMQ and PostgreSQL, as processes that a test may kill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from services.chassis.settings import SERVICES
from services.command.client import OverHttp
from tests.support.databases import Databases
from tests.support.installation import KEYS, TOKEN, Installation
from tests.support.parts import Part, clean_environ, free_port_block, orders_of
from tests.support.runs import RunFolder
from tests.support.servers import Broker, GivenBroker, GivenPostgres, Postgres, vhost_of

PARTS = tuple(f"{service}:{role}" for service in SERVICES for role in ("events", "api"))
READY_SECONDS = 60


class PlatformOnBus(Installation):
    """Four databases, one virtual host, and the parts that a test starts."""

    def __init__(
        self,
        broker: Broker | GivenBroker,
        postgres: Postgres | GivenPostgres,
        runs: RunFolder,
        **settings: str,
    ) -> None:
        """Nothing happens before `migrate`. *settings* go over the ones of all tests."""
        self.broker = broker
        self.broker_url = broker.vhost("platform")
        self.databases = Databases(postgres)
        self.parts: dict[str, Part] = {}
        self.beside: list[Part] = []
        urls = self.databases.urls
        super().__init__(
            runs,
            {
                **clean_environ(),
                "BIANQUE_VAR": str(runs.path / "var"),
                "BIANQUE_BROKER_URL": self.broker_url,
                **{f"BIANQUE_{s.upper()}_DATABASE_URL": urls[s] for s in SERVICES},
                "BIANQUE_API_TOKEN": TOKEN,
                "BIANQUE_PERSONAL_KEYS": KEYS,
                "BIANQUE_PORT": str(free_port_block()),
                "BIANQUE_PROFILE": "baoji-2013",
                "BIANQUE_CALENDAR": "0",
                "BIANQUE_TEST_ORDERS": str(orders_of(runs)),
                **settings,
            },
        )

    @property
    def api(self) -> OverHttp:
        """Each service answers on a port of its own."""
        return OverHttp({s: self.settings.api_url(s) for s in SERVICES}, TOKEN)

    def migrate(self) -> PlatformOnBus:
        """Bring the databases and the queues to this version."""
        done = self.command("migrate")
        assert done.returncode == 0, done.stderr
        return self

    def start(self, *names: str, wait: bool = True) -> PlatformOnBus:
        """All parts, or those named like `credit:events`; return when they can work."""
        for name in names or PARTS:
            if name not in self.parts:
                self.parts[name] = Part(name, self.environ, self.runs)
            self.parts[name].start()
        if isinstance(self.broker, Broker):
            self.broker.wait_for_disk()
        return self.wait_until_ready(*(names or PARTS)) if wait else self

    def restart(self, name: str, **extra: str) -> PlatformOnBus:
        """Kill a part and start it with further settings; return when it can work."""
        self.parts[name].kill()
        self.parts[name].start(**extra)
        return self.wait_until_ready(name)

    def start_beside(self, name: str) -> Part:
        """A further process of a part that runs already, on ports of its own."""
        port = str(free_port_block())
        part = Part(name, {**self.environ, "BIANQUE_PORT": port}, self.runs).start()
        self.beside.append(part)
        return part

    def use_database(self, service: str, url: str) -> None:
        """Kill the parts of a service; when they are started again, this is their database."""
        name = f"BIANQUE_{service.upper()}_DATABASE_URL"
        self.databases.urls[service] = self.environ[name] = url
        for role in ("events", "api"):
            part = self.parts[f"{service}:{role}"]
            part.kill()
            part.environ[name] = url

    def wait_until_ready(self, *names: str) -> PlatformOnBus:
        """Until the parts of these names, else all that were started, can work."""
        for name in names or tuple(self.parts):
            self.wait_until(self.parts[name].ready, READY_SECONDS)
        return self

    def rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """Asked of the service's own database; again while the server is away."""
        return self.databases.rows(service, query)

    def waits(self) -> bool:
        """In an outbox, in a queue, unacknowledged, or parked to be tried again."""
        if self._outboxes_or_parked_wait():
            return True
        queues = self.broker.queues(self.broker_url)
        return any(q["messages"] for name, q in queues.items() if name.startswith("evt-"))

    def last_words(self) -> str:
        """The ends of the logs of all parts."""
        return "\n".join(p.last_words() for p in (*self.parts.values(), *self.beside))

    def lose_vhost(self) -> None:
        """The broker comes back empty, as with a new disk."""
        vhost, user = vhost_of(self.broker_url), urlsplit(self.broker_url).username
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.broker.delete_vhost(self.broker_url)
        self.broker.api("PUT", f"vhosts/{vhost}")
        self.broker.api("PUT", f"permissions/{vhost}/{user}", everything)

    def set_delivery_limit(self, deliveries: int, *, queues: str) -> None:
        """Lower than the platform's own, for the queues whose names match."""
        policy = {
            "pattern": queues,
            "definition": {"delivery-limit": deliveries},
            "apply-to": "queues",
        }
        self.broker.api("PUT", f"policies/{vhost_of(self.broker_url)}/limit", policy)

    def close(self) -> None:
        """Kill what runs; drop databases and virtual host, whose servers are brought back."""
        self.runs.remove()
        self.databases.drop()
        self.broker.start()
        self.broker.delete_vhost(self.broker_url)


@contextmanager
def platform_on_bus(
    broker: Broker | GivenBroker, postgres: Postgres | GivenPostgres, **settings: str
) -> Iterator[PlatformOnBus]:
    """Fresh databases and a fresh virtual host, migrated; nothing started yet."""
    runs = RunFolder("platform")
    try:
        platform = PlatformOnBus(broker.start(), postgres.start(), runs, **settings)
        try:
            yield platform.migrate()
        finally:
            platform.close()
    finally:
        runs.remove()
