"""期满处理 — the steps that come with the day, not with a message."""

from __future__ import annotations

from datetime import date

import structlog

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.settling import settle

SLICE = 500

log = structlog.get_logger()


def take_due_steps(database: Database, *, today: date, policy: Policy) -> int:
    """Take every step whose day has come. Returns how many.

    Only entries with `next_step_on <= today` are looked at, a slice to a transaction. Run
    twice it finds nothing more; run late, or on a restored backup, it catches up.
    """
    steps, after = 0, None
    while True:
        with database.transaction() as session:
            due = store.due(session, today=today, after=after, limit=SLICE)
            if not due:
                break
            facts = store.locked(session, [warning_id for _, warning_id in due])
            steps += settle(session, facts, today=today, policy=policy)
            after = due[-1]
    if steps:
        log.info("due_steps_taken", steps=steps, today=today.isoformat())
    return steps
