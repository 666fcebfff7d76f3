"""Stops of objects: since when, and since when in use again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Table as SqlTable, select, update
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.inspection.model import Stop
from services.inspection.store.tables import StopRow

STOP: SqlTable = StopRow.__table__  # type: ignore[assignment]


def of(session: Session, object_ids: Collection[UUID]) -> dict[UUID, Stop]:
    """The last stop of each object that was ever stopped."""
    rows = session.execute(select(STOP).where(STOP.c.object_id.in_(list(object_ids))))
    return {row.object_id: Stop(row.stopped_on, row.resumed_on) for row in rows}


def begin(session: Session, stopped: Mapping[UUID, date]) -> None:
    """Locked objects are stopped. One that is stopped already stays so since then."""
    known = of(session, stopped.keys())
    rows = [
        {"object_id": object_id, "stopped_on": day, "resumed_on": None}
        for object_id, day in stopped.items()
        if object_id not in known or known[object_id].resumed_on is not None
    ]
    upsert(session, STOP, rows, key=["object_id"])


def end(session: Session, resumed: Mapping[UUID, date]) -> None:
    """Locked objects are in use again; of those that were not stopped nothing is noted."""
    still = select(STOP.c.object_id).where(
        STOP.c.object_id.in_(list(resumed)), STOP.c.resumed_on.is_(None)
    )
    rows = [
        {"object_id": object_id, "resumed_on": resumed[object_id]}
        for object_id in session.scalars(still)
    ]
    if rows:
        session.execute(update(StopRow), rows)
