"""What the day brings to records and requests: expiry, and terms that pass."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from services.chassis import sweeping
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.records.keeping import keep_steps
from services.credit.handlers.records.requesting import keep_recounted, note_overrun
from services.credit.model.requests import Request
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
    def due(session: Session, after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return store.due_records(
            session, today=today, limit=SLICE, after=after, without=without
        )

    def taken(session: Session, some: Sequence[UUID]) -> int:
        known = store.locked_records(session, some)
        steps = [
            step
            for record in known.values()
            for step in day_brings(record, today=today, policy=policy)
        ]
        keep_steps(session, steps, known, today=today, policy=policy)
        return len(steps)

    return sum(sweeping.by_id("due_records", due, taken).run(database))


def _requests(database: Database, *, today: date) -> int:
    def said(session: Session, some: Sequence[Request]) -> int:
        overrun = [note_overrun(session, asked, today=today) for asked in some]
        store.save_requests(session, overrun)
        return len(overrun)

    return _each_request(database, "overrun_requests", store.requests_due_on(today), said)


def recount_requests(database: Database, *, policy: Policy) -> int:
    """Count provisional terms anew, once a notice is known; say which of them move."""

    def recounted(session: Session, some: Sequence[Request]) -> int:
        return keep_recounted(session, some, policy=policy)

    which = store.requests_wait_provisionally()
    return _each_request(database, "provisional_requests", which, recounted)


def _each_request(
    database: Database,
    name: str,
    which: ColumnElement[bool],
    work: Callable[[Session, Sequence[Request]], int],
) -> int:
    def find(session: Session, after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return store.request_ids(session, which, limit=SLICE, after=after, without=without)

    def locked(session: Session, some: Sequence[UUID]) -> int:
        return work(session, store.locked_requests(session, some, which))

    return sum(sweeping.by_id(name, find, locked).run(database))
