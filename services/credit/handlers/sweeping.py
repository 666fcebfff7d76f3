"""期满处理 — the steps that come with the day, not with a message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

import structlog

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.settling import settle

SLICE = 500

Place = tuple[date, UUID]  # day of the next step, and the warning

log = structlog.get_logger()


def take_due_steps(database: Database, *, today: date, policy: Policy) -> int:
    """Take every step whose day has come. Returns how many.

    Only entries with `next_step_on <= today` are looked at, a slice to a transaction. Run
    twice it finds nothing more; run late, or on a restored backup, it catches up.
    """
    steps = _settled(database, partial(store.due, today=today), today=today, policy=policy)
    if steps:
        log.info("due_steps_taken", steps=steps, today=today.isoformat())
    return steps


def recount_provisional_terms(database: Database, *, today: date, policy: Policy) -> int:
    """A year's notice has become known: count again the terms that were provisional.

    Returns how many were fixed. It reads every entry whose term is provisional, so it is
    for the day on which the calendar changes, not for every minute.
    """
    fixed = _settled(database, store.provisional, today=today, policy=policy)
    if fixed:
        log.info("provisional_terms_fixed", steps=fixed)
    return fixed


def _settled(
    database: Database, which: Callable[..., list[Place]], *, today: date, policy: Policy
) -> int:
    """Settle what *which* finds, a slice to a transaction. Returns how many steps."""
    steps, after = 0, None
    while True:
        with database.transaction() as session:
            found = which(session, after=after, limit=SLICE)
            if not found:
                return steps
            facts = store.locked(session, [warning_id for _, warning_id in found])
            steps += settle(session, facts, today=today, policy=policy)
            after = found[-1]
