"""What the tests of the credit service tell it, and what they read out of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import MetaData, select

from services.chassis.database import Database
from services.chassis.envelope import Envelope, seal
from services.chassis.policy import Policy
from services.chassis.settings import Settings
from services.chassis.tables import ChassisTable, OutboxRow
from services.credit.model import bad_information_id
from services.credit.service import CreditService
from services.credit.store import Table
from services.events.inspection import ClearedBy, WarningCleared, WarningTurnedRed
from services.events.registry import (
    DutyKind,
    EnterpriseRecorded,
    EnterpriseStatus,
    ObjectKind,
)

POLICY_FILE = Path(__file__).parents[2] / "services" / "credit" / "policy.yaml"
CITY = UUID("6f2a1e0c-8d8a-4a53-9a5e-61030000abcd")
# what depends on the clock and not on what happened
CLOCKED = frozenset({"revision"})


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database with the credit tables, empty."""
    database = Database(url, source="/610300/credit")
    for tables in (ChassisTable.metadata, Table.metadata):
        tables.create_all(database.engine)
    yield database
    database.close()


def empty(database: Database) -> None:
    """Forget everything."""
    with database.transaction() as session:
        for table in _tables():
            session.execute(table.delete())


def service_on(database: Database, profile: str = "baoji-2013") -> CreditService:
    service = CreditService()
    service.database = database
    service.settings = Settings(profile=profile)
    service.policy = Policy.read(POLICY_FILE, profile)
    return service


def warning(number: int) -> UUID:
    return uuid5(CITY, f"warning {number}")


def firm(number: int) -> UUID:
    return uuid5(CITY, f"enterprise {number}")


def entry_id(number: int) -> UUID:
    return bad_information_id(warning(number))


def red(number: int = 1, **changes: Any) -> Envelope[WarningTurnedRed]:
    """The warning of that number turned red; the same call gives the same message."""
    facts: dict[str, Any] = {
        "warning_id": warning(number),
        "revision": 10,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "object_id": uuid5(CITY, f"object {number}"),
        "object_kind": ObjectKind.EQUIPMENT,
        "object_label": f"行吊 {number} 号",
        "duty": DutyKind.INSPECTION,
        "was_due_on": date(2014, 3, 2),
        "turned_red_on": date(2014, 3, 3),
        "endangers_safety": number % 2 == 0,
    }
    return sealed(WarningTurnedRed(**facts | changes), f"warning/{warning(number)}")


def cleared(number: int = 1, **changes: Any) -> Envelope[WarningCleared]:
    """The warning of that number was cleared."""
    facts: dict[str, Any] = {
        "warning_id": warning(number),
        "revision": 20,
        "enterprise_id": firm(number % 3),
        "division": ("610303", "610302", "610304")[number % 3],
        "cleared_on": date(2014, 3, 10),
        "cleared_by": ClearedBy.DONE,
    }
    return sealed(WarningCleared(**facts | changes), f"warning/{warning(number)}")


def enterprise(number: int = 1, **changes: Any) -> Envelope[EnterpriseRecorded]:
    """The enterprise of that number is in the registry."""
    facts: dict[str, Any] = {
        "enterprise_id": firm(number),
        "revision": 10,
        "name": f"宝鸡市样例钛业 {number} 有限公司",
        "uscc": None,
        "division": ("610303", "610302", "610304")[number],
        "status": EnterpriseStatus.ACTIVE,
        "industry": None,
    }
    return sealed(EnterpriseRecorded(**facts | changes), f"enterprise/{firm(number)}")


def tell(service: CreditService, heard: Sequence[Envelope[Any]]) -> None:
    """One batch to the method that hears such messages, as after the inbox."""
    methods: dict[type, Any] = {
        WarningTurnedRed: service.on_warning_turned_red,
        WarningCleared: service.on_warning_cleared,
        EnterpriseRecorded: service.on_enterprise_recorded,
    }
    with service.database.transaction() as session:
        methods[type(heard[0].event)](heard, session)


def announced(database: Database) -> list[dict[str, Any]]:
    """The messages in the outbox, in the order written."""
    with database.reading() as session:
        rows = session.scalars(select(OutboxRow.message).order_by(OutboxRow.position))
        return [json.loads(row) for row in rows]


def names(database: Database) -> list[str]:
    return [message["type"].split(".")[1] for message in announced(database)]


def said(database: Database) -> Counter[str]:
    """What was announced and because of what, without order and without revisions."""
    return Counter(
        json.dumps(
            {
                "type": message["type"],
                "subject": message["subject"],
                "causedby": message["causedby"],
                "data": _unclocked(message["data"]),
            },
            sort_keys=True,
        )
        for message in announced(database)
    )


def kept(database: Database) -> dict[str, list[str]]:
    """All rows of all credit tables, without revisions, sorted."""
    with database.reading() as session:
        return {
            table.name: sorted(
                str(_unclocked(dict(row._mapping))) for row in session.execute(select(table))
            )
            for table in Table.metadata.sorted_tables
        }


def rows(database: Database, table: str) -> list[dict[str, Any]]:
    with database.reading() as session:
        found = session.execute(select(Table.metadata.tables[table]))
        return [dict(row._mapping) for row in found]


def sealed(event: Any, about: str) -> Envelope[Any]:
    envelope = seal(event, about=about, source="/610300/inspection")
    identity = uuid5(CITY, f"{type(event).__name__} {event!r}")
    return Envelope(**vars(envelope) | {"id": identity})


def _unclocked(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in CLOCKED}


def _tables() -> list[Any]:
    metadatas: tuple[MetaData, ...] = (ChassisTable.metadata, Table.metadata)
    return [table for metadata in metadatas for table in metadata.sorted_tables]
