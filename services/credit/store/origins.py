"""What was heard of cases, orders and refusals, kept in whatever order it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.credit.model import Heard, OriginFacts
from services.credit.store.tables import OriginFactRow, OriginRow
from services.events.contract import event_called

ORIGIN: Table = OriginRow.metadata.tables["origin"]
ORIGIN_FACT: Table = OriginFactRow.metadata.tables["origin_fact"]


def note_origins(session: Session, heard: Mapping[UUID, Heard]) -> list[OriginFacts]:
    """Keep the newest message of each origin; all that is known where it was something new.

    The rows of all these origins are locked from here on: whoever hears another message
    about one of them sees this one, or is seen by it.
    """
    held = [{"id": origin_id, "held": 0} for origin_id in heard]
    upsert(session, ORIGIN, held, key=["id"])
    rows = [
        {
            "origin_id": origin_id,
            "event": one.event.full_name,
            "revision": one.revision,
            "message_id": one.message_id,
            "body": one.event.to_wire(),
        }
        for origin_id, one in heard.items()
    ]
    new = upsert(session, ORIGIN_FACT, rows, key=["origin_id", "event"], newer_by="revision")
    return _known(session, {origin_id for origin_id, _ in new})


def _known(session: Session, origin_ids: set[UUID]) -> list[OriginFacts]:
    facts: dict[UUID, dict[str, Heard]] = defaultdict(dict)
    wanted = select(ORIGIN_FACT).where(ORIGIN_FACT.c.origin_id.in_(origin_ids))
    for row in session.execute(wanted.order_by(ORIGIN_FACT.c.origin_id)):
        facts[row.origin_id][row.event] = _heard(row)
    return [OriginFacts(origin_id, known) for origin_id, known in facts.items()]


def _heard(row: Any) -> Heard:
    event = event_called(row.event).from_wire(row.body)
    return Heard(row.revision, row.message_id, event)
