"""Messages that cannot be handled, on every queue, and one that kills who handles it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import amqp
import pytest

from services.chassis.hearing import Subscription
from services.command import roster
from tests.support.broker_api import vhost_of
from tests.support.cascades import Cascades
from tests.support.part_that_may_die import KILLED
from tests.support.platform_on_bus import PlatformOnBus
from tests.support.whole import tally, whole

LOAD = 300
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "events"
HEARERS = ("inspection", "credit", "notify")
SUBSCRIPTIONS = {s.heard_by: s for s in roster.all_subscriptions() if s.service in HEARERS}
# Right by the contract, and no database has room for it.
IMPOSSIBLE = {"division": "610303-and-more", "officer": "\x00", "revision": 2**70}


@pytest.fixture(scope="module")
def channel(platform: PlatformOnBus) -> Iterator[amqp.Channel]:
    """To put messages straight into queues."""
    place = urlsplit(platform.broker_url)
    connection = amqp.Connection(
        f"{place.hostname}:{place.port}",
        userid=place.username,
        password=place.password,
        virtual_host=vhost_of(platform.broker_url),
    )
    with connection, connection.channel() as opened:
        opened.confirm_select()
        yield opened


def put(channel: amqp.Channel, subscription: Subscription, body: str) -> None:
    channel.basic_publish_confirm(
        amqp.Message(body, delivery_mode=2), routing_key=subscription.queue
    )


def example(subscription: Subscription, **changed: Any) -> str:
    """The kept example of an event under an id of its own, with changed fields."""
    kept = EXAMPLES / f"{subscription.event.full_name}.json"
    message = json.loads(kept.read_text(encoding="utf-8"))
    data = {**message["data"], **{k: v for k, v in changed.items() if k in message["data"]}}
    return json.dumps({**message, "id": str(uuid4()), "data": data})


def parked(platform: PlatformOnBus) -> dict[str, list[str]]:
    """The reasons of the parked messages, in order, by method."""
    found: dict[str, list[str]] = {}
    for service in HEARERS:
        query = "SELECT heard_by, reason FROM parked ORDER BY reason"
        for heard_by, reason in platform.rows(service, query):
            found.setdefault(heard_by, []).append(reason)
    return found


def wait_for_whole(platform: PlatformOnBus, cascades: Cascades) -> None:
    """Everything but what is parked has gone through."""
    wanted = without_parked(whole(cascades.number, platform.profile))
    platform.wait_until(lambda: without_parked(tally(platform)) == wanted)


def without_parked(counts: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in counts.items() if not name.startswith("parked")}


def kind_of(reason: str) -> str:
    """Why it was parked, in a word; the reason itself if it is none that we know."""
    kinds = {
        "ContractBroken: not JSON: ": "not JSON",
        ": {'revision': ['Not a valid integer.']}": "wrong field",
        "DataError: ": "impossible",
    }
    return next((kind for words, kind in kinds.items() if words in reason), reason)


def test_poison_in_the_middle_is_parked_with_its_reason_and_the_others_go_through(
    platform: PlatformOnBus, cascades: Cascades, channel: amqp.Channel
) -> None:
    with cascades.running(LOAD):
        for subscription in SUBSCRIPTIONS.values():
            put(channel, subscription, "not JSON")
            put(channel, subscription, example(subscription, revision="first"))
            put(channel, subscription, example(subscription, **IMPOSSIBLE))
    wait_for_whole(platform, cascades)
    platform.wait_until(
        lambda: sum(map(len, parked(platform).values())) == 3 * len(SUBSCRIPTIONS)
    )

    kinds = {method: sorted(map(kind_of, each)) for method, each in parked(platform).items()}
    assert kinds == {key: ["impossible", "not JSON", "wrong field"] for key in SUBSCRIPTIONS}


def test_what_is_parked_is_listed_shown_and_replayed_by_command(
    platform: PlatformOnBus, channel: amqp.Channel
) -> None:
    """The fault is a rule of the database that is then lifted, as by a new release."""
    subscription = SUBSCRIPTIONS["credit.on_enterprise_recorded"]
    rule = "ALTER TABLE enterprise ADD CONSTRAINT no_poison CHECK (name <> '毒')"
    platform.databases.change("credit", rule)
    put(channel, subscription, example(subscription, name="毒"))
    waiting = "SELECT id FROM parked WHERE reason LIKE 'IntegrityError%'"
    platform.wait_until(lambda: platform.rows("credit", waiting))
    parked_id = str(platform.rows("credit", waiting)[0][0])

    listed = platform.command("parked", "list", "--json")
    shown = platform.command("parked", "show", parked_id, "--json")
    failed = platform.command("parked", "replay", parked_id, "--json")
    platform.databases.change("credit", "ALTER TABLE enterprise DROP CONSTRAINT no_poison")
    handled = platform.command("parked", "replay", parked_id, "--json")
    unknown = platform.command("parked", "show", parked_id, "--json")

    assert (listed.returncode, shown.returncode) == (1, 0), listed.stderr + shown.stderr
    assert parked_id in {message["id"] for message in json.loads(listed.stdout)["credit"]}
    assert json.loads(json.loads(shown.stdout)["message"])["data"]["name"] == "毒"
    assert (failed.returncode, json.loads(failed.stdout)["failed"]) == (1, [parked_id])
    assert (handled.returncode, json.loads(handled.stdout)["handled"]) == (0, 1)
    assert unknown.returncode == 2
    assert platform.count("credit", "enterprise WHERE name = '毒'") == 1


def test_a_message_that_kills_its_hearer_ends_parked_and_the_others_go_through(
    platform: PlatformOnBus, cascades: Cascades, channel: amqp.Channel
) -> None:
    """The broker gives it up after some deliveries; its neighbours are not given up with it."""
    killer = SUBSCRIPTIONS["notify.on_warning_turned_red"]
    notify = platform.parts["notify:events"]
    before = platform.count("notify", "parked")
    platform.set_delivery_limit(4, queues="notify.on_warning_turned_red$")
    platform.restart("notify:events", BIANQUE_TEST_KILLER="killer")
    platform.parts["notify:events"].kill()  # so that all of them are delivered together
    cascades.take_in(20)
    cascades.wait_until_heard()
    cascades.evaluate()
    put(channel, killer, example(killer, object_label="killer"))
    cascades.run(20)
    deaths = 0
    notify.start(BIANQUE_TEST_KILLER="killer")
    while platform.count("notify", "parked") == before:
        platform.wait_until(
            lambda: notify.ended() or platform.count("notify", "parked") > before
        )
        if notify.ended():
            assert notify.ended() == KILLED, notify.last_words()
            notify.start(BIANQUE_TEST_KILLER="killer")
            deaths += 1
    wait_for_whole(platform, cascades)

    settled = platform.rows("notify", "SELECT reason FROM parked WHERE reason LIKE 'Never%'")
    assert len(settled) == 1
    assert deaths == 5
