"""The envelope is CloudEvents 1.0; one that is not says what is wrong with it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.chassis import envelope
from services.events.contract import ContractBroken
from services.events.credit import (
    BadInformationDrafted,
    EscalatedTo,
    EscalationLifted,
    SafetyAlertRaised,
)

FOLDER = Path(__file__).parents[2] / "docs" / "events"
NAME = SafetyAlertRaised.full_name
RED = UUID(int=3)


def message(**changes: object) -> dict[str, Any]:
    text = (FOLDER / f"{NAME}.json").read_text(encoding="utf-8")
    return json.loads(text) | changes


def opened(message: object) -> envelope.Envelope[SafetyAlertRaised]:
    return envelope.read(SafetyAlertRaised, json.dumps(message))


def test_a_sealed_event_carries_every_attribute() -> None:
    event = opened(message()).event
    sealed = envelope.seal(event, about="enterprise/1", source="/610300/credit", caused_by=RED)

    written = json.loads(envelope.write(sealed))

    assert written == {
        "specversion": "1.0",
        "id": str(sealed.id),
        "source": "/610300/credit",
        "type": NAME,
        "subject": "enterprise/1",
        "time": sealed.happened_at.isoformat(),
        "causedby": str(RED),
        "datacontenttype": "application/json",
        "data": event.to_wire(),
    }


def test_two_sendings_of_one_event_have_two_ids() -> None:
    event = opened(message()).event
    first, second = (envelope.seal(event, about="a/1", source="/") for _ in range(2))

    assert first.id != second.id


def test_an_envelope_comes_back_as_it_was_sealed() -> None:
    event = opened(message()).event
    sealed = envelope.seal(event, about="enterprise/1", source="/610300/credit", caused_by=RED)

    assert envelope.read(SafetyAlertRaised, envelope.write(sealed).encode()) == sealed


def test_chinese_is_written_as_it_is_read() -> None:
    lifted = EscalationLifted(
        bad_information_id=UUID(int=1),
        revision=1,
        enterprise_id=UUID(int=2),
        division="610303",
        lifted_on=date(2026, 3, 4),
        what=EscalatedTo.BLACKLIST,
        reason="已改正",
    )

    assert "已改正" in envelope.write(envelope.seal(lifted, about="enterprise/2", source="/"))


@pytest.mark.parametrize("name", ["id", "source", "type", "subject", "time", "data"])
def test_an_attribute_that_is_absent_is_named(name: str) -> None:
    without = {key: value for key, value in message().items() if key != name}

    with pytest.raises(ContractBroken, match=name if name != "type" else "expected"):
        opened(without)


@pytest.mark.parametrize("name", ["id", "source", "subject", "time", "data"])
@pytest.mark.parametrize("value", [None, 5, "", [], {}], ids=repr)
def test_an_attribute_of_another_kind_is_refused(name: str, value: object) -> None:
    with pytest.raises(ContractBroken, match=NAME):
        opened(message(**{name: value}))


@pytest.mark.parametrize("value", [5, "a word", ["x"]], ids=repr)
def test_a_cause_that_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(ContractBroken, match=NAME):
        opened(message(causedby=value))


def test_a_cause_may_be_absent() -> None:
    without = {key: value for key, value in message().items() if key != "causedby"}

    assert opened(without).caused_by is None


def test_attributes_that_it_does_not_know_are_ignored() -> None:
    assert opened(message(traceparent="00-1", dataschema="x")) == opened(message())


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ContractBroken, match="zone"):
        opened(message(time="2026-03-04T12:00:00"))


def test_an_event_of_another_type_is_refused_by_name() -> None:
    with pytest.raises(ContractBroken, match=f"drafted.v1, got '{NAME}'"):
        envelope.read(BadInformationDrafted, json.dumps(message()))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", b"\xff\xfe", b"\x80", "[" * 100_000], ids=lambda t: repr(t)[:9]
)
def test_what_is_no_json_object_is_refused_and_says_nothing_outside(text: str | bytes) -> None:
    with pytest.raises(ContractBroken, match="not"):
        envelope.read(SafetyAlertRaised, text)

    assert envelope.outside(text) == envelope.Outside()


def test_of_a_broken_message_the_outside_is_read_as_far_as_it_goes() -> None:
    whole = message()

    seen = envelope.outside(json.dumps(whole | {"time": "yesterday", "data": None}))

    assert seen == envelope.Outside(id=UUID(whole["id"]), type=NAME)
