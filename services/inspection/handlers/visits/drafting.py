"""The record of a visit is saved, at every step. Nothing that was sent is ever lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.visits.finding import open_visit
from services.inspection.model.visits import Visit, VisitState
from services.inspection.rules.visits import officers as officer_rules
from services.inspection.store import visit_papers, visits


@dataclass(frozen=True)
class Saved:
    """A save, and whether the record now is what was sent.

    beside  somebody else had saved meanwhile: this save is kept, and the record is as it was
    """

    visit: Visit
    number: int
    beside: bool


def save(
    session: Session, acting: Acting, visit_id: UUID, *, based_on: int, content: dict[str, Any]
) -> Saved:
    """Save the record. Raises Unknown, NotAllowed.

    Two officers may write at once: the one who did not know of the other's save is told, and
    both versions are on file.
    """
    visit = open_visit(session, acting, visit_id)
    officer_rules.enough(visit.officers, on=acting.today, policy=acting.policy)
    beside = based_on != visit.saves
    number = visit_papers.add_save(
        session,
        visit_id,
        content,
        based_on=based_on,
        beside=beside,
        by=acting.by or "",
        at=acting.at,
    )
    if beside:
        return Saved(visit, number, beside=True)
    saved = replace(
        visit,
        state=VisitState.DRAFT,
        saves=number,
        content=content,
        revision=outbox.revision_after(visit.revision),
    )
    visits.write(session, saved)
    return Saved(saved, number, beside=False)
