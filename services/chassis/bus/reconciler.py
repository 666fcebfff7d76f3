"""The reports of reconciling, over the broker.

A report goes to the queue `reconcile.<announcer>`; the answer, if something is missing,
is the missing messages themselves, straight into the hearer's queue.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog
from kombu import Queue

from services.chassis.bus import connecting, topology
from services.chassis.bus.carrier import BusCarrier
from services.chassis.hearing import Hearing, Subscription
from services.chassis.reconciling import Report, Since, report, unheard
from services.events.contract import OUTSIDE

# A report that nobody read in time is repeated anyway.
REPORT_MILLISECONDS = 60_000

log = structlog.get_logger()


class Reconciler:
    """Tells announcers what a service remembers, and answers those who hear it."""

    def __init__(
        self, service: Any, hearings: Sequence[Hearing], topology_: Sequence[Subscription]
    ) -> None:
        self.service = service
        self.database = service.database
        self.url = service.settings.broker_url
        self.since = {hearing: Since(service.settings.keep_days) for hearing in hearings}
        self.sender = BusCarrier(self.url, service.name, topology_)

    def round(self) -> None:
        """Once: report, and answer the reports that have come. Raises what a lost broker raises."""
        connection = connecting.connect(self.url)
        try:
            with connection.channel() as channel:
                self._tell(channel)
                self._answer(connection, channel)
        finally:
            connecting.cut(connection)
            self.sender.close()

    def _tell(self, channel: Any) -> None:
        for hearing, since in self.since.items():
            if hearing.subscription.event.announced_by in OUTSIDE:
                continue  # who has no outbox here cannot say anything again
            ready = topology.queue_of(hearing.subscription)(channel).queue_declare(passive=True)
            if ready.message_count:
                continue  # what is short may just be waiting
            with since.looking_back() as first:
                self._tell_of(hearing, channel, first)

    def _tell_of(self, hearing: Hearing, channel: Any, first: datetime) -> None:
        with self.database.reading() as session:
            told = report(session, hearing, since=first)
        queue = _queue_of(hearing.subscription.event.announced_by)(channel)
        queue.declare()
        body = json.dumps(asdict(told)).encode()
        message = channel.prepare_message(body, content_type="application/json")
        channel.basic_publish(message, exchange="", routing_key=queue.name)

    def _answer(self, connection: Any, channel: Any) -> None:
        queue = _queue_of(self.service.name)(channel)
        queue.declare()
        while (message := queue.get(no_ack=False, accept=None)) is not None:
            told = _report(message.body)
            for parcels in unheard(self.database, told):
                self.sender.carry_to(told.queue, parcels)
                connecting.breathe(connection)  # it may take long
                log.warning(
                    "sent_again", to=told.heard_by, event_type=told.type, messages=len(parcels)
                )
            message.ack()


def _queue_of(announcer: str) -> Queue:
    return Queue(
        f"reconcile.{announcer}",
        durable=True,
        queue_arguments={"x-message-ttl": REPORT_MILLISECONDS},
    )


def _report(body: str | bytes) -> Report:
    """JSON has only words for keys; ours are minutes."""
    told = json.loads(body)
    told["minutes"] = {int(minute): count for minute, count in told["minutes"].items()}
    return Report(**told)
