"""What the tests of the inspection service tell it, and what they read out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, select

from services.chassis.database import Database
from services.chassis.envelope import Envelope, seal
from services.chassis.migrating import migrate
from services.chassis.policy import Policy
from services.chassis.sealing import Seals
from services.chassis.settings import Settings
from services.chassis.tables import OutboxRow
from services.events.registry import (
    DutyKind,
    DutyRecord,
    ObjectKind,
    ObjectRecorded,
    ObjectStatus,
)
from services.inspection.handlers import evaluation, recording
from services.inspection.model import DayLine, duty_id_of, warning_id_of
from services.inspection.rules.rule_table import RuleTable
from services.inspection.service import InspectionService
from services.inspection.store.tables import Table

FOLDER = Path(__file__).parents[2] / "services" / "inspection"
CITY = UUID("6f2a1e0c-8d8a-4a53-9a5e-61030000beef")
POLICY = Policy.read(FOLDER / "policy.yaml")
SHIPPED = RuleTable.read()
TODAY = date(2026, 11, 20)
SEALS = Seals.parse("test:the-keys-of-these-tests-are-known-to-everybody")
DIVISIONS = ("610303", "610302", "610304")


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database with the inspection tables, empty."""
    database = Database(url, source="/610300/inspection")
    migrate(database, FOLDER, "inspection")
    yield database
    database.close()


def empty(database: Database) -> None:
    """Forget everything."""
    with database.transaction() as session:
        for table in (*Table.metadata.sorted_tables, OutboxRow.__table__):
            session.execute(delete(table))


def service_on(database: Database, var: Path) -> InspectionService:
    service = InspectionService()
    service.database = database
    service.policy = POLICY
    service.seals = SEALS
    service.settings = Settings(var=var)
    return service


def thing(number: int) -> UUID:
    return uuid5(CITY, f"object {number}")


def firm(number: int) -> UUID:
    return uuid5(CITY, f"enterprise {number}")


def duty_of(number: int, duty: DutyKind = DutyKind.INSPECTION) -> UUID:
    return duty_id_of(thing(number), duty)


def warning_of(number: int, due_on: date, duty: DutyKind = DutyKind.INSPECTION) -> UUID:
    return warning_id_of(duty_of(number, duty), due_on)


def done(
    done_on: date | None = None,
    *,
    due_on: date | None = None,
    months: int | None = None,
    duty: DutyKind = DutyKind.INSPECTION,
) -> DutyRecord:
    return DutyRecord(duty=duty, done_on=done_on, stated_due_on=due_on, cycle_months=months)


def crane(number: int = 1, *records: DutyRecord, **changes: Any) -> Envelope[ObjectRecorded]:
    """The crane of that number as the registry knows it; inspected every two years."""
    facts: dict[str, Any] = {
        "object_id": thing(number),
        "revision": 10,
        "kind": ObjectKind.EQUIPMENT,
        "class_code": "4110",
        "label": f"行吊 {number} 号",
        "enterprise_id": firm(number % 3),
        "division": DIVISIONS[number % 3],
        "status": ObjectStatus.IN_USE,
        "commissioned_on": None,
        "traits": (),
        "records": records,
    }
    return told(ObjectRecorded(**facts | changes))


def told(event: ObjectRecorded) -> Envelope[ObjectRecorded]:
    """The same event gives the same message."""
    sealed = seal(event, about=f"object/{event.object_id}", source="/610300/registry")
    return replace(sealed, id=uuid5(CITY, f"{event.object_id} {event.revision}"))


def later(before: Envelope[ObjectRecorded], **changes: Any) -> Envelope[ObjectRecorded]:
    """The next revision of what was told."""
    event = before.event
    return told(replace(event, **{"revision": event.revision + 1} | changes))


def tell(
    database: Database,
    *heard: Envelope[ObjectRecorded],
    today: date = TODAY,
    table: RuleTable = SHIPPED,
) -> None:
    """One batch, as after the inbox."""
    with database.transaction() as session:
        recording.on_object_recorded(session, heard, today=today, policy=POLICY, table=table)


def evaluate(
    database: Database, on: date = TODAY, *, policy: Policy = POLICY, table: RuleTable = SHIPPED
) -> DayLine:
    return evaluation.evaluate(database, on=on, policy=policy, table=table)


def announced(database: Database, name: str = "") -> list[dict[str, Any]]:
    """The messages in the outbox whose type has that name in it, in the order written."""
    with database.reading() as session:
        rows = session.scalars(select(OutboxRow.message).order_by(OutboxRow.position))
        messages = [json.loads(row) for row in rows]
    return [message for message in messages if name in message["type"]]


def said(database: Database, name: str) -> list[dict[str, Any]]:
    """What those messages say."""
    return [message["data"] for message in announced(database, name)]


def rows(
    database: Database, table: str, *, without: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """All rows of a table, in the order of its key."""
    found = Table.metadata.tables[table]
    with database.reading() as session:
        kept = session.execute(select(found).order_by(*found.primary_key)).mappings()
        return [{k: v for k, v in row.items() if k not in without} for row in kept]


def colours(database: Database, table: str = "duty") -> list[str]:
    """The colours of all rows, by their words."""
    return [row["colour"].value for row in rows(database, table)]


def standing(database: Database) -> dict[str, Any]:
    """How everything stands in the end. How a warning came there depends on what was heard when."""
    return {
        "subject": rows(database, "subject"),
        "duty": rows(database, "duty"),
        "warning": {row["warning_id"]: row["state"] for row in rows(database, "warning")},
    }
