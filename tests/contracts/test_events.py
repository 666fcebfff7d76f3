"""Announcers are strict, hearers are tolerant, and a published example loads for ever."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given, settings, strategies as st
from jsonschema import Draft202012Validator
from marshmallow import EXCLUDE, ValidationError

from services.chassis import envelope
from services.chassis.settings import SERVICES
from services.events.contract import OUTSIDE, ContractBroken, Event
from services.events.publish import json_schema
from tests.contracts.invented import ANYTHING, EVENTS, JSON, events, fits, hints

FOLDER = Path(__file__).parents[2] / "docs" / "events"
DATA = st.data()

each_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.full_name)
unhurried = settings(deadline=None, max_examples=25)


def example(event: type[Event]) -> str:
    return (FOLDER / f"{event.full_name}.json").read_text(encoding="utf-8")


def checker(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def over_the_wire(body: dict[str, Any]) -> Any:
    return json.loads(json.dumps(body, ensure_ascii=False).encode())


def as_the_schema_reads(event: type[Event], body: dict[str, Any]) -> Event | None:
    try:
        return event(**event.schema()(unknown=EXCLUDE).load(body))
    except ValidationError:
        return None


def as_a_hearer_reads(event: type[Event], body: dict[str, Any]) -> Event | None:
    try:
        return event.from_wire(body)
    except ContractBroken:
        return None


def is_another_spelling(hint: Any, value: Any) -> bool:
    """Of an id or a day: read, although nobody should write it so."""
    for kind, read in {UUID: UUID, date: date.fromisoformat}.items():
        if hint in (kind, kind | None) and isinstance(value, str):
            with suppress(ValueError):
                return bool(read(value))
    return False


@each_event
def test_every_event_says_in_chinese_what_it_means(event: type[Event]) -> None:
    said = event.__doc__ or ""

    assert re.search(r"[\u4e00-\u9fff]", said), said


@each_event
def test_every_event_is_declared_in_the_module_of_a_service(event: type[Event]) -> None:
    home = f"services.events.{event.announced_by}"

    assert event.announced_by in {*SERVICES, *OUTSIDE}
    assert f"{event.__module__}.".startswith(f"{home}.")
    assert getattr(import_module(home), event.__name__) is event


@each_event
def test_every_event_has_an_example_that_loads_and_comes_back_the_same(
    event: type[Event],
) -> None:
    received = envelope.read(event, example(event))

    assert json.loads(envelope.write(received)) == json.loads(example(event))


@each_event
@unhurried
@given(data=DATA)
def test_an_event_comes_back_from_the_wire_as_it_was_announced(
    event: type[Event], data: Any
) -> None:
    announced = data.draw(events(event))

    assert event.from_wire(over_the_wire(announced.to_wire())) == announced


@each_event
@unhurried
@given(data=DATA)
def test_the_plain_way_and_the_schema_write_the_same(event: type[Event], data: Any) -> None:
    announced = data.draw(events(event))

    assert announced.to_wire() == event.schema()().dump(announced)


@each_event
@unhurried
@given(data=DATA)
def test_the_plain_way_and_the_schema_read_the_same(event: type[Event], data: Any) -> None:
    body = over_the_wire(data.draw(events(event)).to_wire())
    body[data.draw(st.sampled_from(sorted(body)))] = data.draw(JSON)

    assert as_a_hearer_reads(event, body) == as_the_schema_reads(event, body)


@each_event
@unhurried
@given(data=DATA)
def test_what_is_announced_fits_the_published_schema(event: type[Event], data: Any) -> None:
    body = over_the_wire(data.draw(events(event)).to_wire())

    checker(json_schema(event)).validate(body)

    assert set(body) == set(json_schema(event)["properties"])


@each_event
@unhurried
@given(data=DATA)
def test_a_value_that_the_published_schema_forbids_is_refused_by_its_field(
    event: type[Event], data: Any
) -> None:
    body = json.loads(example(event))["data"]
    name = data.draw(st.sampled_from(sorted(body)))
    value = data.draw(JSON)
    assume(not checker(json_schema(event)["properties"][name]).is_valid(value))
    assume(not is_another_spelling(hints(event)[name], value))

    with pytest.raises(ContractBroken, match=f"{event.full_name}: .*'{name}'"):
        event.from_wire(body | {name: value})


@each_event
def test_a_field_that_is_absent_is_named(event: type[Event]) -> None:
    body = json.loads(example(event))["data"]

    for name in body:
        without = {key: value for key, value in body.items() if key != name}
        with pytest.raises(ContractBroken, match=f"'{name}'"):
            event.from_wire(without)


@each_event
def test_fields_of_a_later_release_are_ignored_on_every_level(event: type[Event]) -> None:
    body = json.loads(example(event))["data"]
    later = json.loads(
        json.dumps(body), object_hook=lambda each: each | {"added_later": [{"x": 1}]}
    )

    assert event.from_wire(later) == event.from_wire(body)
    assert as_the_schema_reads(event, later) == event.from_wire(body)


@each_event
@unhurried
@given(data=DATA)
def test_an_announcer_cannot_send_what_a_field_is_not_declared_to_hold(
    event: type[Event], data: Any
) -> None:
    right = event.from_wire(json.loads(example(event))["data"])
    name = data.draw(st.sampled_from(sorted(hints(event))))
    value = data.draw(ANYTHING)
    assume(not fits(hints(event)[name], value))

    with pytest.raises(ContractBroken, match=f"{event.full_name}: .*'{name}'"):
        replace(right, **{name: value}).to_wire()
