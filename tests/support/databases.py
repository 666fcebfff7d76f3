"""The databases of the services on a PostgreSQL of the tests: asked, copied, restored."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from services.chassis.settings import SERVICES
from tests.support.servers import GivenPostgres, Postgres

AWAY_SECONDS = 60
LOOK_SECONDS = 0.1


class Databases:
    """One for each service, and copies of them."""

    def __init__(self, postgres: Postgres | GivenPostgres) -> None:
        """Fresh and empty ones; `urls` are those in use, by service."""
        self.postgres = postgres
        self.urls = {service: postgres.database(service) for service in SERVICES}
        self._made = list(self.urls.values())
        self._connections: dict[str, psycopg.Connection] = {}

    def rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """Asked of the service's own database; again while the server is away."""
        deadline = time.monotonic() + AWAY_SECONDS
        while True:
            try:
                connection = self._connected(self.urls[service])
                return connection.execute(query.encode()).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(LOOK_SECONDS)

    def change(self, service: str, statement: str) -> None:
        """Change something that no service would."""
        self._connected(self.urls[service]).execute(statement.encode())

    def fresh(self, service: str) -> str:
        """The address of a further, empty database."""
        url = self.postgres.database(service)
        self._made.append(url)
        return url

    def backup(self, service: str) -> str:
        """The address of a copy as it is now. The service's parts must not run."""
        self._close(self.urls[service])
        copy = self.fresh(service)
        self.postgres.drop(copy)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name_of(copy)), sql.Identifier(name_of(self.urls[service]))
        )
        with psycopg.connect(plain(self.postgres.url()), autocommit=True) as connection:
            connection.execute(statement)
        return copy

    def drop(self) -> None:
        """Drop all of them; the server is brought back for that."""
        self.postgres.start()
        for url in self._made:
            self._close(url)
            self.postgres.drop(url)

    def _connected(self, url: str) -> psycopg.Connection:
        known = self._connections.get(url)
        if known is not None and not known.closed:  # a broken one counts as closed
            return known
        opened = psycopg.connect(plain(url), autocommit=True, connect_timeout=10)
        self._connections[url] = opened
        return opened

    def _close(self, url: str) -> None:
        known = self._connections.pop(url, None)
        if known is not None:
            known.close()


def plain(url: str) -> str:
    """As the driver itself wants it."""
    return url.replace("+psycopg", "")


def name_of(url: str) -> str:
    """The database in an address."""
    return make_url(url).database or ""


def of_this_kind(declared: Any, dialect: str) -> bool:
    """Some indexes are there on one kind of database only."""
    only = getattr(declared, "_ddl_if", None)
    return only is None or only.dialect == dialect
