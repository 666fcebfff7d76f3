"""A draft of an order for red warnings of one enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.events.inspection import OrderOrigin
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.orders.drafting import Content, draft
from services.inspection.model import RaisedWarning
from services.inspection.model.orders import Order
from services.inspection.rules.orders.overdue import item_of
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import reds


def draft_of_warnings(
    session: Session, warning_ids: Sequence[UUID], *, bureau: str | None, acting: Acting
) -> Order:
    """One item for each warning, in the order given. Raises Unknown, NotAllowed."""
    raised = [_standing(session, warning_id, acting) for warning_id in warning_ids]
    enterprises = {each.red.enterprise_id for each in raised}
    if len(enterprises) > 1:
        raise NotAllowed(
            "several_enterprises",
            "一份责令改正通知书只能下达给一家企业。",
            "可以按企业分别拟制。",
        )
    content = Content(
        origin=OrderOrigin.WARNING,
        warning_id=raised[0].red.warning_id,
        items=tuple(
            item_of(each.red, policy=acting.policy, on=acting.today) for each in raised
        ),
    )
    return draft(session, enterprises.pop(), content, bureau=bureau, acting=acting)


def _standing(session: Session, warning_id: UUID, acting: Acting) -> RaisedWarning:
    found = reds.get(session, warning_id)
    if found is None or not acting.scope.covers(found.red.division):
        raise Unknown("no_such_warning", f"没有编号为 {warning_id} 的预警, 或不在管辖范围内")
    if found.cleared_on is not None:
        raise NotAllowed(
            "warning_cleared",
            f"{found.red.label}的预警已于{found.cleared_on}消除。",
            "不需要责令改正;如发现其他问题,可以另拟通知书。",
        )
    return found
