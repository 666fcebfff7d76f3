"""An order as it is shown, and why it stands as it does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.inspection.handlers import procedure
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.model import Colour
from services.inspection.model.orders import Item, ItemState, Order, OrderState
from services.inspection.rules.offences import matters
from services.inspection.rules.orders.table import STATES
from services.inspection.rules.terms import colour_of
from services.inspection.store import enterprises, orders, refusals

LABELS = {
    OrderState.DRAFT: "草稿",
    OrderState.ISSUED: "整改中",
    OrderState.CLOSED: "已办结",
    OrderState.DISCARDED: "草稿已作废",
}


def found(
    session: Session, order_id: UUID, acting: Acting, *, told_only: bool = False
) -> Order:
    """An order within the scope; *told_only*: no draft. Raises Unknown."""
    order = orders.find(session, order_id, scope=acting.scope)
    if order is None or (told_only and order.issued_on is None):
        raise Unknown(
            "no_such_order", f"没有编号为 {order_id} 的责令整改通知书, 或不在管辖范围内"
        )
    return order


def shown(order: Order, *, today: date, policy: Policy) -> dict[str, Any]:
    """An order as the API answers it: the colour of each item is that of today."""
    labels = {code: each.label for code, each in matters(policy, on=today).items()}
    facts = {name: value for name, value in vars(order).items() if name != "acts"}
    return facts | {
        "state_label": LABELS[order.state],
        "overdue": order.overdue,
        "items": [
            asdict(item)
            | {
                "state_label": STATES[item.state],
                "matter_label": labels.get(item.matter, item.matter),
                "colour": item_colour(item, today=today, policy=policy),
            }
            for item in order.items
        ],
    }


def item_colour(item: Item, *, today: date, policy: Policy) -> Colour:
    """已逾期的为红色,临近期限的为黄色,待复查的按复查期限,已了结的为灰色."""
    if item.state is ItemState.OVERDUE:
        return Colour.RED
    until = item.recheck_by if item.state is ItemState.HANDED_IN else item.due_on
    if item.ended or until is None:
        return Colour.GREY
    return colour_of(until, today=today, policy=policy)


def explained(session: Session, order_id: UUID, acting: Acting) -> dict[str, Any]:
    """An order with every step it took, and the refusals it led to. Raises Unknown."""
    order = found(session, order_id, acting)
    enterprise = enterprises.find(session, order.enterprise_id)
    return {
        **shown(order, today=acting.today, policy=acting.policy),
        "enterprise": enterprise.name if enterprise else None,
        "steps": procedure.steps(session, order_id, acting.policy),
        "refusals": [
            asdict(refusal)
            | {"steps": procedure.steps(session, refusal.refusal_id, acting.policy)}
            for refusal in refusals.of_order(session, order_id)
        ],
    }
