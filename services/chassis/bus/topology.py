"""Exchanges and queues, declared by whoever comes first: a hearer, a relay, or `migrate`.

A relay declares the queues of all who hear it before it publishes, so that an event
announced before its hearer ever ran waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from amqp.exceptions import NotFound
from kombu import Exchange, Queue

from services.chassis.hearing import Subscription

# After so many deliveries that never ended, a message goes to <queue>.dead: it kills its
# hearer. High, because its neighbours are counted with it.
DELIVERY_LIMIT = 20

_QUORUM = {"x-queue-type": "quorum"}


def queue_of(subscription: Subscription) -> Queue:
    """The queue of one subscription, bound to its event."""
    return Queue(
        subscription.queue,
        exchange=_exchange(subscription.event.announced_by),
        routing_key=subscription.event.routing_key,
        durable=True,
        queue_arguments={
            **_QUORUM,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": dead_queue_of(subscription).name,
            "x-delivery-limit": DELIVERY_LIMIT,
        },
    )


def dead_queue_of(subscription: Subscription) -> Queue:
    """Where messages go that were delivered again and again and never settled."""
    return Queue(f"{subscription.queue}.dead", durable=True, queue_arguments=dict(_QUORUM))


def declare(
    channel: Any, subscriptions: Iterable[Subscription], announcers: Iterable[str]
) -> None:
    """Everything that messages of these subscriptions and announcers need."""
    for announcer in announcers:
        _exchange(announcer)(channel).declare()
    for subscription in subscriptions:
        dead_queue_of(subscription)(channel).declare()
        queue_of(subscription)(channel).declare()


def lengths(connection: Any, subscriptions: Iterable[Subscription]) -> dict[str, int | None]:
    """Messages ready in each queue; None: the queue does not exist."""
    found: dict[str, int | None] = {}
    for subscription in subscriptions:
        for name in (subscription.queue, dead_queue_of(subscription).name):
            with connection.channel() as channel:
                try:
                    found[name] = channel.queue_declare(name, passive=True).message_count
                except NotFound:
                    found[name] = None
    return found


def _exchange(announcer: str) -> Exchange:
    return Exchange(f"{announcer}.events", type="topic", durable=True)
