"""Hears for a service: one connection, a channel for each queue, batches, late acknowledgement.

A batch is acknowledged after its transaction has committed, never before. While the
database is away the messages wait unacknowledged and the pauses grow; while the broker
is away the ear connects again, and again.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import structlog
from kombu import Consumer

from services.chassis.bus import connecting, topology
from services.chassis.database import is_passing
from services.chassis.hearing import BATCH, Hearing, Subscription
from services.chassis.settings import SettingBroken

PREFETCH = 2 * BATCH
PAUSES = (0.2, 0.5, 1.0, 2.0)
# A message that was delivered so often may have killed its hearer: alone from then on.
SUSPECT_DELIVERIES = 2
SILENT_SECONDS = 15

LOST: tuple[type[Exception], ...] = (*connecting.LOST, SettingBroken)

Work = Callable[[Hearing, Sequence[str | bytes]], None]
log = structlog.get_logger()


class NeverSettled(Exception):
    """A message was delivered up to the limit and its hearer never finished with it."""


@dataclass
class Box:
    """What has been delivered on one queue and is not acknowledged yet."""

    hearing: Hearing
    channel: Any
    dead: bool = False
    messages: deque[Any] = field(default_factory=deque)
    failures: int = 0
    not_before: float = 0.0

    def ready(self) -> bool:
        return bool(self.messages) and time.monotonic() >= self.not_before

    def next_batch(self) -> list[Any]:
        """In the order delivered; a suspect goes alone, after all others."""
        if self.dead:
            return [self.messages[0]]
        others = (m for m in self.messages if _deliveries(m) < SUSPECT_DELIVERIES)
        return list(islice(others, BATCH)) or [self._next_suspect()]

    def _next_suspect(self) -> Any:
        """From the front, the next time from the back, then anywhere.

        So whoever of them kills, the others get through before the broker, which counts the
        deliveries of all alike, gives them up together.
        """
        times = _deliveries(self.messages[0]) - SUSPECT_DELIVERIES
        if times > 1:
            return random.choice(self.messages)  # noqa: S311 - no secret
        return self.messages[-times]

    def settle(self, batch: Sequence[Any]) -> None:
        """Handled and committed: the broker may forget them."""
        self.failures = 0
        if all(ours is oldest for ours, oldest in zip(batch, self.messages, strict=False)):
            for _ in batch:
                self.messages.popleft()
            self.channel.basic_ack(batch[-1].delivery_tag, multiple=True)
            return
        for message in batch:
            self.messages.remove(message)
            self.channel.basic_ack(message.delivery_tag)

    def wait(self) -> float:
        """Not now: the next try comes after a growing pause."""
        pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
        self.failures += 1
        self.not_before = time.monotonic() + pause
        return pause


class Ear:
    """Listens on the queues of one service until it is told to stop."""

    def __init__(
        self,
        url: str,
        hearings: Sequence[Hearing],
        declared: Sequence[Subscription],
        work: Work,
    ) -> None:
        self.url = url
        self.hearings = list(hearings)
        self.declared = list(declared)
        self.work = work
        self.consuming = False
        self._connection: Any = None
        self._stopping = False
        self._last_round = time.monotonic()
        self._last_beat = 0.0

    def stop(self) -> None:
        """End `run` after the batch in hand; what was not handled goes back to the queues."""
        self._stopping = True

    def breathe(self) -> None:
        """While a batch is being handled: keep the connection alive, take in what has come.

        A connection that is lost meanwhile is found out when the batch is settled.
        """
        if self._connection is None:
            return
        try:
            self._drain(self._connection, 0.0005)
            self._beat(self._connection)
        except LOST as error:
            log.warning("bus_lost", reason=repr(error), during="a batch")
            self._connection = None

    def trouble(self) -> str | None:
        """For readiness: whether messages really can come in."""
        if not self.consuming:
            return "not consuming: the broker is away"
        if time.monotonic() - self._last_round > SILENT_SECONDS:
            return f"no round for {SILENT_SECONDS} s"
        return None

    def run(self) -> None:
        failures = 0
        while not self._stopping:
            connection = None
            try:
                connection = connecting.connect(self.url)
                self._listen(connection)
                failures = 0
            except LOST as error:
                failures = 0 if self.consuming else failures + 1
                self.consuming = False
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                log.warning("bus_lost", reason=repr(error), pause=pause)
                self._pause(pause)
            finally:
                self.consuming, self._connection = False, None
                if connection is not None:
                    connecting.cut(connection)

    def _listen(self, connection: Any) -> None:
        """Consume until told to stop. Raises what a lost connection raises."""
        with connection.channel() as channel:
            topology.declare(channel, self.declared, [])
        boxes = [box for hearing in self.hearings for box in self._open(connection, hearing)]
        self.consuming, self._connection = True, connection
        log.info("bus_heard", queues=len(self.hearings))
        while not self._stopping:
            self._receive(connection, boxes)
            for box in boxes:
                if box.ready():
                    self._work(box)
            self._last_round = time.monotonic()
        for box in boxes:
            box.channel.close()  # unacknowledged messages return to the queue at once

    def _open(self, connection: Any, hearing: Hearing) -> list[Box]:
        """The queue, and the one for messages that were never settled."""
        boxes = []
        for queue, dead in (
            (topology.queue_of(hearing.subscription), False),
            (topology.dead_queue_of(hearing.subscription), True),
        ):
            channel = connection.channel()
            channel.basic_qos(0, PREFETCH, False)
            box = Box(hearing, channel, dead=dead)
            consumer = Consumer(channel, [queue], auto_declare=False, accept=None)
            consumer.on_message = box.messages.append
            consumer.consume()
            boxes.append(box)
        return boxes

    def _receive(self, connection: Any, boxes: Sequence[Box]) -> None:
        """Take what is there; wait a moment only if there is nothing to do."""
        wait = 0.0005 if any(box.ready() for box in boxes) else 0.5
        while sum(len(box.messages) for box in boxes) < PREFETCH:
            if not self._drain(connection, wait):
                break
            wait = 0.0005
        else:
            self._drain(connection, wait)
        self._beat(connection)

    def _drain(self, connection: Any, seconds: float) -> bool:
        """Wait so long for something to arrive. Whether something has."""
        try:
            connection.drain_events(timeout=seconds)
        except TimeoutError:
            return False
        return True

    def _beat(self, connection: Any) -> None:
        now = time.monotonic()
        if now - self._last_beat >= 1:
            connecting.beat(connection)
            self._last_beat = now

    def _work(self, box: Box) -> None:
        batch = box.next_batch()
        try:
            if box.dead:
                self._park_dead(box.hearing, batch[0])
            else:
                self.work(box.hearing, [message.body for message in batch])
        except Exception as error:
            if not is_passing(error):
                raise
            pause = box.wait()
            log.warning("hearing_waits", reason=repr(error), pause=pause)
        else:
            box.settle(batch)

    def _park_dead(self, hearing: Hearing, message: Any) -> None:
        reason = NeverSettled(
            f"delivered {topology.DELIVERY_LIMIT} times, its hearer never finished"
        )
        hearing.park_for_a_person(message.body, reason)

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < end:
            time.sleep(min(0.1, seconds))


def _deliveries(message: Any) -> int:
    """How often the broker has delivered it before (quorum queues count)."""
    count: int = (message.headers or {}).get("x-delivery-count", 0)
    return count
