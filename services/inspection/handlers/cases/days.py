"""Terms of cases that come near or have passed: found by day, told once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.chassis import sweeping
from services.chassis.database import Database
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.cases.keeping import keep
from services.inspection.model.cases import Case
from services.inspection.rules.cases.terms import remind
from services.inspection.store import cases

SLICE = 200

log = structlog.get_logger()


def sweep(database: Database, acting: Acting) -> int:
    """Everything that is to be told by today. Returns how much was told.

    Run twice it finds nothing more; run late it tells what holds now.
    """

    def due(session: Session, _after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return cases.due(session, today=acting.today, limit=SLICE, without=without)

    def told_of(session: Session, some: Sequence[UUID]) -> int:
        return sum(_told(session, case, acting) for case in cases.lock(session, some))

    told = sum(sweeping.by_id("case_terms", due, told_of).run(database))
    if told:
        log.info("case_terms_told", terms=told, today=acting.today.isoformat())
    return told


def _told(session: Session, case: Case, acting: Acting) -> int:
    """How much is told of one case."""
    taken = remind(case, today=acting.today, policy=acting.policy)
    keep(session, taken.after, taken, acting)
    return len(taken.acts)
