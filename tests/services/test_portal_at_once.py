"""What several people do in the same moment is counted and refused one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from services.chassis import clock
from services.chassis.database import Database
from services.portal.model import Role
from services.portal.store import sessions, users
from services.portal.store.sessions import Patience, Tried
from services.portal.store.tables import Table

PATIENCE = Patience(most=5, minutes=10)
MANY = 12


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    made = Database(database_url("portal"), source="/610300/portal")
    Table.metadata.create_all(made.engine)
    yield made
    made.close()


def at_once(act: Callable[[], Any], how_many: int) -> list[Any]:
    """What came of an act that so many begin in the same moment."""
    start = Barrier(how_many)

    def run(_: int) -> Any:
        start.wait(20)
        return act()

    with ThreadPoolExecutor(how_many) as crowd:
        return list(crowd.map(run, range(how_many)))


def count(database: Database, *, right: bool) -> Tried:
    with database.transaction() as session:
        return sessions.count_try(
            session, "李明", PATIENCE, right=right, address="", now=clock.now()
        )


def test_no_more_tries_fail_at_once_than_one_after_the_other(database: Database) -> None:
    found = at_once(lambda: count(database, right=False), MANY)

    assert found.count(Tried.WRONG) == PATIENCE.most
    assert found.count(Tried.LOCKED) == MANY - PATIENCE.most
    assert count(database, right=True) is Tried.LOCKED


def test_a_right_one_forgets_the_wrong_ones_before_it(database: Database) -> None:
    for _ in range(3):
        for _ in range(PATIENCE.most - 1):
            assert count(database, right=False) is Tried.WRONG
        assert count(database, right=True) is Tried.RIGHT


def test_of_two_who_make_the_same_user_one_is_told_so(database: Database) -> None:
    def add() -> str:
        try:
            with database.transaction() as session:
                return users.add(
                    session,
                    name="李明",
                    display_name="",
                    roles=[Role.INSPECTOR],
                    divisions="610300",
                    now=clock.now(),
                ).name
        except users.UserRefused as refused:
            return refused.code

    assert sorted(at_once(add, 2)) == ["name_taken", "李明"]
