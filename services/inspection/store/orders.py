"""Rectification orders and their items."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table as SqlTable, case, delete, func, select, tuple_
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import upsert
from services.chassis.scope import Scope
from services.events.inspection import OrderEnd, OrderOrigin
from services.inspection.model import Colour, ColourCounts
from services.inspection.model.orders import Item, ItemState, Order, OrderState
from services.inspection.store.tables import OrderItemRow, OrderRow

ORDER: SqlTable = OrderRow.__table__  # type: ignore[assignment]
ITEM: SqlTable = OrderItemRow.__table__  # type: ignore[assignment]

_OF_ORDER = [field.name for field in fields(Order) if field.name != "items"]
_OF_ITEM = [field.name for field in fields(Item)]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which orders to list; `after` is the day and id of the last one already seen.

    told_only  only what its addressee was told of: no drafts
    """

    scope: Scope
    division: Scope | None = None
    state: OrderState | None = None
    enterprise_id: UUID | None = None
    overdue: bool | None = None
    told_only: bool = False
    after: tuple[date, UUID] | None = None
    limit: int = 50


def save(session: Session, order: Order) -> None:
    """Write an order and its items; items that it no longer has are deleted."""
    upsert(session, ORDER, [_order_row(order)], key=["order_id"])
    kept = [item.item_id for item in order.items]
    gone = delete(ITEM).where(ITEM.c.order_id == order.order_id, ITEM.c.item_id.not_in(kept))
    session.execute(gone)
    rows = [_item_row(order, place, item) for place, item in enumerate(order.items, start=1)]
    if rows:
        upsert(session, ITEM, rows, key=["item_id"])


def find(session: Session, order_id: UUID, *, scope: Scope) -> Order | None:
    """One order; None also where it lies outside the scope."""
    wanted = _columns().where(ORDER.c.order_id == order_id, scope.clause(ORDER.c.division))
    return next(iter(_with_items(session, session.execute(wanted).all())), None)


def lock(session: Session, order_ids: Collection[UUID]) -> list[Order]:
    """Orders, as they stand once nobody else is at them; in the order of their ids."""
    wanted = _columns().where(ORDER.c.order_id.in_(order_ids)).order_by(ORDER.c.order_id)
    return _with_items(session, session.execute(wanted.with_for_update()).all())


def due(
    session: Session, *, today: date, limit: int, without: Collection[UUID] = ()
) -> list[UUID]:
    """Orders with an item whose day has come."""
    wanted = (
        select(ITEM.c.order_id)
        .where(ITEM.c.next_change_on <= today, ITEM.c.order_id.not_in(without))
        .group_by(ITEM.c.order_id)
        .order_by(func.min(ITEM.c.next_change_on), ITEM.c.order_id)
        .limit(limit)
    )
    return list(session.scalars(wanted))


def count_due(session: Session, *, today: date) -> int:
    """How many items have a day that has come and is not dealt with yet."""
    found = select(func.count()).select_from(ITEM).where(ITEM.c.next_change_on <= today)
    return session.scalar(found) or 0


def page(session: Session, wanted: Wanted) -> list[Order]:
    """The newest first; a page after another shows none twice and leaves none out."""
    place = (ORDER.c.drafted_on, ORDER.c.order_id)
    found = _columns().where(wanted.scope.clause(ORDER.c.division))
    if wanted.division is not None:
        found = found.where(wanted.division.clause(ORDER.c.division))
    if wanted.state is not None:
        found = found.where(ORDER.c.state == wanted.state.value)
    if wanted.enterprise_id is not None:
        both = aliases.together(session, wanted.enterprise_id)
        found = found.where(ORDER.c.enterprise_id.in_(both))
    if wanted.overdue is not None:
        late = select(ITEM.c.order_id).where(ITEM.c.state == ItemState.OVERDUE.value)
        among = ORDER.c.order_id.in_(late)
        found = found.where(among if wanted.overdue else ~among)
    if wanted.told_only:
        found = found.where(ORDER.c.issued_on.is_not(None))
    if wanted.after is not None:
        found = found.where(tuple_(*place) < tuple_(*wanted.after))
    newest = found.order_by(*(column.desc() for column in place)).limit(wanted.limit)
    return _with_items(session, session.execute(newest).all())


def violations(
    session: Session, enterprise_id: UUID, *, since: date
) -> list[tuple[date, str, str, UUID]]:
    """Day, matter, number and id of what orders hold against an enterprise."""
    wanted = (
        select(ORDER.c.issued_on, ITEM.c.matter, ORDER.c.number, ORDER.c.order_id)
        .join(ITEM, ITEM.c.order_id == ORDER.c.order_id)
        .where(
            ORDER.c.enterprise_id.in_(aliases.together(session, enterprise_id)),
            ORDER.c.issued_on >= since,
            ITEM.c.state != ItemState.WITHDRAWN.value,
        )
        .order_by(ORDER.c.issued_on, ITEM.c.item_id)
    )
    return [tuple(row) for row in session.execute(wanted)]


def counts(session: Session, scopes: Sequence[Scope]) -> dict[str, int]:
    """Orders by state, and the items of open ones by state."""
    mine = [scope.clause(ORDER.c.division) for scope in scopes]
    by_state = select(ORDER.c.state, func.count()).where(*mine).group_by(ORDER.c.state)
    of_items = (
        select(ITEM.c.state, func.count())
        .join(ORDER, ORDER.c.order_id == ITEM.c.order_id)
        .where(ORDER.c.state == OrderState.ISSUED.value, *mine)
        .group_by(ITEM.c.state)
    )
    orders: dict[str, int] = dict(session.execute(by_state).all())
    items: dict[str, int] = dict(session.execute(of_items).all())
    return {f"orders_{state}": orders.get(state.value, 0) for state in OrderState} | {
        f"items_{state}": items.get(state.value, 0) for state in ItemState
    }


def by_colour(session: Session, scopes: Sequence[Scope], *, near: date) -> ColourCounts:
    """Items of open orders by colour: overdue, due up to *near*, later; what waits is green."""
    mine = [scope.clause(ORDER.c.division) for scope in scopes]
    colour = case(
        (ITEM.c.state == ItemState.OVERDUE.value, Colour.RED.value),
        (
            (ITEM.c.state == ItemState.OPEN.value) & (ITEM.c.due_on <= near),
            Colour.YELLOW.value,
        ),
        (
            (ITEM.c.state == ItemState.HANDED_IN.value) & (ITEM.c.recheck_by <= near),
            Colour.YELLOW.value,
        ),
        else_=Colour.GREEN.value,
    )
    ended = [ItemState.RECTIFIED.value, ItemState.WITHDRAWN.value]
    wanted = (
        select(colour, func.count())
        .join(ORDER, ORDER.c.order_id == ITEM.c.order_id)
        .where(ORDER.c.state == OrderState.ISSUED.value, ITEM.c.state.not_in(ended), *mine)
        .group_by(colour)
    )
    found: dict[str, int] = dict(session.execute(wanted).all())
    return ColourCounts(**found)


def _columns() -> Select[Any]:
    return select(*(ORDER.c[name] for name in _OF_ORDER))


def _with_items(session: Session, rows: Iterable[Row[Any]]) -> list[Order]:
    found = [dict(row._mapping) for row in rows]
    held: dict[UUID, list[Item]] = {row["order_id"]: [] for row in found}
    wanted = (
        select(ITEM.c.order_id, *(ITEM.c[name] for name in _OF_ITEM))
        .where(ITEM.c.order_id.in_(held))
        .order_by(ITEM.c.order_id, ITEM.c.position)
    )
    for row in session.execute(wanted) if held else ():
        values = dict(row._mapping)
        held[values.pop("order_id")].append(_item(values))
    return [_order(row, held[row["order_id"]]) for row in found]


def _order(row: dict[str, Any], items: Sequence[Item]) -> Order:
    row["origin"] = OrderOrigin(row["origin"])
    row["state"] = OrderState(row["state"])
    row["officers"] = tuple(row["officers"])
    row["end"] = OrderEnd(row["end"]) if row["end"] else None
    return Order(**row, items=tuple(items))


def _item(row: dict[str, Any]) -> Item:
    return Item(**row | {"state": ItemState(row["state"])})


def _order_row(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in _OF_ORDER} | {
        "origin": order.origin.value,
        "state": order.state.value,
        "officers": list(order.officers),
        "end": order.end.value if order.end else None,
    }


def _item_row(order: Order, place: int, item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _OF_ITEM} | {
        "order_id": order.order_id,
        "position": place,
        "state": item.state.value,
    }
