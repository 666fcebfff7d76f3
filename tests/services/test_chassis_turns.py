"""A turn at something that only one process may do, also when its connection is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.chassis.database import Database
from services.chassis.turns import Turn
from tests.support.servers import GivenPostgres, Postgres


@pytest.fixture
def database(postgres: Postgres | GivenPostgres) -> Iterator[Database]:
    url = postgres.database("turns")
    database = Database(url, pool_size=3)
    yield database
    database.close()
    postgres.drop(url)


@pytest.fixture
def relays(database: Database) -> Iterator[list[Turn]]:
    """Two that want the same turn."""
    both = [database.turn("relay"), database.turn("relay")]
    yield both
    for turn in both:
        turn.give_back()


def lose_all_connections(database: Database) -> None:
    with database.driver_connection() as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_only_one_has_a_turn_until_it_is_given_back(relays: list[Turn]) -> None:
    first, second = relays

    assert first.held()
    assert not second.held()
    first.give_back()
    assert second.held()


def test_a_turn_whose_connection_is_lost_is_told_so_and_taken_again(
    database: Database, relays: list[Turn]
) -> None:
    turn = relays[0]
    for _ in range(5):  # more often than the pool has connections: none may leak
        assert turn.held()
        lose_all_connections(database)
        with pytest.raises(DBAPIError):
            turn.held()

    assert turn.held()
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_a_turn_whose_connection_is_lost_can_be_given_back(
    database: Database, relays: list[Turn]
) -> None:
    first, second = relays
    assert first.held()
    lose_all_connections(database)

    first.give_back()

    assert second.held()


def test_turns_take_no_connection_from_the_pool(database: Database) -> None:
    turns = [database.turn(f"job {number}") for number in range(20)]
    assert all(turn.held() for turn in turns)

    with database.reading() as one, database.reading() as two, database.reading() as three:
        asked = [session.scalar(text("SELECT 1")) for session in (one, two, three)]

    for turn in turns:
        turn.give_back()
    assert asked == [1, 1, 1]


def test_two_processes_share_out_turns(
    database: Database, relays: list[Turn], postgres: Postgres | GivenPostgres
) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    theirs = other.turn("relay")
    assert relays[0].held()

    assert not theirs.held()
    relays[0].give_back()
    assert theirs.held()
    assert not relays[0].held()
    other.close()


def test_what_is_lost_with_the_connection_of_another_turn_is_taken_again(
    database: Database, relays: list[Turn]
) -> None:
    relay, job = relays[0], database.turn("job")
    assert relay.held()
    assert job.held()
    lose_all_connections(database)
    with pytest.raises(DBAPIError):
        job.held()

    assert relay.held()
    assert not relays[1].held()


def test_closing_ends_also_a_connection_that_is_still_out(
    postgres: Postgres | GivenPostgres,
) -> None:
    url = postgres.database("closing")
    database = Database(url)
    held = database.engine.connect().connection.driver_connection

    database.close()

    assert held is not None
    assert held.closed
    postgres.drop(url)
