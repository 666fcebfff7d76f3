"""Carries events from the outbox to the bus: at least once, in the order written.

One relay for each service at a time; others stand by and take over when its
connection to the database ends. It begins behind the last row that it handled, so that
a long transaction elsewhere, which keeps dead rows alive, does not slow it down; when
it finds nothing it looks once from the start, for rows whose transaction was slow.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

import structlog

from services.chassis import metrics, outbox
from services.chassis.database import Database
from services.chassis.outbox import Parcel

BATCH = 500
POLL_SECONDS = 0.5
PAUSES = (0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger()


class Carrier(Protocol):
    """What takes parcels to those who hear them."""

    def carry(self, parcels: Sequence[Parcel]) -> None:
        """Return when all of them are safe there; else raise, and they are carried again."""

    def idle(self) -> None:
        """Called about twice a second while there is nothing to carry."""

    def close(self) -> None:
        """Let go of connections."""


class Relay:
    """Empties one outbox."""

    def __init__(self, database: Database, carrier: Carrier, service: str) -> None:
        self.database = database
        self.carrier = carrier
        self.service = service
        self.turn = database.turn("relay")
        self.leads = False
        self._behind = 0
        self._stopping = False
        self._awake = threading.Event()
        database.when_announced(self.wake)

    def wake(self) -> None:
        """Something was announced."""
        self._awake.set()

    def stop(self) -> None:
        """End `run` after the batch in hand."""
        self._stopping = True
        self._awake.set()

    def send_waiting(self) -> int:
        """Carry one batch. Returns its size; raises what the carrier or the database raise."""
        parcels = self._next_batch()
        if parcels:
            self.carrier.carry(parcels)
            with self.database.transaction() as session:
                outbox.mark_sent(session, parcels)
            self._behind = parcels[-1].position
            metrics.sent(self.service, len(parcels))
        return len(parcels)

    def run(self) -> None:
        """Until `stop`: send when woken, and look anyway twice a second."""
        failures = 0
        try:
            while not self._stopping:
                try:
                    busy = self._lead()
                    failures = 0
                except Exception as error:  # noqa: BLE001 - whatever it was, the rows are safe
                    pause = PAUSES[min(failures, len(PAUSES) - 1)]
                    failures += 1
                    log.warning(
                        "relay_waits", service=self.service, reason=repr(error), s=pause
                    )
                    self._rest(pause)
                else:
                    if not busy:
                        self._rest(POLL_SECONDS)
        finally:
            self._led(False)
            self.turn.give_back()
            self.carrier.close()

    def _lead(self) -> bool:
        """One round. True if there may be more to do at once."""
        self._awake.clear()
        self._led(self.turn.held())
        if not self.leads:
            return False
        if self.send_waiting():
            return True
        self.carrier.idle()
        return False

    def _led(self, leads: bool) -> None:
        if leads != self.leads:
            self.leads = leads
            metrics.relay_leads(self.service, leads)
            log.info("relay_leads" if leads else "relay_stands_by", service=self.service)

    def _rest(self, seconds: float) -> None:
        if not self._stopping:
            self._awake.wait(seconds)

    def _next_batch(self) -> list[Parcel]:
        with self.database.reading() as session:
            parcels = outbox.waiting(session, after=self._behind, limit=BATCH)
            if not parcels and self._behind:
                self._behind = 0
                parcels = outbox.waiting(session, after=0, limit=BATCH)
        return parcels
