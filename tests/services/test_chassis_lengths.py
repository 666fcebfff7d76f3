"""A text longer than its column is refused or kept whole; it is never cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from services.chassis.database import Database, insert_all, insert_new, upsert

PLACE = Table(
    "place",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("division", String(6)),
)
ROWS: list[dict[str, Any]] = [{"id": 1, "division": "610303-and-more"}]

WAYS: dict[str, Callable[[Session], object]] = {
    "insert all": lambda session: insert_all(session, PLACE, ROWS),
    "insert new": lambda session: insert_new(session, PLACE, ROWS, returning=PLACE.c.id),
    "upsert": lambda session: upsert(session, PLACE, ROWS, key=["id"]),
}


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    database = Database(database_url("lengths"))
    PLACE.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_text_that_is_too_long_is_never_cut_off(way: str, database: Database) -> None:
    with suppress(DataError), database.transaction() as session:
        WAYS[way](session)

    with database.reading() as session:
        assert session.scalars(select(PLACE.c.division)).all() in ([], ["610303-and-more"])
