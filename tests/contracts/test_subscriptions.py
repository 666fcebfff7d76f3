"""What each service says of itself is what its code does; nobody announces into the void."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from services.chassis.hearing import Subscription, hears, subscriptions
from services.chassis.settings import SERVICES
from services.events.contract import OUTSIDE, Audience, Event, all_events, event_called
from services.events.publish import heard_by, named_on_card
from services.events.registry import ContactRecorded
from tests.contracts.invented import EVENTS

ROOT = Path(__file__).parents[2]
QUEUES = ROOT / "docs" / "events" / "queues.txt"

each_service = pytest.mark.parametrize("service", SERVICES)
each_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.full_name)


def service_class(service: str) -> type:
    """By convention: services/credit/service.py, CreditService."""
    module = import_module(f"services.{service}.service")
    found: type = getattr(module, f"{service.capitalize()}Service")
    return found


def card(service: str) -> str:
    return import_module(f"services.{service}").__doc__ or ""


def own_events_in(tree: ast.Module, service: str) -> Iterator[str]:
    """Names that a module takes from its own service's events module."""
    home = f"services.events.{service}"
    called = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "services.events"
        for alias in node.names
        if alias.name == service
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == home:
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {home, *called}:
            yield node.attr


def said_in_code(service: str) -> set[str]:
    own = {e.__name__: e.full_name for e in all_events() if e.announced_by == service}
    named = chain.from_iterable(
        own_events_in(ast.parse(path.read_text(encoding="utf-8")), service)
        for path in sorted((ROOT / "services" / service).rglob("*.py"))
    )
    return {own[name] for name in named if name in own}


def heard_in_code() -> set[str]:
    return {s.event.full_name for name in SERVICES for s in subscriptions(service_class(name))}


def kept_queues() -> list[str]:
    lines = QUEUES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@each_service
def test_every_service_has_its_class_where_the_platform_looks_for_it(service: str) -> None:
    assert service_class(service).name == service  # type: ignore[attr-defined]


@each_service
def test_every_service_introduces_itself(service: str) -> None:
    headings = [line.split()[0] for line in card(service).splitlines() if line[:1].isupper()]

    assert headings == ["Owns", "Hears", "Says", "Serves"]
    assert re.match(r"[\u4e00-\u9fff]", card(service)), "its Chinese name comes first"
    assert f"(database: {service})" in " ".join(card(service).split())


@each_service
def test_it_hears_what_its_card_says(service: str) -> None:
    heard = [s.event.full_name for s in subscriptions(service_class(service))]

    assert sorted(heard) == sorted(named_on_card("Hears", card(service)))


@each_service
def test_it_says_what_its_card_says(service: str) -> None:
    assert said_in_code(service) == set(named_on_card("Says", card(service)))


@each_service
def test_a_card_names_only_events_that_are_declared(service: str) -> None:
    declared = {event.full_name for event in all_events()}

    assert set(re.findall(r"[a-z]+\.[a-z_]+\.v\d+", card(service))) <= declared


@each_service
def test_a_service_does_not_hear_itself(service: str) -> None:
    announcers = {s.event.announced_by for s in subscriptions(service_class(service))}

    assert service not in announcers


@each_event
def test_every_event_is_announced_by_the_service_it_names(event: type[Event]) -> None:
    said = event.announced_by in OUTSIDE or event.full_name in said_in_code(event.announced_by)

    assert said


@each_event
def test_every_event_is_heard_by_a_service_or_meant_for_agencies(event: type[Event]) -> None:
    assert event.full_name in heard_in_code() or event.audience is Audience.AGENCIES


def test_what_the_index_reads_from_the_cards_is_what_the_code_hears() -> None:
    read = {name for name, hearers in heard_by().items() if hearers}

    assert read == heard_in_code()


@each_service
def test_a_method_is_called_after_what_it_hears(service: str) -> None:
    for subscription in subscriptions(service_class(service)):
        fact = subscription.event.routing_key.partition(".")[0]
        assert subscription.method.startswith(f"on_{fact}"), subscription.queue


def test_every_queue_has_the_name_under_which_messages_wait_for_it() -> None:
    now = sorted(s.queue for name in SERVICES for s in subscriptions(service_class(name)))

    assert kept_queues() == now, (
        "A queue with a new name starts empty, and the messages in the old one have no reader. "
        "Move them, delete the old queue in the same release, then change docs/events/queues.txt."
    )


def test_a_queue_is_named_after_event_service_and_method() -> None:
    class RegistryService:
        name = "archive"

        @hears(ContactRecorded)
        def on_contact_recorded(self, heard: object, session: object) -> None:
            """Kept."""

    [subscription] = subscriptions(RegistryService)

    assert subscription == Subscription("archive", "on_contact_recorded", ContactRecorded)
    assert subscription.exchange == "registry.events"
    assert subscription.queue == (
        "evt-registry-contact_recorded.v1--archive.on_contact_recorded"
    )
    assert event_called(f"registry.{subscription.event.routing_key}") is ContactRecorded
