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
    """Between processes: an advisory lock.

    PostgreSQL frees it as soon as the connection is gone, also after kill -9.
    """

    def __init__(self, turns: ServerTurns, name: str) -> None:
        self.turns = turns
        self.name = name

    def held(self) -> bool:
        return self.turns.held(self)

    def give_back(self) -> None:
        self.turns.give_back(self)


class ServerTurns:
    """All turns of one process. One connection of its own holds them.

    They last as long as a relay lives or a sweep runs: out of the pool each of them would keep
    a connection from calls and from its own work, and the jobs of a service are as many as
    the pool has.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._holders: dict[str, ServerTurn] = {}
        self._guard = threading.Lock()  # one statement at a time; and a lock counts its session

    def held(self, turn: ServerTurn) -> bool:
        """Whether it is this one's, taken now if it is free. Raises DBAPIError."""
        with self._guard:
            holder = self._holders.get(turn.name)
            if holder not in (None, turn):
                return False
            try:
                if holder is turn:
                    self._open().execute(text("SELECT 1"))
                    return True
                return self._take(turn)
            except DBAPIError:
                self._lose()
                raise

    def give_back(self, turn: ServerTurn) -> None:
        """Let another one have it."""
        with self._guard:
            if self._holders.get(turn.name) is not turn:
                return
            del self._holders[turn.name]
            try:
                self._open().execute(
                    text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": turn.name}
                )
            except SQLAlchemyError:  # it was lost before: the server has let go of all of them
                self._lose()

    def _take(self, turn: ServerTurn) -> bool:
        taken = self._open().scalar(
            text("SELECT pg_try_advisory_lock(hashtext(:name))"), {"name": turn.name}
        )
        if taken:
            self._holders[turn.name] = turn
        return bool(taken)

    def _open(self) -> Connection:
        if self._connection is None:
            options = {"isolation_level": "AUTOCOMMIT"}
            self._connection = self._engine.connect().execution_options(**options)
        return self._connection

    def _lose(self) -> None:
        """The connection is gone, and every turn with it."""
        connection, self._connection = self._connection, None
        self._holders.clear()
        if connection is not None:
            connection.invalidate()  # it is closed then, and the server lets go of the locks
            connection.close()
