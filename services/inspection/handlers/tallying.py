"""The counters of the dashboards: folded now and then, compared with a recount every night."""

from __future__ import annotations

from datetime import date

import structlog
from prometheus_client import Gauge

from services.chassis import clock
from services.chassis.database import Database
from services.inspection.store import tallies

DIFFERENCES = Gauge(
    "bianque_tally_differences", "Counters that the last nightly comparison had to repair"
)

log = structlog.get_logger()


def fold(database: Database) -> int:
    """Fold what transactions added into the counters. Returns how many rows went in."""
    with database.transaction() as session:
        return tallies.fold(session)


def compare_if_due(database: Database, *, on: date) -> int | None:
    """The first time on a day: compare. Returns the differences; None: it was done already."""
    with database.reading() as session:
        last = tallies.last_check(session)
        if last is not None and last.checked_on >= on:
            return None
    return compare(database, on=on)


def compare(database: Database, *, on: date) -> int:
    """Compare the counters with a recount. What differs is an alarm, repaired and on record."""
    with database.transaction() as session:
        groups, differing = tallies.differences(session)
        tallies.repair(session, differing)
        tallies.note_check(session, on=on, at=clock.now(), groups=groups, differing=differing)
    DIFFERENCES.set(len(differing))
    if differing:
        log.error("tally_alarm", day=on.isoformat(), groups=groups, differing=len(differing))
    return len(differing)
