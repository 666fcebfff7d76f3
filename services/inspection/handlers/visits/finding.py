"""The visit that somebody speaks of: there, in his scope, locked while it is changed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.model.visits import Visit, VisitState
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import visits

_OPEN = (VisitState.PLANNED, VisitState.DRAFT)


def visit(session: Session, acting: Acting, visit_id: UUID, *, lock: bool = False) -> Visit:
    """A visit within the scope of whoever asks. Raises Unknown."""
    found = visits.get(session, visit_id, lock=lock)
    if found is None or not acting.scope.covers(found.division):
        raise Unknown("no_such_visit", f"没有编号为 {visit_id} 的检查")
    return found


def open_visit(session: Session, acting: Acting, visit_id: UUID) -> Visit:
    """One that can still be written, locked. Raises Unknown, NotAllowed."""
    found = visit(session, acting, visit_id, lock=True)
    if found.state not in _OPEN:
        raise NotAllowed(
            "visit_not_open",
            "检查已作结论或者已取消, 记录不能再改动。",
            "结论有误的, 请另作一次更正检查; 已取消的, 请重新计划。",
        )
    return found
