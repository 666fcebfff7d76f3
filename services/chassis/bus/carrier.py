"""Publishes parcels in batches and waits once for all the broker's confirms."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import amqp

from services.chassis.bus import connecting, topology
from services.chassis.hearing import Subscription
from services.chassis.outbox import Parcel

CONFIRM_SECONDS = 10


class NotConfirmed(Exception):
    """The broker did not take a batch; it is carried again."""


class BusCarrier:
    """One channel in confirm mode. Not for use from two threads at once."""

    def __init__(self, url: str, announcer: str, subscriptions: Sequence[Subscription]) -> None:
        self.url = url
        self.announcer = announcer
        self.heard = [s for s in subscriptions if s.event.announced_by == announcer]
        self._connection: Any = None
        self._channel: Any = None
        self._open_tags: set[int] = set()
        self._refused: set[int] = set()
        self._last_tag = 0

    def carry(self, parcels: Sequence[Parcel]) -> None:
        """Return when the broker has confirmed every parcel.

        Raises NotConfirmed or what a lost connection raises.
        """
        exchange = f"{self.announcer}.events"
        self._publish([(parcel, exchange, _routing_key(parcel)) for parcel in parcels])

    def carry_to(self, queue: str, parcels: Sequence[Parcel]) -> None:
        """The same, to one queue alone."""
        self._publish([(parcel, "", queue) for parcel in parcels])

    def _publish(self, addressed: Sequence[tuple[Parcel, str, str]]) -> None:
        try:
            channel = self._opened()
            for parcel, exchange, routing_key in addressed:
                channel._basic_publish(_message(parcel), exchange, routing_key)
                self._last_tag += 1
                self._open_tags.add(self._last_tag)
            self._wait_for_confirms()
        except BaseException:
            self.close()
            raise

    def idle(self) -> None:
        """Keep an open connection alive."""
        if self._connection is None:
            return
        try:
            connecting.breathe(self._connection)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connecting.cut(connection)

    def _opened(self) -> Any:
        if self._channel is None:
            self._connection = connecting.connect(self.url)
            channel = self._connection.channel()
            topology.declare(channel, self.heard, [self.announcer])
            channel.confirm_select()
            channel.events["basic_ack"].add(self._acknowledged)
            channel.events["basic_nack"].add(self._nacknowledged)
            self._open_tags, self._refused, self._last_tag = set(), set(), 0
            self._channel = channel
        return self._channel

    def _wait_for_confirms(self) -> None:
        deadline = time.monotonic() + CONFIRM_SECONDS
        while self._open_tags:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotConfirmed(f"{len(self._open_tags)} messages after {CONFIRM_SECONDS} s")
            self._connection.drain_events(timeout=left)
        if self._refused:
            raise NotConfirmed(f"the broker refused {len(self._refused)} messages")

    def _acknowledged(self, tag: int, multiple: bool) -> None:
        self._settled(tag, multiple)

    def _nacknowledged(self, tag: int, multiple: bool) -> None:
        self._refused |= self._settled(tag, multiple)

    def _settled(self, tag: int, multiple: bool) -> set[int]:
        settled = {t for t in self._open_tags if t <= tag} if multiple else {tag}
        self._open_tags -= settled
        return settled


def _message(parcel: Parcel) -> amqp.Message:
    return amqp.Message(
        parcel.message.encode(),
        content_type="application/cloudevents+json",
        content_encoding="utf-8",
        delivery_mode=2,
        message_id=str(parcel.id),
        type=parcel.type,
    )


def _routing_key(parcel: Parcel) -> str:
    return parcel.type.partition(".")[2]
