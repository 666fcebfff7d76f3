"""办结 — when a rectification order is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.events.inspection import OrderEnd
from services.inspection.model.orders import ItemState, Order, OrderState
from services.inspection.model.procedure import Act, Taken


def closed_if_done(taken: Taken[Order], *, today: date) -> Taken[Order]:
    """所有项目都已整改或者撤回的,通知书办结;还有一项未了结的,不办结."""
    order = taken.after
    if order.state is not OrderState.ISSUED or not all(item.ended for item in order.items):
        return taken
    withdrawn = all(item.state is ItemState.WITHDRAWN for item in order.items)
    end = OrderEnd.WITHDRAWN if withdrawn else OrderEnd.RECTIFIED
    closed = replace(order, state=OrderState.CLOSED, closed_on=today, end=end)
    words = "全部项目已撤回,办结" if withdrawn else "全部项目已了结,办结"
    act = Act(what="close", rule="closed_if_done", words=words)
    return Taken(closed, (*taken.acts, act))


def was_in_time(order: Order) -> bool:
    """没有任何一项逾期过的,为按期整改."""
    return not any(item.overdue_times for item in order.items)
