"""Turns: what only one process may do at a time, while the others stand by."""

from __future__ import annotations

import threading
from typing import ClassVar, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class Turn(Protocol):
    """A turn at something. It ends with the process that holds it, however that ends."""

    def held(self) -> bool:
        """Whether it is ours now: take it if it is free. Raises DBAPIError if nobody can tell."""

    def give_back(self) -> None:
        """Let another one have it."""


class LocalTurn:
    """Between the threads of one process: an SQLite file has only one process."""

    _taken: ClassVar[dict[str, LocalTurn]] = {}
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, name: str) -> None:
        self.name = name

    def held(self) -> bool:
        with self._guard:
            return self._taken.setdefault(self.name, self) is self

    def give_back(self) -> None:
        with self._guard:
            if self._taken.get(self.name) is self:
                del self._taken[self.name]


class ServerTurn:
    """Between processes: an advisory lock, held by a connection of its own.

    PostgreSQL frees it as soon as the connection is gone, also after kill -9.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self._named = {"name": name}
        self._connection: Connection | None = None

    def held(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            return self._take()
        except DBAPIError:
            self.give_back()
            raise

    def give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), self._named)
        except SQLAlchemyError:  # also: it was lost before, and says so in another way
            connection.invalidate()  # it is closed then, and the server lets go of the lock
        connection.close()

    def _take(self) -> bool:
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            taken = connection.scalar(
                text("SELECT pg_try_advisory_lock(hashtext(:name))"), self._named
            )
        except DBAPIError:
            connection.close()
            raise
        if not taken:
            connection.close()
            return False
        self._connection = connection
        return True
