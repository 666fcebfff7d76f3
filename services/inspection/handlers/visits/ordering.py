"""What a visit found wrong becomes the draft of a rectification order."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.events.inspection import OrderOrigin
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.orders import drafting
from services.inspection.handlers.orders.drafting import Content
from services.inspection.handlers.visits.finding import visit as find
from services.inspection.model.orders import Item, Order
from services.inspection.model.visits import Problem, Visit, VisitState
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import visits


def draft_order(
    session: Session, acting: Acting, visit_id: UUID, *, bureau: str | None
) -> Order:
    """One order for all problems of a concluded visit. Raises Unknown, NotAllowed.

    It is a draft: terms and wording are still in the officers' hands, and nothing is told.
    """
    visit = find(session, acting, visit_id, lock=True)
    _may_be_ordered(session, visit)
    labels = {each.object_id: each.label for each in visits.facing(session, visit.object_ids)}
    items = tuple(_item(each, labels) for each in visits.found(session, visit_id))
    if not items:
        raise NotAllowed(
            "no_problem_found",
            "本次检查没有发现问题, 没有可以责令整改的事项。",
            "另有违法事实的, 请直接拟制责令整改通知书。",
        )
    return drafting.draft(
        session,
        visit.enterprise_id,
        Content(origin=OrderOrigin.VISIT, visit_id=visit_id, items=items),
        bureau=bureau,
        acting=acting,
    )


def _may_be_ordered(session: Session, visit: Visit) -> None:
    """检查作出结论后才能据以责令整改; 已被更正的以更正为准; 一次检查只拟一份."""
    if visit.state is not VisitState.CONCLUDED:
        raise NotAllowed(
            "visit_not_concluded",
            "检查尚未作出结论。",
            "请先由检查人员和企业代表签字并作出结论。",
        )
    if visits.corrected_by(session, visit.visit_id) is not None:
        raise NotAllowed(
            "visit_corrected_already",
            "该检查记录已经由另一次检查更正。",
            "请就更正后的检查拟制。",
        )
    if (order_id := visits.order_of(session, visit.visit_id)) is not None:
        raise NotAllowed(
            "order_drafted_already",
            f"本次检查已经拟有责令整改通知书 ({order_id})。",
            "请在该通知书上修改, 或者先作废草稿。",
        )


def _item(problem: Problem, labels: dict[UUID, str]) -> Item:
    at = f"{labels.get(problem.object_id, '')}: " if problem.object_id else ""
    return Item(
        item_id=uuid4(),
        matter=problem.matter,
        description=f"{at}不符合“{problem.text}”。{problem.note}",
        basis=problem.basis,
        requirement=f"达到: {problem.text}",
        object_id=problem.object_id,
        finding_id=problem.problem_id,
    )
