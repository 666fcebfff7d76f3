"""Terms of cases that come near or have passed: found by day, told once."""

from __future__ import annotations

import structlog

from services.chassis.database import Database
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.cases.keeping import keep
from services.inspection.rules.cases.terms import remind
from services.inspection.store import cases

SLICE = 200

log = structlog.get_logger()


def sweep(database: Database, acting: Acting) -> int:
    """Everything that is to be told by today. Returns how much was told.

    A slice to a transaction. Run twice it finds nothing more; run late it tells what holds now.
    """
    told = 0
    while True:
        with database.transaction() as session:
            due = cases.due(session, today=acting.today, limit=SLICE)
            if not due:
                break
            for case in cases.lock(session, due):
                taken = remind(case, today=acting.today, policy=acting.policy)
                told += len(taken.acts)
                keep(session, taken.after, taken, acting)
    if told:
        log.info("case_terms_told", terms=told, today=acting.today.isoformat())
    return told
