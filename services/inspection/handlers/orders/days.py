"""Terms that have passed: found by day, marked once, followed by what must follow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.chassis import sweeping
from services.chassis.database import Database
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.orders.consequences import follow_overdue
from services.inspection.handlers.orders.keeping import keep
from services.inspection.model.orders import Order
from services.inspection.rules.orders.days import pass_terms
from services.inspection.store import orders

SLICE = 200

log = structlog.get_logger()


def sweep(database: Database, acting: Acting) -> int:
    """Every term that has ended by today. Returns how many items became overdue.

    Run twice it finds nothing more; run late it catches up.
    """

    def due(session: Session, _after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return orders.due(session, today=acting.today, limit=SLICE, without=without)

    def passed(session: Session, some: Sequence[UUID]) -> int:
        return sum(_overdue(session, order, acting) for order in orders.lock(session, some))

    overdue = sum(sweeping.by_id("order_terms", due, passed).run(database))
    if overdue:
        log.info("terms_passed", items=overdue, today=acting.today.isoformat())
    return overdue


def _overdue(session: Session, order: Order, acting: Acting) -> int:
    """How many of its items the day has made overdue."""
    before = sum(item.overdue_times for item in order.items)
    after = pass_by_day(session, order, acting)
    return sum(item.overdue_times for item in after.items) - before


def pass_by_day(session: Session, order: Order, acting: Acting) -> Order:
    """Mark what is overdue by today, tell it, and do what follows."""
    taken = pass_terms(order, today=acting.today)
    if not taken.acts:
        if taken.after != order:
            orders.save(session, taken.after)
        return taken.after
    passed, said = keep(session, taken, acting)
    return follow_overdue(session, passed, acting.by_rule(said))
