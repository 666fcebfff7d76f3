"""期满处理 — the steps that come with the day, not with a message."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.sweeping import Sweep
from services.credit import store
from services.credit.handlers.settling import settle

SLICE = 500

Place = tuple[date, UUID]  # day of the next step, and the warning

log = structlog.get_logger()


def take_due_steps(database: Database, *, today: date, policy: Policy) -> int:
    """Take every step whose day has come. Returns how many.

    Only entries with `next_step_on <= today` are looked at. Run twice it finds nothing more;
    run late, or on a restored backup, it catches up.
    """
    which = partial(store.due, today=today)
    steps = _settled(database, "due_steps", which, today=today, policy=policy)
    if steps:
        log.info("due_steps_taken", steps=steps, today=today.isoformat())
    return steps


def recount_provisional_terms(database: Database, *, today: date, policy: Policy) -> int:
    """A year's notice has become known: count again the terms that were provisional.

    Returns how many were fixed. It reads every entry whose term is provisional, so it is
    for the day on which the calendar changes, not for every minute.
    """
    which = store.provisional
    fixed = _settled(database, "provisional_terms", which, today=today, policy=policy)
    if fixed:
        log.info("provisional_terms_fixed", steps=fixed)
    return fixed


def _settled(
    database: Database,
    name: str,
    which: Callable[..., list[Place]],
    *,
    today: date,
    policy: Policy,
) -> int:
    """Settle what *which* finds. Returns how many steps."""

    def find(session: Session, after: Place | None, without: Collection[UUID]) -> list[Place]:
        return which(session, after=after, limit=SLICE, without=without)

    def settled(session: Session, some: Sequence[Place]) -> int:
        facts = store.locked(session, [warning_id for _, warning_id in some])
        return settle(session, facts, today=today, policy=policy)

    sweep = Sweep(name, find, settled, key=lambda place: place[1], read=UUID)
    return sum(sweep.run(database))
