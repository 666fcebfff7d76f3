"""The end of corrected bad information: its time in public is over, and that is said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import outbox, sweeping
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.records import saying
from services.credit.model import BadInformation, State
from services.credit.rules.records.showing import is_shown

SLICE = 500


def end_corrected(database: Database, *, today: date, policy: Policy) -> int:
    """Say of each corrected entry once that its time is over. Returns how many.

    The public no longer finds it from that day on, whether or not this has run.
    """

    def due(session: Session, after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return store.corrected_entries(
            session, opened_by=today, after=after, limit=SLICE, without=without
        )

    def ended(session: Session, warning_ids: Sequence[UUID]) -> int:
        store.locked(session, warning_ids)
        entries = store.of_warnings(session, warning_ids).values()
        over = [each for each in entries if _is_over(each, today=today, policy=policy)]
        store.save_ended(session, over, on=today)
        outbox.announce_all(
            session,
            [
                saying.of_expiry(entry, outbox.revision_after(entry.revision), on=today)
                for entry in over
            ],
        )
        owners = {entry.enterprise_id for entry in over}
        store.mark_for_grading(session, owners, since=today)
        return len(over)

    return sum(sweeping.by_id("corrected_entries", due, ended).run(database))


def _is_over(entry: BadInformation, *, today: date, policy: Policy) -> bool:
    is_corrected = entry.state is State.CORRECTED
    return is_corrected and not is_shown(entry, today=today, policy=policy)
