"""A concluded record was wrong: a further one, with signatures of its own, corrects it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.visits.finding import visit as find
from services.inspection.model.visits import Visit, VisitState
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import visit_papers, visits


def correct(session: Session, acting: Acting, visit_id: UUID, *, reason: str) -> Visit:
    """Begin the correction of a concluded visit from its record. Raises Unknown, NotAllowed.

    Until the correction is concluded, what it corrects holds.
    """
    wrong = find(session, acting, visit_id, lock=True)
    if wrong.state is not VisitState.CONCLUDED:
        raise NotAllowed(
            "visit_not_concluded",
            "只有已作结论的检查需要更正。",
            "未作结论的, 可以直接修改记录。",
        )
    if visits.corrected_by(session, visit_id) is not None:
        raise NotAllowed(
            "visit_corrected_already",
            "该检查记录已经由另一次检查更正。",
            "请就最近一次更正再作更正。",
        )
    correction = replace(
        wrong,
        visit_id=uuid4(),
        revision=outbox.revision_after(None),
        state=VisitState.DRAFT,
        planned_on=acting.today,
        why={"correction": reason},
        saves=0,
        corrects=visit_id,
        concluded_on=None,
        outcome=None,
        planned_by=acting.by or "",
    )
    visits.add(session, correction)
    for row in visit_papers.evidence(session, visit_id):
        visit_papers.add_evidence(session, row | {"visit_id": correction.visit_id})
    return correction
