"""A draft is written, rewritten, discarded, or issued under the next number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.events.inspection import OrderOrigin
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.bureaus import bureau_for, numbered
from services.inspection.handlers.earlier import earlier_violations
from services.inspection.handlers.orders.consequences import follow_issue
from services.inspection.handlers.orders.keeping import keep, locked
from services.inspection.model.orders import Item, Order, OrderState
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.orders import issuing
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import enterprises


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a draft says."""

    origin: OrderOrigin
    items: tuple[Item, ...]
    visit_id: UUID | None = None
    warning_id: UUID | None = None


def draft(
    session: Session,
    enterprise_id: UUID,
    content: Content,
    *,
    bureau: str | None,
    acting: Acting,
) -> Order:
    """A new draft: it has no number and binds nobody. Raises Unknown, NotAllowed."""
    enterprise = enterprises.find(session, enterprise_id)
    if enterprise is None or not acting.scope.covers(enterprise.division):
        raise Unknown(
            "no_such_enterprise", f"没有编号为 {enterprise_id} 的企业, 或不在管辖范围内"
        )
    order = Order(
        order_id=uuid4(),
        enterprise_id=enterprise_id,
        division=enterprise.division,
        bureau=bureau_for(enterprise.division, asked=bureau, acting=acting).code,
        drafted_on=acting.today,
        **vars(content),
    )
    issuing.check_draft(order, policy=acting.policy)
    act = Act(what="draft", rule="check_draft", words=f"拟制草稿,共{len(order.items)}项")
    return keep(session, Taken(order, (act,)), acting)[0]


def redraft(session: Session, order_id: UUID, content: Content, *, acting: Acting) -> Order:
    """Other content for a draft. Raises Unknown, NotAllowed."""
    order = locked(session, order_id, acting)
    if order.state is not OrderState.DRAFT:
        raise NotAllowed(
            "not_a_draft", "已经下达的通知书不能改写。", "可以逐项延长、撤回,或者另拟一份。"
        )
    written = replace(order, **vars(content))
    issuing.check_draft(written, policy=acting.policy)
    act = Act(what="redraft", rule="check_draft", words=f"改写草稿,共{len(written.items)}项")
    return keep(session, Taken(written, (act,)), acting)[0]


def discard(session: Session, order_id: UUID, *, because: str, acting: Acting) -> Order:
    """A draft that is not wanted any more. Raises Unknown, NotAllowed."""
    order = locked(session, order_id, acting)
    return keep(session, issuing.discard(order, because=because), acting)[0]


def issue(
    session: Session, order_id: UUID, *, officers: Sequence[str], acting: Acting
) -> Order:
    """Issue a draft. The number is taken last, and only if everything else is right.

    Raises Unknown, NotAllowed.
    """
    order = locked(session, order_id, acting)
    today, policy = acting.today, acting.policy
    issuing.may_issue(order, officers, today=today, policy=policy)
    earlier = earlier_violations(
        session, order.enterprise_id, but={order.order_id}, today=today, policy=policy
    )
    number = numbered(session, order.bureau, "order", on=today, policy=policy)
    taken = issuing.issue(
        order, number=number, officers=officers, earlier=earlier, today=today, policy=policy
    )
    issued, said = keep(session, taken, acting)
    return follow_issue(session, issued, earlier, acting.by_rule(said))
