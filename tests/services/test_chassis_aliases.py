"""Who stands under whom: any order of links ends alike, chains end at their root."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, select

from services.chassis import aliases
from services.chassis.aliases import ALIAS, Link, roots_of
from services.chassis.database import Database
from services.chassis.tables import ChassisTable

HOUSE = UUID("6f2a1e0c-8d8a-4a53-9a5e-61030000a11a")
A, B, C, D = ids = tuple(uuid5(HOUSE, name) for name in "ABCD")
ANY_ORDER = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    database = Database(database_url("aliases"))
    ChassisTable.metadata.create_all(database.engine)
    yield database
    database.close()


def noted(database: Database, *links: Link) -> set[UUID]:
    with database.transaction() as session:
        return aliases.note(session, links)


def shown(database: Database) -> dict[UUID, list[UUID]]:
    with database.reading() as session:
        return {each: aliases.together(session, each) for each in ids}


def test_two_ids_are_together_from_either_side(database: Database) -> None:
    changed = noted(database, Link(A, B, 1))

    assert changed == {A}
    assert shown(database)[A] == shown(database)[B] == [B, A]
    assert shown(database)[C] == [C]


def test_a_chain_ends_at_its_root_and_opens_where_it_is_cut(database: Database) -> None:
    assert noted(database, Link(A, B, 1)) == {A}
    assert noted(database, Link(B, C, 2)) == {A, B}
    assert set(shown(database)[A]) == {A, B, C}
    assert shown(database)[A][0] == C

    assert noted(database, Link(B, None, 3)) == {A, B}

    assert shown(database)[A] == [B, A]
    assert shown(database)[C] == [C]


def test_an_older_link_changes_nothing(database: Database) -> None:
    noted(database, Link(A, B, 5))

    assert noted(database, Link(A, C, 4), Link(A, None, 5)) == set()
    assert shown(database)[A] == [B, A]


def test_rows_are_shown_under_the_root(database: Database) -> None:
    noted(database, Link(A, B, 1), Link(B, C, 1))
    under = aliases.root_of(ALIAS.c.id)

    with database.reading() as session:
        rows = session.execute(select(ALIAS.c.id, under)).all()

    assert {tuple(row) for row in rows} == {(A, C), (B, C)}


def test_what_is_shown_together_is_found_from_any_of_it(database: Database) -> None:
    noted(database, Link(A, B, 1))

    with database.reading() as session:
        assert aliases.all_with(session, [A]) == aliases.all_with(session, [B]) == {A, B}
        assert aliases.all_with(session, [C]) == {C}


def test_a_circle_is_left_open_at_its_oldest_link() -> None:
    circle = {A: Link(A, B, 2), B: Link(B, C, 1), C: Link(C, A, 3), D: Link(D, C, 4)}

    assert roots_of(circle) == {A: B, C: B, D: B}


links = st.builds(
    Link, st.sampled_from(ids), st.sampled_from([*ids, None]), st.integers(1, 1000)
).filter(lambda link: link.id != link.under)


@ANY_ORDER
@given(data=st.data())
def test_any_order_with_any_repetition_ends_alike(database: Database, data: Any) -> None:
    told = data.draw(
        st.lists(links, max_size=8, unique_by=lambda link: (link.id, link.revision))
    )
    again = data.draw(st.lists(st.sampled_from(told), max_size=4)) if told else []
    mixed = data.draw(st.permutations(told + again))
    _forget(database)
    noted(database, *told)
    expected = shown(database)

    _forget(database)
    for link in mixed:
        noted(database, link)

    assert shown(database) == expected


def _forget(database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(ALIAS))
