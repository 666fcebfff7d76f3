"""Which failures pass by themselves, so that the same work is done again later."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    OperationalError,
    TimeoutError as PoolTimeout,
)

from services.chassis.database import is_passing

PASSING_IN_SQLITE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_BUSY_SNAPSHOT,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_FULL,
)


def in_sqlite(code: int) -> OperationalError:
    said = sqlite3.OperationalError("said in words")
    said.sqlite_errorcode = code
    return OperationalError("SELECT 1", None, said)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", None, psycopg.OperationalError()),
        PoolTimeout(),
        psycopg.errors.AdminShutdown(),  # in the middle of a COPY, which SQLAlchemy does not see
        psycopg.errors.DeadlockDetected(),
        psycopg.OperationalError("the connection is lost"),
        psycopg.errors.ReadOnlySqlTransaction(),  # another server takes over
        psycopg.errors.DiskFull(),
        *(in_sqlite(code) for code in PASSING_IN_SQLITE),
    ],
)
def test_a_database_that_is_away_or_busy_passes(error: Exception) -> None:
    assert is_passing(error)


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("INSERT", None, psycopg.errors.UniqueViolation()),
        DataError("INSERT", None, psycopg.errors.StringDataRightTruncation()),
        psycopg.errors.StringDataRightTruncation(),
        ValueError("a handler's own"),
        OperationalError("INSERT", None, psycopg.errors.ProgramLimitExceeded()),
        OperationalError("SELECT", None, psycopg.errors.QueryCanceled()),
        in_sqlite(sqlite3.SQLITE_ERROR),  # no such table, too many variables
    ],
)
def test_what_the_message_itself_is_to_blame_for_does_not_pass(error: Exception) -> None:
    assert not is_passing(error)
