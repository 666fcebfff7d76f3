"""What officers confirmed of objects: passing records, and what is out of use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Table as SqlTable, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_all, upsert
from services.events.registry import DutyKind, DutyRecord, ObjectStatus
from services.inspection.model.visits import PassingRecord, StatusChange
from services.inspection.rules.visits.confirmed import Confirmed
from services.inspection.store.tables import AcceptedRecordRow, ConfirmedStatusRow
from services.inspection.store.visits import VISIT

RECORD: SqlTable = AcceptedRecordRow.__table__  # type: ignore[assignment]
STATUS: SqlTable = ConfirmedStatusRow.__table__  # type: ignore[assignment]


def of(session: Session, object_ids: Collection[UUID]) -> dict[UUID, Confirmed]:
    """What holds of what was confirmed of objects."""
    records = _records(session, object_ids)
    statuses = _statuses(session, object_ids)
    return {
        object_id: Confirmed(
            tuple(records.get(object_id, ())), *statuses.get(object_id, (None, None))
        )
        for object_id in records.keys() | statuses.keys()
    }


def accept(
    session: Session, visit_id: UUID, records: Sequence[PassingRecord], *, on: date
) -> None:
    """Keep passing records; the same record twice in one visit is one."""
    rows = {(row := _record_row(visit_id, record, on))["record_id"]: row for record in records}
    if rows:
        insert_all(session, RECORD, list(rows.values()))


def confirm(
    session: Session, visit_id: UUID, changes: Sequence[StatusChange], *, on: date
) -> None:
    """Keep confirmed changes of status; of two of one object in a visit the last holds."""
    rows = [
        {
            "visit_id": visit_id,
            "object_id": change.object_id,
            "status": change.status.value,
            "since": change.since,
            "note": change.note,
            "confirmed_on": on,
            "withdrawn_in": None,
        }
        for change in changes
    ]
    upsert(session, STATUS, rows, key=["visit_id", "object_id"])


def withdraw(session: Session, visit_id: UUID, *, corrected_in: UUID) -> set[UUID]:
    """What a visit confirmed does not hold any more. Returns the objects concerned."""
    concerned: set[UUID] = set()
    for table in (RECORD, STATUS):
        gone = update(table).where(table.c.visit_id == visit_id, table.c.withdrawn_in.is_(None))
        withdrawn = gone.values(withdrawn_in=corrected_in).returning(table.c.object_id)
        concerned |= set(session.execute(withdrawn).scalars())
    return concerned


def records_of(session: Session, object_id: UUID) -> list[dict[str, Any]]:
    """Every passing record accepted for an object, also withdrawn ones, the latest first."""
    statement = select(RECORD).where(RECORD.c.object_id == object_id)
    return [
        dict(row._mapping)
        for row in session.execute(statement.order_by(RECORD.c.done_on.desc()))
    ]


def _records(session: Session, object_ids: Collection[UUID]) -> dict[UUID, list[DutyRecord]]:
    statement = select(RECORD).where(
        RECORD.c.object_id.in_(list(object_ids)), RECORD.c.withdrawn_in.is_(None)
    )
    found: dict[UUID, list[DutyRecord]] = {}
    for row in session.execute(statement.order_by(RECORD.c.done_on, RECORD.c.record_id)):
        record = DutyRecord(
            duty=DutyKind(row.duty),
            done_on=row.done_on,
            stated_due_on=row.stated_due_on,
            cycle_months=row.cycle_months,
        )
        found.setdefault(row.object_id, []).append(record)
    return found


def _statuses(
    session: Session, object_ids: Collection[UUID]
) -> dict[UUID, tuple[ObjectStatus, date]]:
    """The status of each that was confirmed last: visits have the revision of their conclusion."""
    statement = (
        select(STATUS)
        .join(VISIT, VISIT.c.visit_id == STATUS.c.visit_id)
        .where(STATUS.c.object_id.in_(list(object_ids)), STATUS.c.withdrawn_in.is_(None))
    )
    in_order = statement.order_by(VISIT.c.revision)
    return {
        row.object_id: (ObjectStatus(row.status), row.since)
        for row in session.execute(in_order)
    }


def _record_row(visit_id: UUID, record: PassingRecord, on: date) -> dict[str, Any]:
    place = f"{record.object_id}/{record.duty.value}/{record.done_on}/{record.certificate}"
    return {
        "record_id": uuid5(visit_id, place),
        "visit_id": visit_id,
        **vars(record),
        "duty": record.duty.value,
        "accepted_on": on,
        "withdrawn_in": None,
    }
