"""What the bare parts do: the anchors that the platform's figures are held against."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import kombu

BODY = b"x" * 1000
QUEUE = "bench.anchor"


def bare_ping(url: str, messages: int) -> float:
    """Messages a second, published one by one with confirm, consumed and acknowledged each.

    One process publishes, another consumes, as on one hop of the platform.
    """
    with _queue(url):
        began = multiprocessing.get_context("spawn").Process(
            target=_publish, args=(url, messages)
        )
        start = time.perf_counter()
        began.start()
        _consume(url, messages)
        seconds = time.perf_counter() - start
        began.join()
    return messages / seconds


def _publish(url: str, messages: int) -> None:
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        channel = connection.default_channel
        for _ in range(messages):
            message = channel.prepare_message(BODY, properties={"delivery_mode": 2})
            channel.basic_publish(message, exchange="", routing_key=QUEUE)


def _consume(url: str, messages: int) -> None:
    left = messages
    with kombu.Connection(url) as connection:

        def received(message: Any) -> None:
            nonlocal left
            message.ack()
            left -= 1

        consumer = kombu.Consumer(
            connection.default_channel, [_declared()], accept=None, prefetch_count=50
        )
        consumer.on_message = received
        with consumer:
            while left:
                connection.drain_events(timeout=60)


@contextmanager
def _queue(url: str) -> Iterator[None]:
    with kombu.Connection(url) as connection:
        queue = _declared()(connection.default_channel)
        queue.declare()
        yield
        queue.delete()


def _declared() -> kombu.Queue:
    return kombu.Queue(QUEUE, durable=True, queue_arguments={"x-queue-type": "quorum"})


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
