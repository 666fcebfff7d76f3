"""What an import costs that nobody reads: small files come by the hour, from every source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import CacheStats

from services.chassis.database import Database
from tests.services.registry_stories import (
    ENTERPRISES,
    TODAY,
    Registry,
    Urls,
    elevator,
    enterprise,
    opened,
)


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


def compiled_anew(database: Database) -> list[str]:
    """From now on every statement that SQLAlchemy had to put into words again."""
    found: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _noted(_c: Any, _u: Any, statement: str, _p: Any, context: Any, _many: bool) -> None:
        if context is not None and context.cache_hit is CacheStats.CACHE_MISS:
            found.append(statement)

    return found


def test_the_statements_of_an_import_are_put_into_words_once(
    database: Database, tmp_path: Path
) -> None:
    registry = Registry(database, tmp_path)
    registry.take([enterprise(1)], ENTERPRISES)
    registry.take([elevator(1)])
    anew = compiled_anew(database)

    registry.take([enterprise(2)], ENTERPRISES)
    registry.take([elevator(2)])

    assert anew == []
