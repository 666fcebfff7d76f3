"""Wakes the relay when another process of the service has announced something.

A net lies under it: the relay looks twice a second anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
import structlog

from services.chassis.database import OUTBOX_CHANNEL, Database

PAUSE_SECONDS = 2.0
ROUND_SECONDS = 2.0

log = structlog.get_logger()


class OutboxListener:
    """Listens for PostgreSQL's notification at the commit of an announcement."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self.wake = wake
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until `stop`; connects again when the database was away."""
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("outbox_listener_waits", reason=repr(error))
                self._stopping.wait(PAUSE_SECONDS)

    def stop(self) -> None:
        self._stopping.set()

    def _listen(self) -> None:
        with self.database.driver_connection() as connection:
            connection.execute(f"LISTEN {OUTBOX_CHANNEL}")
            while not self._stopping.is_set():
                connection.execute("SELECT 1")  # notices in time that the other end is gone
                for _ in connection.notifies(timeout=ROUND_SECONDS, stop_after=1):
                    self.wake()
