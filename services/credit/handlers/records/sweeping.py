"""What the day brings to records and requests: expiry, and terms that pass."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import structlog

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.records.keeping import keep_steps
from services.credit.handlers.records.requesting import keep_recounted, note_overrun
from services.credit.rules.records.days import day_brings

SLICE = 200

log = structlog.get_logger()


def take_due_records(database: Database, *, today: date, policy: Policy) -> int:
    """End what has expired and say which terms have passed. Returns how many steps.

    Run twice it finds nothing more; run late, or on a restored backup, it catches up.
    """
    done = _records(database, today=today, policy=policy) + _requests(database, today=today)
    if done:
        log.info("due_records_taken", steps=done, today=today.isoformat())
    return done


def _records(database: Database, *, today: date, policy: Policy) -> int:
    done, after = 0, None
    while True:
        with database.transaction() as session:
            due = store.due_records(session, today=today, limit=SLICE, after=after)
            if not due:
                return done
            known = store.locked_records(session, due)
            steps = [
                step
                for record in known.values()
                for step in day_brings(record, today=today, policy=policy)
            ]
            keep_steps(session, steps, known, today=today, policy=policy)
            done, after = done + len(steps), due[-1]


def _requests(database: Database, *, today: date) -> int:
    done = 0
    after: UUID | None = None
    while True:
        with database.transaction() as session:
            due = store.due_requests(session, today=today, limit=SLICE, after=after)
            if not due:
                return done
            store.save_requests(
                session, [note_overrun(session, asked, today=today) for asked in due]
            )
            done, after = done + len(due), due[-1].id


def recount_requests(database: Database, *, policy: Policy) -> int:
    """Count provisional terms anew, once a notice is known; say which of them move."""
    moved, after = 0, None
    while True:
        with database.transaction() as session:
            found = store.provisional_requests(session, limit=SLICE, after=after)
            if not found:
                return moved
            after = found[-1].id
            moved += keep_recounted(session, found, policy=policy)
