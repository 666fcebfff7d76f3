"""An order after a step: saved, its acts filed, what others must hear announced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.events.inspection import (
    OrderClosed,
    OrderedItem,
    OrderExtended,
    OrderIssued,
    OrderOverdue,
)
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.announcing import OfOrder, say
from services.inspection.model.orders import Item, Order
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.orders.ending import was_in_time
from services.inspection.store import acts, orders


def locked(session: Session, order_id: UUID, acting: Acting) -> Order:
    """The order as it stands once nobody else is at it. Raises Unknown."""
    for order in orders.lock(session, [order_id]):
        if acting.scope.covers(order.division):
            return order
    raise Unknown("no_such_order", f"没有编号为 {order_id} 的责令整改通知书, 或不在管辖范围内")


def keep(session: Session, taken: Taken[Order], acting: Acting) -> tuple[Order, UUID | None]:
    """Save, file, announce. Returns the order, and the id of the last message about it."""
    revisions = count(outbox.revision_after(taken.after.revision))
    events = list(_events(taken, revisions, acting.today))
    filed = acts.add(
        session,
        taken.after.order_id,
        taken.acts,
        after=taken.after.acts,
        on=acting.today,
        by=acting.by,
        at=acting.at,
        caused_by=acting.caused_by,
        policy_version=acting.policy.version(on=acting.today),
    )
    kept = replace(taken.after, acts=filed, revision=next(revisions))
    orders.save(session, kept)
    said = [say(session, event, caused_by=acting.caused_by) for event in events]
    return kept, said[-1] if said else acting.caused_by


def _events(taken: Taken[Order], revisions: Iterator[int], on: date) -> Iterator[OfOrder]:
    """What others hear of these acts, in order; terms that passed together are said together."""
    order = taken.after
    if order.number is None:
        return
    overdue = [act for act in taken.acts if act.what == "overdue"]
    for act in taken.acts:
        about = _about(order, order.number, next(revisions))
        if act.what == "issue":
            yield _issued(order, about, on)
        elif act.what == "extend":
            yield _extended(act, about, on)
        elif act.what == "close" and order.end is not None:
            yield OrderClosed(**about, closed_on=on, end=order.end, in_time=was_in_time(order))
        elif overdue and act is overdue[0]:
            yield _overdue(order, overdue, about)


def _about(order: Order, number: str, revision: int) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "revision": revision,
        "enterprise_id": order.enterprise_id,
        "division": order.division,
        "number": number,
    }


def _issued(order: Order, about: dict[str, Any], on: date) -> OrderIssued:
    return OrderIssued(
        **about,
        origin=order.origin,
        visit_id=order.visit_id,
        warning_id=order.warning_id,
        issued_on=on,
        first_offence=bool(order.first_offence),
        items=tuple(_ordered(item) for item in order.items if item.due_on),
    )


def _ordered(item: Item) -> OrderedItem:
    if item.due_on is None:
        raise ValueError(f"item {item.item_id} was issued without a last day")
    return OrderedItem(
        item_id=item.item_id,
        matter=item.matter,
        object_id=item.object_id,
        due_on=item.due_on,
    )


def _extended(act: Act, about: dict[str, Any], on: date) -> OrderExtended:
    return OrderExtended(
        **about,
        item_id=_item_of(act),
        extended_on=on,
        was_due_on=date.fromisoformat(act.particulars["was_due_on"]),
        due_on=date.fromisoformat(act.particulars["due_on"]),
    )


def _overdue(order: Order, passed: list[Act], about: dict[str, Any]) -> OrderOverdue:
    return OrderOverdue(
        **about,
        item_ids=tuple(_item_of(act) for act in passed),
        overdue_on=max(date.fromisoformat(act.particulars["overdue_on"]) for act in passed),
        again=any(item.overdue_times > 1 for item in order.items),
    )


def _item_of(act: Act) -> UUID:
    if act.item_id is None:
        raise ValueError(f"the act {act.what} is about no item")
    return act.item_id
