"""docs/wire-format.md is true: its example, its account and its subscriber are tried out."""

from __future__ import annotations

import json
import re
import secrets
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import amqp
import pytest

from services.chassis import envelope
from services.chassis.bus.carrier import BusCarrier
from services.chassis.outbox import Parcel
from services.events.contract import Audience, all_events
from services.events.credit import BadInformationPublished, BadInformationWithdrawn
from tests.support.servers import Broker, GivenBroker, vhost_of

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "wire-format.md").read_text(encoding="utf-8")
ANNOUNCERS = sorted({event.announced_by for event in all_events()})
QUEUE = "agency.tax.credit"


class Enough(Exception):
    """The subscriber has heard what the test waits for."""


def block(language: str, containing: str) -> str:
    """The one code block of the page that holds some words."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    [text] = [text for kind, text in found if kind == language and containing in text]
    return text


def commands(verb: str) -> list[list[str]]:
    """The arguments behind `-p bianque tax` of the operator's commands."""
    lines = map(shlex.split, block("", "rabbitmqctl").splitlines())
    return [line[5:] for line in lines if line[1] == verb]


def subscriber() -> dict[str, Any]:
    """What the page's program defines."""
    names: dict[str, Any] = {}
    exec(compile(block("python", "def hear"), "wire-format.md", "exec"), names)  # noqa: S102
    return names


def example(name: str) -> dict[str, Any]:
    return json.loads((DOCS / "events" / f"{name}.json").read_text(encoding="utf-8"))


def entry(revision: int, event: type, **changes: Any) -> Parcel:
    """A message about one entry of bad information, as the credit service would send it."""
    message = example(event.full_name) | {"id": str(uuid4())}  # type: ignore[attr-defined]
    message["data"] |= {"bad_information_id": str(UUID(int=1)), "revision": revision, **changes}
    return parcel(message)


def parcel(message: dict[str, Any]) -> Parcel:
    return Parcel(0, UUID(message["id"]), message["type"], json.dumps(message))


@pytest.fixture
def exchanges(vhost_url: str) -> str:
    """A virtual host in which every service has announced itself."""
    for announcer in ANNOUNCERS:
        with closing(BusCarrier(vhost_url, announcer, [])) as carrier:
            carrier.carry([])
    return vhost_url


@pytest.fixture
def agency(broker: Broker | GivenBroker, exchanges: str) -> Iterator[str]:
    """The AMQP address of an account that was made as the page tells the operator."""
    user, password = f"tax-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    vhost, place = quote(vhost_of(exchanges), safe=""), urlsplit(exchanges)
    broker.api("PUT", f"users/{user}", {"password": password, "tags": ""})
    [(configure, write, read)] = commands("set_permissions")
    rights = {"configure": configure, "write": write, "read": read}
    broker.api("PUT", f"permissions/{vhost}/{user}", rights)
    for exchange, write, read in commands("set_topic_permissions"):
        rights = {"exchange": exchange, "write": write, "read": read}
        broker.api("PUT", f"topic-permissions/{vhost}/{user}", rights)
    yield f"amqp://{user}:{password}@{place.hostname}:{place.port}/{vhost}"
    broker.api("DELETE", f"users/{user}")


def hear(agency: str, store: sqlite3.Connection, messages: int) -> list[dict[str, Any]]:
    """Run the page's subscriber until it has heard so many; what it would show."""
    names = subscriber()
    hear_one, heard = names["hear"], []

    def counted(message: Any, store: sqlite3.Connection) -> None:
        hear_one(message, store)
        heard.append(message)
        if len(heard) == messages:
            raise Enough

    names["hear"] = counted
    with pytest.raises(Enough):
        names["run"](agency, store)
    return [json.loads(data) for (data,) in store.execute(names["SHOWN"])]


@pytest.fixture
def store() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(subscriber()["TABLES"])
        yield connection


def declare(agency: str) -> None:
    """The page's queue, before anything is announced."""
    names = subscriber()
    with names["Connection"](agency) as connection:
        names["queue"](connection.channel()).declare()


def announce(url: str, *parcels: Parcel) -> None:
    with closing(BusCarrier(url, "credit", [])) as carrier:
        carrier.carry(parcels)


def bind(agency: str, exchange: str, key: str) -> None:
    place = urlsplit(agency)
    connection = amqp.Connection(
        f"{place.hostname}:{place.port}",
        userid=place.username,
        password=place.password,
        virtual_host=vhost_of(agency),
    )
    with connection, connection.channel() as channel:
        channel.queue_declare("agency.tax.all", durable=True, auto_delete=False)
        channel.queue_bind("agency.tax.all", exchange, key)


def test_the_example_on_the_page_is_the_kept_one() -> None:
    shown = json.loads(block("json", "specversion"))

    assert shown == example(shown["type"])


def test_every_attribute_and_property_is_on_the_page() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    sealed = envelope.read(BadInformationPublished, block("json", "specversion"))

    assert told >= set(json.loads(envelope.write(sealed)))


def test_the_subscriber_is_short_enough_to_be_read() -> None:
    assert len(block("python", "def hear").splitlines()) <= 40


def test_the_account_opens_exactly_what_agencies_may_hear() -> None:
    opened = {
        exchange: re.compile(read) for exchange, _, read in commands("set_topic_permissions")
    }

    for event in all_events():
        reads = opened.get(f"{event.announced_by}.events")  # none: an exchange for others
        may = reads is not None and reads.search(event.routing_key) is not None
        assert may == (event.audience is Audience.AGENCIES), event.full_name


def test_a_message_has_the_properties_of_the_page(agency: str, exchanges: str) -> None:
    declare(agency)
    sent = parcel(example("credit.bad_information_published.v1"))
    announce(exchanges, sent)

    names = subscriber()
    with names["Connection"](agency) as connection:
        message = names["queue"](connection.channel()).get(no_ack=True, accept=None)

    table = re.findall(r"^\| `(\w+)` \| (?:`([^`]+)`|as `(\w+)`)", PAGE, re.MULTILINE)
    body = json.loads(message.body)
    expected = {name: value or body[same] for name, value, same in table if name in PROPERTIES}
    assert {name: str(found_in(message, name)) for name in PROPERTIES} == expected
    assert message.delivery_info["routing_key"] == "bad_information_published.v1"
    assert body == json.loads(sent.message)


PROPERTIES = ("content_type", "content_encoding", "delivery_mode", "message_id", "type")


def found_in(message: Any, name: str) -> Any:
    if name in ("content_type", "content_encoding"):
        return getattr(message, name)
    return message.properties[name]


def test_the_subscriber_shows_what_was_published(
    agency: str, exchanges: str, store: sqlite3.Connection
) -> None:
    declare(agency)
    announce(exchanges, entry(10, BadInformationPublished))

    [shown] = hear(agency, store, 1)

    assert shown["revision"] == 10


def test_a_repeated_message_counts_once_and_an_older_one_not_at_all(
    agency: str, exchanges: str, store: sqlite3.Connection
) -> None:
    declare(agency)
    newest = entry(30, BadInformationPublished, last_day_to_correct="2026-03-23")
    older = entry(20, BadInformationPublished, last_day_to_correct="2026-03-19")
    announce(exchanges, newest, newest, older)

    [shown] = hear(agency, store, 3)

    assert shown["last_day_to_correct"] == "2026-03-23"
    assert store.execute("SELECT count(*) FROM seen").fetchone() == (2,)


def test_a_withdrawal_that_overtakes_its_publication_is_obeyed(
    agency: str, exchanges: str, store: sqlite3.Connection
) -> None:
    declare(agency)
    announce(exchanges, entry(20, BadInformationWithdrawn), entry(10, BadInformationPublished))

    assert hear(agency, store, 2) == []


def test_what_is_published_again_is_shown_again(
    agency: str, exchanges: str, store: sqlite3.Connection
) -> None:
    declare(agency)
    announce(exchanges, entry(20, BadInformationWithdrawn), entry(30, BadInformationPublished))

    assert len(hear(agency, store, 2)) == 1


@pytest.mark.parametrize(
    ("exchange", "key"),
    [
        ("credit.events", "#"),
        ("credit.events", "*.v1"),
        ("credit.events", "bad_information_drafted.v1"),
        ("registry.events", "contact_recorded.v1"),
        ("registry.events", "object_recorded.v1"),
        ("inspection.events", "warning_turned_red.v1"),
        ("source.events", "rows_stated.v1"),
    ],
)
def test_the_broker_refuses_what_stays_within_the_bureau(
    exchange: str, key: str, agency: str
) -> None:
    with pytest.raises(amqp.AccessRefused):
        bind(agency, exchange, key)


def test_the_broker_allows_every_event_for_agencies(agency: str) -> None:
    for event in all_events():
        if event.audience is Audience.AGENCIES:
            bind(agency, f"{event.announced_by}.events", event.routing_key)


@pytest.mark.parametrize("queue", ["agency.bank.credit", "evt-credit-x.v1--notify.on_x"])
def test_an_agency_cannot_touch_the_queue_of_another(queue: str, agency: str) -> None:
    place = urlsplit(agency)
    connection = amqp.Connection(
        f"{place.hostname}:{place.port}",
        userid=place.username,
        password=place.password,
        virtual_host=vhost_of(agency),
    )

    with pytest.raises(amqp.AccessRefused), connection, connection.channel() as channel:
        channel.queue_declare(queue, durable=True, auto_delete=False)
