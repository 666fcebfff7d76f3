"""One service, one database, one transaction for each thing that happens."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast
from weakref import WeakSet

import psycopg
from psycopg.types.array import ListBinaryDumper
from sqlalchemy import (
    Column,
    Engine,
    FromClause,
    StaticPool,
    String,
    Table,
    Text,
    bindparam,
    column,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.chassis.instants import Instant
from services.chassis.turns import LocalTurn, ServerTurn, ServerTurns, Turn

# SQLSTATE: connection lost, rolled back, out of resources, shut down, input and output, a lock
# that is taken, and a server that only reads for a moment because another takes over.
_PASSING = ("08", "40", "53", "57P", "58", "55P03", "25006")
_PASSING_IN_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }
)

__all__ = ["Database", "Instant", "insert_all", "insert_new", "is_passing", "upsert"]

OUTBOX_CHANNEL = "bianque_outbox"
WRITE_WAIT_SECONDS = 60
SLICE = 1000

# A peer that vanished without a word must be noticed in seconds, from both ends.
_SERVER_OPTIONS = (
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 "
    "-c tcp_user_timeout=10000 -c timezone=UTC"
)
_CLIENT_OPTIONS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10000,
    "options": _SERVER_OPTIONS,
}


class Database:
    """The database of one service.

    *source* names the announcer in every envelope, e.g. `/610300/credit`. *pool_size*: as
    many transactions at a time, for the threads of an API (8) or for hearing, relay and the
    jobs that run just then; whoever waits longer than 10 s is told to try again. Turns and
    LISTEN have connections beside it.
    """

    def __init__(self, url: str, *, source: str = "/", pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.source = source
        self.dialect = self.url.get_backend_name()
        self._opened: WeakSet[psycopg.Connection[Any]] = WeakSet()
        self.engine = _engine(url, pool_size, self._opened)
        self._turns_engine = _engine(url, 1, self._opened)
        self._turns = ServerTurns(self._turns_engine)
        self._one_writer = threading.Lock() if self.dialect == "sqlite" else None
        self._when_announced: list[Callable[[], None]] = []

    def when_announced(self, wake: Callable[[], None]) -> None:
        """Call *wake* after each commit that announced something: the relay lives here."""
        self._when_announced.append(wake)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit at the end, roll back on any error."""
        with self._writing(), Session(self.engine, expire_on_commit=False) as session:
            session.info["source"] = self.source
            session.connection(execution_options={"writes": True})
            yield session
            if session.info.get("announced") and not self._when_announced:
                self._tell_other_processes(session)
            session.commit()
        if session.info.get("announced"):
            for wake in self._when_announced:
                wake()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; on SQLite it never waits for a writer."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.rollback()

    def turn(self, name: str) -> Turn:
        """A turn at something that only one process may do at a time."""
        if self.dialect == "postgresql":
            return ServerTurn(self._turns, name)
        return LocalTurn(f"{self.url}#{name}")

    def driver_connection(self) -> psycopg.Connection[Any]:
        """A connection of psycopg itself, outside the pool: for COPY and LISTEN."""
        url = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, **_CLIENT_OPTIONS)

    def close(self) -> None:
        """End every connection, also one that somebody still has in hand."""
        self.engine.dispose()
        self._turns_engine.dispose()
        for connection in list(self._opened):
            connection.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self._one_writer is None:
            yield
            return
        if not self._one_writer.acquire(timeout=WRITE_WAIT_SECONDS):
            raise PoolTimeout("another writer holds on")
        try:
            yield
        finally:
            self._one_writer.release()

    def _tell_other_processes(self, session: Session) -> None:
        if self.dialect == "postgresql":  # once per transaction: NOTIFY serialises commits
            session.execute(text(f"NOTIFY {OUTBOX_CHANNEL}"))


def is_passing(error: BaseException) -> bool:
    """Whether the same work can succeed later unchanged: database away, lock, deadlock.

    By what the server or SQLite calls it: a driver's class of errors holds both kinds.
    """
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    said = error.orig if isinstance(error, DBAPIError) else error  # COPY asks the driver itself
    if isinstance(said, sqlite3.Error):
        return getattr(said, "sqlite_errorcode", 0) % 256 in _PASSING_IN_SQLITE
    state = getattr(said, "sqlstate", None)
    if state is None:  # nobody answered
        return isinstance(said, psycopg.OperationalError)
    return str(state).startswith(_PASSING)


def insert_all(session: Session, table: FromClause, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of the same columns, in one statement for some hundred."""
    for some in _slices(rows):
        session.execute(*_insert(session, table, some))


def insert_new(
    session: Session,
    table: FromClause,
    rows: Sequence[dict[str, Any]],
    *,
    returning: Column[Any] | InstrumentedAttribute[Any],
) -> set[Any]:
    """Insert the rows whose key is not there yet; the values of *returning* that went in."""
    new: set[Any] = set()
    for some in _slices(_in_order(rows, _key_names(table))):
        insert, values = _insert(session, table, some)
        statement = insert.on_conflict_do_nothing().returning(returning)
        new |= set(session.execute(statement, values).scalars())
    return new


def upsert(
    session: Session,
    table: FromClause,
    rows: Sequence[dict[str, Any]],
    *,
    key: Sequence[str],
    newer_by: str | None = None,
) -> set[Any]:
    """Insert or overwrite by *key*; with *newer_by* only where the new row's value is higher.

    Two rows of one key: the one with the higher *newer_by* (else the last) is taken.
    Returns the keys that were written: values for a single key column, else tuples.
    """
    written: set[Any] = set()
    for some in _slices(_in_order(_latest(rows, key, newer_by), key)):
        insert, values = _insert(session, table, some)
        others = {name: insert.excluded[name] for name in some[0] if name not in key}
        newer = insert.excluded[newer_by] > table.c[newer_by] if newer_by else None
        statement = insert.on_conflict_do_update(
            index_elements=list(key), set_=others, where=newer
        ).returning(*(table.c[name] for name in key))
        for row in session.execute(statement, values):
            written.add(row[0] if len(key) == 1 else tuple(row))
    return written


def _insert(session: Session, table: FromClause, rows: Sequence[dict[str, Any]]) -> Any:
    """An INSERT of many rows, and what to execute it with.

    On PostgreSQL the rows go as one array for each column: the statement is short and always
    the same, so neither driver nor server reads thousands of placeholders each time.
    """
    target = cast("Table", table)
    if session.get_bind().dialect.name != "postgresql":
        return sqlite.insert(target), list(rows)
    names = list(rows[0])
    arrays = [bindparam(f"all_{name}", type_=_array_of(target.c[name])) for name in names]
    columns = [column(name, target.c[name].type) for name in names]
    given = func.unnest(*arrays).table_valued(*columns).render_derived(name="given")
    insert = postgresql.insert(target).from_select(names, select(*(given.c[n] for n in names)))
    return insert, {f"all_{name}": [row[name] for row in rows] for name in names}


def _array_of(kept: Column[Any]) -> postgresql.ARRAY[Any]:
    """Texts go without their length: a cast to VARCHAR(6)[] would cut them off in silence."""
    return postgresql.ARRAY(
        Text() if isinstance(kept.type, String) else kept.type, dimensions=1
    )


def _slices(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), SLICE):
        yield rows[start : start + SLICE]


def _latest(
    rows: Sequence[dict[str, Any]], key: Sequence[str], newer_by: str | None
) -> list[dict[str, Any]]:
    latest: dict[Any, dict[str, Any]] = {}
    for row in rows:
        names = tuple(row[name] for name in key)
        known = latest.get(names)
        if known is None or newer_by is None or row[newer_by] > known[newer_by]:
            latest[names] = row
    return list(latest.values())


def _in_order(rows: Sequence[dict[str, Any]], key: Sequence[str]) -> list[dict[str, Any]]:
    """Sorted, so that two transactions meet the same rows in the same order: no deadlock."""
    return sorted(rows, key=lambda row: tuple(str(row.get(name)) for name in key))


def _key_names(table: FromClause) -> list[str]:
    return [column.name for column in table.primary_key]


def _engine(url: str, pool_size: int, opened: WeakSet[psycopg.Connection[Any]]) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args=_CLIENT_OPTIONS,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: psycopg.Connection[Any], _record: Any) -> None:
        # Columns go as arrays (_insert); as text every quote in them would be escaped.
        connection.adapters.register_dumper(list, ListBinaryDumper)
        opened.add(connection)

    return engine


def _sqlite_engine(url: str) -> Engine:
    in_memory = make_url(url).database in (None, "", ":memory:")
    engine = create_engine(
        url,
        connect_args={"timeout": WRITE_WAIT_SECONDS, "check_same_thread": False},
        insertmanyvalues_page_size=SLICE,
        **({"poolclass": StaticPool} if in_memory else {}),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
