"""Whatever a broken message holds, it can be kept, and keeps nobody else from being heard."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.chassis import envelope, inbox, parked
from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.chassis.hearing import Hearing, Hearings, hears
from services.chassis.parked import Parked
from services.chassis.tables import ChassisTable
from services.events.registry import EnterpriseRecorded, EnterpriseStatus


class Listener:
    """Fails at what it hears if it is told with which words."""

    name = "inspection"

    def __init__(self, database: Database) -> None:
        self.database = database
        self.fails_with = ""

    @hears(EnterpriseRecorded)
    def on_enterprise_recorded(
        self, heard: Sequence[Envelope[EnterpriseRecorded]], session: Session
    ) -> None:
        if self.fails_with:
            raise ValueError(self.fails_with)


@pytest.fixture
def listener(database_url: Callable[[str], str]) -> Iterator[Listener]:
    database = Database(database_url("inspection"))
    ChassisTable.metadata.create_all(database.engine)
    yield Listener(database)
    database.close()


@pytest.fixture
def hearing(listener: Listener) -> Hearing:
    [only] = Hearings(listener)
    return only


def message(**changed: Any) -> str:
    """A good one, but for what is changed of its envelope."""
    event = EnterpriseRecorded(
        enterprise_id=uuid4(),
        revision=1,
        name="甲",
        uscc=None,
        division="610303",
        status=EnterpriseStatus.ACTIVE,
        industry=None,
    )
    sealed = envelope.write(envelope.seal(event, about="enterprise/1", source="/610300/r"))
    return json.dumps({**json.loads(sealed), **changed})


def all_parked(listener: Listener) -> list[Parked]:
    with listener.database.reading() as session:
        return list(parked.listed(session))


def count_handled(listener: Listener) -> int:
    with listener.database.reading() as session:
        return inbox.count(session)


def test_messages_without_an_id_are_parked_each(hearing: Hearing, listener: Listener) -> None:
    hearing.hear(["not json", "not json either", b"\xff\xfe", "not json"])

    kept = {each.message for each in all_parked(listener)}
    assert kept == {"not json", "not json either", "\\xff\\xfe"}


@pytest.mark.parametrize(
    "broken",
    [
        message(type="\x00"),
        message(type="\ud800"),
        message(type={"of": "another kind"}),
        message(id=5),
        message(time="0001-01-01T00:00:00"),
        message(time="9999-12-31T23:59:59"),
        message(time="9999-12-31T23:59:59-14:00", data={}),
        '{"data": ' * 100_000,
        "\x00",
    ],
    ids=[
        "NUL",
        "half a character",
        "object",
        "number",
        "year 1",
        "year 9999",
        "data",
        "deep",
        "0",
    ],
)
def test_what_cannot_be_read_is_parked(
    broken: str, hearing: Hearing, listener: Listener
) -> None:
    hearing.hear([broken, message()])

    [kept] = all_parked(listener)
    assert kept.reason.startswith("ContractBroken: ")
    assert count_handled(listener) == 1


def test_a_reason_of_any_characters_is_kept(hearing: Hearing, listener: Listener) -> None:
    listener.fails_with = "\x00 and \ud800"
    hearing.hear([message()])

    [kept] = all_parked(listener)
    assert kept.reason == r"ValueError: \x00 and \ud800"


def test_a_message_of_a_far_time_is_heard(hearing: Hearing, listener: Listener) -> None:
    hearing.hear([message(time="9999-12-31T23:59:59-14:00"), message()])

    assert count_handled(listener) == 2
