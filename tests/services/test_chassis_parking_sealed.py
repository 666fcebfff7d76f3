"""Where personal data are sealed, a message that cannot be handled is sealed too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.chassis import parked
from services.chassis.database import Database
from services.chassis.hearing import Hearing, Hearings
from services.chassis.sealing import Seals, new_key
from services.chassis.tables import ChassisTable, ParkedRow
from tests.services.test_chassis_parking import Listener, message

SECRET = "610303199001010016"  # noqa: S105 - nobody's number


@pytest.fixture
def keys() -> list[str]:
    return [new_key("old"), new_key("new")]


@pytest.fixture
def listener(database_url: Callable[[str], str], keys: list[str]) -> Iterator[Listener]:
    database = Database(database_url("registry"))
    ChassisTable.metadata.create_all(database.engine)
    listener = Listener(database)
    listener.seals = Seals.parse(keys[0])  # type: ignore[attr-defined]  # as the registry has
    yield listener
    database.close()


def hearing_of(listener: Listener) -> Hearing:
    [only] = Hearings(listener)
    return only


def kept(listener: Listener) -> list[str]:
    with listener.database.reading() as session:
        return [row.message for row in session.query(ParkedRow)]


def test_nothing_of_a_broken_message_can_be_read_in_the_database(
    listener: Listener,
) -> None:
    hearing_of(listener).hear([message(type="nonsense", subject=SECRET)])

    [row] = kept(listener)
    assert SECRET not in row
    assert row.startswith(parked.SEALED)


def test_a_list_does_not_open_it(listener: Listener) -> None:
    hearing_of(listener).hear([message(type="nonsense", subject=SECRET)])

    with listener.database.reading() as session:
        [shown] = [parked.as_shown(one) for one in parked.listed(session)]

    assert shown.message == parked.HIDDEN


def test_the_same_words_without_a_number_are_parked_once(listener: Listener) -> None:
    hearing_of(listener).hear(["no envelope at all", "no envelope at all"])

    assert len(kept(listener)) == 1


def test_it_is_handled_when_it_is_tried_again(listener: Listener) -> None:
    listener.fails_with = "not today"
    hearing_of(listener).hear([message()])
    [parked_id] = [one.id for one in _listed(listener)]
    listener.fails_with = ""

    assert hearing_of(listener).try_again(parked_id)
    assert kept(listener) == []


def test_under_a_new_key_it_is_sealed_again(listener: Listener, keys: list[str]) -> None:
    listener.fails_with = "not today"
    hearing_of(listener).hear([message()])
    both = Seals.parse(f"{keys[1]},{keys[0]}")

    with listener.database.transaction() as session:
        assert parked.renew(session, both, limit=10) == 1
        assert parked.renew(session, both, limit=10) == 0
    listener.seals = Seals.parse(keys[1])  # type: ignore[attr-defined]
    listener.fails_with = ""

    assert hearing_of(listener).try_again(_listed(listener)[0].id)


def _listed(listener: Listener) -> list[parked.Parked]:
    with listener.database.reading() as session:
        return list(parked.listed(session))
