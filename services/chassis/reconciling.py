"""Finds what a hearer never heard, and gives it to it again.

The promise "nothing is lost" must also hold when a database was restored from
yesterday, when a broker lost its disk, and when a release brings a new hearer. So every
hearer now and then tells the announcer how many messages of an event it remembers, minute
by minute; the announcer, who keeps what it sent, sends the minutes again that are short.
What had been heard is dropped by the inbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.hearing import BATCH, Hearing
from services.chassis.outbox import Parcel
from services.chassis.tables import InboxRow, OutboxRow, ParkedRow, minute_of
from services.events.contract import OUTSIDE

# Compared is only what had left so long before the report that it was not on its way any more.
SETTLED = timedelta(seconds=30)
RECENT = timedelta(hours=2)
EVERY_SECONDS = 30
SLICE = 5000

Minutes = Mapping[int, int]


@dataclass(frozen=True)
class Report:
    """How many messages of one event a method remembers, by minute of their announcement."""

    heard_by: str
    queue: str
    type: str
    told_at: str
    since: int
    minutes: dict[int, int]


def report(session: Session, hearing: Hearing, *, since: datetime) -> Report:
    """What one hearing remembers from *since* on: handled, or parked for a person."""
    subscription = hearing.subscription
    told_at = clock.now().isoformat()
    first = minute_of(since)
    minutes: dict[int, int] = {}
    for table in (InboxRow, ParkedRow):
        counted = (
            select(table.minute, func.count())
            .where(table.heard_by == subscription.heard_by, table.minute >= first)
            .group_by(table.minute)
        )
        for minute, messages in session.execute(counted):
            assert minute is not None  # noqa: S101 - the condition leaves nulls out
            minutes[minute] = minutes.get(minute, 0) + messages
    return Report(
        heard_by=subscription.heard_by,
        queue=subscription.queue,
        type=subscription.event.full_name,
        told_at=told_at,
        since=first,
        minutes=minutes,
    )


def unheard(database: Database, told: Report) -> Iterator[list[Parcel]]:
    """The announcer's side: what was sent in the minutes in which the hearer counts fewer.

    All of it, in slices, the oldest first; some of it may have been heard.
    """
    with database.reading() as session:
        short = _short_minutes(session, told)
    for minute in short:
        after = 0
        while True:
            with database.reading() as session:
                parcels = _sent_in(session, told.type, minute, after=after)
            if not parcels:
                break
            yield parcels
            after = parcels[-1].position


def _short_minutes(session: Session, told: Report) -> list[int]:
    settled = minute_of(clock.now() - SETTLED)
    counted = (
        select(OutboxRow.minute, func.count())
        .where(
            OutboxRow.type == told.type,
            OutboxRow.minute >= told.since,
            OutboxRow.minute < settled,
            OutboxRow.sent_at.is_not(None),
        )
        .group_by(OutboxRow.minute)
        .order_by(OutboxRow.minute)
    )
    return [m for m, sent in session.execute(counted) if told.minutes.get(m, 0) < sent]


def _sent_in(session: Session, kind: str, minute: int, *, after: int) -> list[Parcel]:
    rows = session.execute(
        select(OutboxRow.position, OutboxRow.id, OutboxRow.type, OutboxRow.message)
        .where(OutboxRow.type == kind, OutboxRow.minute == minute)
        .where(OutboxRow.sent_at.is_not(None), OutboxRow.position > after)
        .order_by(OutboxRow.position)
        .limit(SLICE)
    )
    return [Parcel(*row) for row in rows]


class Since:
    """How far back to look: at first and once a day all that is kept, else the last hours."""

    def __init__(self, keep_days: int) -> None:
        self.keep = timedelta(days=keep_days)
        self._whole_at: datetime | None = None

    @contextmanager
    def looking_back(self) -> Iterator[datetime]:
        """From when on. Looking at everything counts only if it comes to its end."""
        now = clock.now()
        if self._whole_at is not None and now - self._whole_at <= timedelta(days=1):
            yield now - RECENT
            return
        yield now - self.keep
        self._whole_at = now


def in_one_process(
    services: Mapping[str, Any], hearings: Iterable[Hearing], since: datetime
) -> int:
    """Every hearing against its announcer, all in this process. Returns how many were given."""
    given = 0
    for hearing in hearings:
        if hearing.subscription.event.announced_by in OUTSIDE:
            continue  # who has no outbox here cannot say anything again
        announcer = services[hearing.subscription.event.announced_by].database
        with hearing.database.reading() as session:
            told = report(session, hearing, since=since)
        for parcels in unheard(announcer, told):
            for start in range(0, len(parcels), BATCH):
                hearing.hear([parcel.message for parcel in parcels[start : start + BATCH]])
            given += len(parcels)
    return given
