"""The box finds as much as a plain scan of all names, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from sqlalchemy import delete, insert, update

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.scope import Scope
from services.registry.rules import searching
from services.registry.store.search import asking, indexing
from services.registry.store.search.narrowing import Asked
from services.registry.store.tables import (
    EnterpriseRow,
    FormerNameRow,
    SearchEntryRow,
)
from tests.services.registry_stories import (
    TODAY,
    Urls,
    opened,
)

EVERYTHING = Scope(frozenset({"*"}))


@pytest.fixture
def database(database_url: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", TODAY.isoformat())
    with opened(database_url("registry")) as database:
        yield database


CHARACTERS = "宝鸡市鹏盛长乐重行钛业有限公司Aaあé株１1-（）％_ "


made_up = st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=10)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_nothing_is_missed_that_a_plain_scan_finds(database: Database, data: Any) -> None:
    names = data.draw(st.lists(made_up, min_size=1, max_size=8))
    again = data.draw(st.lists(made_up, max_size=len(names)))
    ids = _recorded(database, names, again)
    now = [*again, *names[len(again) :]]
    of = data.draw(st.sampled_from([*names, *again]))
    text = of[data.draw(st.integers(0, 5)) :][: data.draw(st.integers(2, 6))]
    part = searching.plain(text)
    assume(len(part) >= 2)

    with database.reading() as session:
        found = asking.enterprises(
            session, Asked(text=text), scope=EVERYTHING, after=0, limit=100
        )

    plainly = {
        key
        for key, *called in zip(ids, names, now, strict=True)
        if any(part in line for line in searching.words(called).split("\n"))
    }
    assert {
        key
        for key, *called in zip(ids, names, now, strict=True)
        if any(text in c for c in called)
    } <= plainly
    assert {one["id"] for one in found} == plainly


def _recorded(database: Database, names: list[str], again: list[str]) -> list[UUID]:
    """Enterprises of these names, some of them renamed afterwards."""
    ids = [uuid4() for _ in names]
    with database.transaction() as session:
        for table in (EnterpriseRow, SearchEntryRow, FormerNameRow):
            session.execute(delete(table))
        rows = [_row(key, name) for key, name in zip(ids, names, strict=True)]
        session.execute(insert(EnterpriseRow), rows)
        indexing.follow(session, since=0, at=clock.now())
        for key, name in zip(ids, again, strict=False):
            renamed = update(EnterpriseRow).where(EnterpriseRow.id == key)
            session.execute(renamed.values(name=name, revision=2))
        indexing.follow(session, since=2, at=clock.now())
    return ids


def _row(key: UUID, name: str) -> dict[str, Any]:
    return {
        "id": key,
        "source": "test",
        "name": name,
        "division": "610303",
        "status": "active",
        "revision": 1,
        "updated_at": clock.now(),
    }
