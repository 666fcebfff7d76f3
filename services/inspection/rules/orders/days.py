"""期限届满 — what a day brings to an order, without anybody's doing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.inspection.model.orders import Item, ItemState, ItemStep, Order, OrderState
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.orders.table import after
from services.inspection.rules.terms import ended_by, looked_at_again_on


def pass_terms(order: Order, *, today: date) -> Taken[Order]:
    """整改期限届满未整改的,记为逾期,每个期限只记一次;已提交材料待复查的,不因等待复查而逾期.

    Run again it finds nothing more; run late it finds what has passed meanwhile.
    """
    if order.state is not OrderState.ISSUED:
        return Taken(order, ())
    items = tuple(_passed(item, today=today) for item in order.items)
    newly = [
        item
        for item, before in zip(items, order.items, strict=True)
        if item.overdue_times > before.overdue_times
    ]
    acts = tuple(_overdue(item) for item in newly)
    return Taken(replace(order, items=items), acts)


def overdue_again(order: Order) -> bool:
    """再次责令整改后又逾期的项目: 视为拒绝整改."""
    return any(item.state is ItemState.OVERDUE and item.term_number > 1 for item in order.items)


def _passed(item: Item, *, today: date) -> Item:
    if item.state is not ItemState.OPEN or item.due_on is None:
        return item
    if not ended_by(item.due_on, today=today):
        return replace(item, next_change_on=looked_at_again_on(item.due_on))
    return replace(
        item,
        state=after(item, ItemStep.PASS),
        overdue_on=looked_at_again_on(item.due_on),
        overdue_times=item.overdue_times + 1,
        next_change_on=None,
    )


def _overdue(item: Item) -> Act:
    return Act(
        what="overdue",
        rule="pass_terms",
        words=f"{item.description}: 期限至{item.due_on}届满,未整改,自{item.overdue_on}起逾期",
        item_id=item.item_id,
        particulars={"overdue_on": str(item.overdue_on), "times": item.overdue_times},
    )
