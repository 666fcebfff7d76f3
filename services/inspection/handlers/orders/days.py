"""Terms that have passed: found by day, marked once, followed by what must follow."""

from __future__ import annotations

import structlog
from sqlalchemy.orm import Session

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

    A slice to a transaction. Run twice it finds nothing more; run late it catches up.
    """
    overdue = 0
    while True:
        with database.transaction() as session:
            due = orders.due(session, today=acting.today, limit=SLICE)
            if not due:
                break
            for order in orders.lock(session, due):
                before = sum(item.overdue_times for item in order.items)
                after = pass_by_day(session, order, acting)
                overdue += sum(item.overdue_times for item in after.items) - before
    if overdue:
        log.info("terms_passed", items=overdue, today=acting.today.isoformat())
    return overdue


def pass_by_day(session: Session, order: Order, acting: Acting) -> Order:
    """Mark what is overdue by today, tell it, and do what follows."""
    taken = pass_terms(order, today=acting.today)
    if not taken.acts:
        if taken.after != order:
            orders.save(session, taken.after)
        return taken.after
    passed, said = keep(session, taken, acting)
    return follow_overdue(session, passed, acting.by_rule(said))
