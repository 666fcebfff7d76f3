"""Numbers of documents: no gap and no double, however many issue at once and fail at it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.chassis.database import Database
from services.inspection.store import numbering
from tests.services.inspection_stories import empty, opened


class Undone(Exception):
    """A transaction that does not come to its end."""


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("inspection")) as kept:
        yield kept


def take(database: Database, bureau: str, *, fails: bool) -> int | None:
    try:
        with database.transaction() as session:
            number = numbering.take(session, bureau=bureau, kind="order", year=2026)
            if fails:
                raise Undone
            return number
    except Undone:
        return None


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    wishes=st.lists(
        st.tuples(st.sampled_from(["610300", "610303"]), st.booleans()), min_size=1, max_size=30
    )
)
def test_whoever_fails_leaves_no_gap(
    database: Database, wishes: list[tuple[str, bool]]
) -> None:
    empty(database)
    random.shuffle(wishes)
    with ThreadPoolExecutor(6) as issuers:
        taken = list(
            issuers.map(lambda wish: (wish[0], take(database, wish[0], fails=wish[1])), wishes)
        )

    for bureau in ("610300", "610303"):
        numbers = sorted(n for code, n in taken if code == bureau and n is not None)
        assert numbers == list(range(1, len(numbers) + 1))
