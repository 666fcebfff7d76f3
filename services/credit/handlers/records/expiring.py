"""The end of corrected bad information: its time in public is over, and that is said."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.chassis import outbox
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit import store
from services.credit.handlers.records import saying
from services.credit.model import State
from services.credit.rules.records.showing import is_shown

SLICE = 500


def end_corrected(database: Database, *, today: date, policy: Policy) -> int:
    """Say of each corrected entry once that its time is over. Returns how many.

    The public no longer finds it from that day on, whether or not this has run.
    """
    ended, after = 0, None
    while True:
        with database.transaction() as session:
            found = store.corrected_entries(session, opened_by=today, after=after, limit=SLICE)
            if not found:
                return ended
            after = found[-1][0]
            warning_ids: list[UUID] = [warning_id for warning_id, _ in found]
            store.locked(session, warning_ids)
            over = [
                entry
                for entry in store.of_warnings(session, warning_ids).values()
                if entry.state is State.CORRECTED
                and not is_shown(entry, today=today, policy=policy)
            ]
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
            ended += len(over)
