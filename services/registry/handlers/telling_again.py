"""The change feed from nothing: every record as it stands, under the revision it has.

A hearer that knows a record ignores it; one with an empty database arrives at the same facts.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import aliases, clock, outbox
from services.chassis.outbox import Saying
from services.events.registry import EnterprisesMerged, MergeUndone, ObjectKind
from services.registry.handlers import announcing
from services.registry.store import merges, queries
from services.registry.store.tables import MergeRow

KINDS = ("enterprise", *(kind.value for kind in ObjectKind), "merge")


def tell_again(
    session: Session, kind: str, *, since: datetime | None, after: UUID | None, limit: int
) -> tuple[int, UUID | None]:
    """Announce the next *limit* records of a kind. Returns how many, and where to go on."""
    rows: list[Any]
    if kind == "enterprise":
        rows = queries.enterprises_changed(session, since=since, after=after, limit=limit)
        sayings = chain.from_iterable(announcing.whole_enterprise(row) for row in rows)
        outbox.announce_all(session, sayings)
    elif kind == "merge":
        rows = merges.last_of_each(session, since=since, after=after, limit=limit)
        outbox.announce_all(session, [_merge(session, row) for row in rows])
    else:
        rows = queries.objects_changed(session, kind, since=since, after=after, limit=limit)
        outbox.announce_all(session, map(announcing.of_object, rows))
    return len(rows), rows[-1].id if len(rows) == limit else None


def _merge(session: Session, row: MergeRow) -> Saying:
    """As it stands: a hearer may have missed that it was undone, too."""
    event_type = EnterprisesMerged if row.undone_at is None else MergeUndone
    event = event_type(
        merge_id=row.id,
        revision=aliases.revision_of(session, row.merged_id) or 0,
        survivor_id=row.survivor_id,
        merged_id=row.merged_id,
        since=(row.undone_at or row.merged_at).astimezone(clock.BEIJING).date(),
    )
    return Saying(event, f"enterprise/{row.merged_id}")
