"""Extension, proof, re-inspection, withdrawal, a second term, a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.events.inspection import OrderEnd, RefusalGround
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.orders import refusals
from services.inspection.handlers.orders.consequences import (
    follow_refusal,
    follow_withdrawal,
)
from services.inspection.handlers.orders.days import pass_by_day
from services.inspection.handlers.orders.keeping import keep, locked
from services.inspection.model.documents import DocumentKind
from services.inspection.model.orders import Order, Refusal
from services.inspection.rules.orders import items
from services.inspection.store import documents


def extend(
    session: Session,
    order_id: UUID,
    item_id: UUID,
    *,
    until: date,
    because: str,
    acting: Acting,
) -> Order:
    """A longer term for one item, once. Raises Unknown, NotAllowed."""
    taken = items.extend(
        locked(session, order_id, acting),
        item_id,
        until=until,
        because=because,
        today=acting.today,
        policy=acting.policy,
    )
    return keep(session, taken, acting)[0]


def hand_in(
    session: Session,
    order_id: UUID,
    item_id: UUID,
    *,
    evidence: Sequence[str],
    note: str,
    acting: Acting,
) -> Order:
    """Proof that something has been put right. Raises Unknown, NotAllowed."""
    taken = items.hand_in(
        locked(session, order_id, acting),
        item_id,
        evidence=evidence,
        note=note,
        today=acting.today,
        policy=acting.policy,
    )
    return keep(session, taken, acting)[0]


def find(
    session: Session,
    order_id: UUID,
    item_id: UUID,
    *,
    rectified: bool,
    note: str,
    officers: Sequence[str],
    evidence: Sequence[str],
    acting: Acting,
) -> Order:
    """What a re-inspection found. An item that comes back late is overdue at once.

    Raises Unknown, NotAllowed.
    """
    taken = items.find(
        locked(session, order_id, acting),
        item_id,
        rectified=rectified,
        note=note,
        officers=officers,
        evidence=evidence,
        today=acting.today,
        policy=acting.policy,
    )
    order, said = keep(session, taken, acting)
    return pass_by_day(session, order, acting.by_rule(said))


def withdraw(
    session: Session, order_id: UUID, item_id: UUID, *, because: str, acting: Acting
) -> Order:
    """An item that does not hold, or is not needed any more. Raises Unknown, NotAllowed."""
    order = locked(session, order_id, acting)
    taken = items.withdraw(order, item_id, because=because, today=acting.today)
    if taken.after.end is OrderEnd.WITHDRAWN:
        kinds = {DocumentKind.ORDER, DocumentKind.EXTENSION}
        documents.withdraw(session, order_id, kinds, on=acting.today, because=because)
    return keep(session, taken, acting)[0]


def set_again(
    session: Session, order_id: UUID, item_id: UUID, *, days: int | None, acting: Acting
) -> Order:
    """A second term for an item that is overdue. Raises Unknown, NotAllowed."""
    order = locked(session, order_id, acting)
    taken = items.set_again(order, item_id, days=days, today=acting.today, policy=acting.policy)
    return keep(session, taken, acting)[0]


def refuse(
    session: Session,
    order_id: UUID,
    *,
    ground: RefusalGround,
    statement: str,
    officers: Sequence[str],
    evidence: Sequence[str],
    acting: Acting,
) -> Refusal:
    """A named person puts a refusal on file; a case follows. Raises Unknown, NotAllowed."""
    order = locked(session, order_id, acting)
    refusal = replace(
        refusals.about_order(order, ground, statement, acting),
        officers=tuple(officers),
        evidence=tuple(evidence),
    )
    kept, said = refusals.record(session, refusal, order, acting)
    follow_refusal(session, order, kept, acting.by_rule(said))
    return kept


def take_back_refusal(
    session: Session, refusal_id: UUID, *, because: str, acting: Acting
) -> Refusal:
    """It did not hold: what followed from it is undone. Raises Unknown, NotAllowed."""
    kept, said = refusals.take_back(session, refusal_id, because=because, acting=acting)
    if kept.order_id is not None:
        order = locked(session, kept.order_id, acting)
        follow_withdrawal(session, order, because, acting.by_rule(said))
    return kept
