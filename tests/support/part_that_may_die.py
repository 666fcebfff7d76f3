"""A process of the platform that a test can order to die at a boundary, as by kill -9.

    python -m tests.support.part_that_may_die credit events

It is `services.command.part` with some more settings, all of them for tests alone:

    BIANQUE_TEST_ORDERS          a folder; in it `credit-events` holds `<boundary>:<n>`: die at
                                 the n-th passing of a boundary from now on
    BIANQUE_TEST_BATCH           at most so many messages in a batch, to have more boundaries
    BIANQUE_TEST_MINUTE_SECONDS  how long the minutes of reconciling are, to wait less for them
    BIANQUE_TEST_KILLER          a text; who handles a message with it dies

The boundaries:

    before_commit   a transaction that heard or announces something has not been committed
    after_commit    it has; nobody has been told
    before_publish  the relay has read a batch and not published it
    after_publish   the broker has confirmed a batch; the outbox does not know
    before_ack      a batch is handled and committed; the broker does not know
    after_ack       the broker knows
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and sys.argv[2:] == ["events"]:
    import services.chassis.bus.greened  # noqa: F401 - before everything else

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

KILLED = 137


class Orders:
    """Counts the passings of the boundary that was ordered, and dies in time."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.order = ""
        self.passings = 0

    def at(self, boundary: str) -> None:
        order = self._read()
        if order != self.order:
            self.order, self.passings = order, 0
        wanted, _, number = order.partition(":")
        if wanted == boundary:
            self.passings += 1
            if self.passings == int(number):
                os._exit(KILLED)

    def _read(self) -> str:
        try:
            return self.file.read_text()
        except FileNotFoundError:
            return ""


def obey(orders: Orders, role: str) -> None:
    """Put the boundaries into the program."""
    _around_commits(orders)
    if role == "events":
        _around_the_bus(orders)


def _around_commits(orders: Orders) -> None:
    from services.chassis import inbox  # noqa: PLC0415 - after what is patched before
    from services.chassis.database import Database  # noqa: PLC0415

    transaction, first_heard = Database.transaction, inbox.first_heard

    @contextmanager
    def watched(self: Database) -> Iterator[Session]:
        with transaction(self) as session:
            yield session
            matters = session.info.get("announced") or session.info.get("heard")
            if matters:
                orders.at("before_commit")
        if matters:
            orders.at("after_commit")

    def noted(session: Session, envelopes: Sequence[Any], *, heard_by: str) -> list[Any]:
        session.info["heard"] = True
        return first_heard(session, envelopes, heard_by=heard_by)

    Database.transaction = watched  # type: ignore[method-assign]
    inbox.first_heard = noted


def _around_the_bus(orders: Orders) -> None:
    from services.chassis.bus.carrier import BusCarrier  # noqa: PLC0415 - green parts only
    from services.chassis.bus.ear import Box  # noqa: PLC0415

    carry, settle = BusCarrier.carry, Box.settle

    def watched_carry(self: Any, parcels: Any) -> None:
        orders.at("before_publish")
        carry(self, parcels)
        orders.at("after_publish")

    def watched_settle(self: Any, batch: Any) -> None:
        orders.at("before_ack")
        settle(self, batch)
        orders.at("after_ack")

    BusCarrier.carry = watched_carry  # type: ignore[method-assign]
    Box.settle = watched_settle  # type: ignore[method-assign]


def shorten_minutes(seconds: int) -> None:
    """Let reconciling compare after seconds. Before anything else knows `minute_of`."""
    from services.chassis import tables  # noqa: PLC0415

    def minute_of(moment: datetime) -> int:
        return int(moment.timestamp()) // seconds

    tables.minute_of = minute_of
    from services.chassis import reconciling  # noqa: PLC0415

    reconciling.SETTLED = timedelta(seconds=1)
    reconciling.EVERY_SECONDS = 1
    reconciling.RECENT = timedelta(seconds=2 * seconds)


def shorten_batches(messages: int, role: str) -> None:
    """More transactions and more acknowledgements for the same load."""
    from services.chassis import relay  # noqa: PLC0415

    relay.BATCH = messages
    if role == "events":
        from services.chassis.bus import ear  # noqa: PLC0415

        vars(ear)["BATCH"] = messages


def die_of(text: str) -> None:
    """Whoever handles a message with this text dies of it."""
    from services.chassis.hearing import Hearing  # noqa: PLC0415

    hear = Hearing.hear

    def killed(self: Hearing, messages: Sequence[str | bytes]) -> None:
        if any(text in str(message) for message in messages):
            os._exit(KILLED)
        hear(self, messages)

    Hearing.hear = killed  # type: ignore[method-assign]


def prepare(service: str, role: str) -> None:
    """Do what the environment asks for."""
    asked = os.environ
    if seconds := asked.get("BIANQUE_TEST_MINUTE_SECONDS"):
        shorten_minutes(int(seconds))
    if messages := asked.get("BIANQUE_TEST_BATCH"):
        shorten_batches(int(messages), role)
    if text := asked.get("BIANQUE_TEST_KILLER"):
        die_of(text)
    if folder := asked.get("BIANQUE_TEST_ORDERS"):
        obey(Orders(Path(folder, f"{service}-{role}")), role)


if __name__ == "__main__":
    prepare(*sys.argv[1:3])
    from services.command import part

    sys.exit(part.main(sys.argv[1], sys.argv[2]))
