"""What the tests of the notify service tell it, and what they read out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy import Table as SqlTable, select

from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.chassis.hearing import subscriptions
from services.chassis.policy import Policy
from services.chassis.sealing import Seals
from services.chassis.settings import Settings
from services.chassis.tables import ChassisTable
from services.events.contract import Event
from services.events.credit import (
    BadInformationCorrected,
    BadInformationDrafted,
    BadInformationPublished,
    BadInformationWithdrawn,
    EnterpriseBlacklisted,
    EscalatedTo,
    EscalationLifted,
    EscalationProposed,
    SafetyAlertRaised,
)
from services.events.inspection import ClearedBy, WarningCleared, WarningTurnedRed
from services.events.notify import DirectiveIssued
from services.events.registry import (
    ContactRecorded,
    DutyKind,
    EnterpriseRecorded,
    EnterpriseStatus,
    ObjectKind,
)
from services.notify.notices import (
    DigestReady,
    DirectiveFedBack,
    DirectiveRecalled,
    DirectiveSentBack,
    MessageUnread,
    Notice,
    WebhookDisabled,
)
from services.notify.service import NotifyService
from services.notify.store.tables import DeliveryRow, MessageRow, Table
from services.notify.wording import HEARD, cause_field

POLICY_FILE = Path(__file__).parents[2] / "services" / "notify" / "policy.yaml"
EXAMPLES = Path(__file__).parents[2] / "docs" / "events"
SEALS = Seals.parse(f"k1:{'0123456789abcdef' * 4}")
CITY = UUID("0d7c9f5e-2a11-4c1e-8f0b-61030000beef")
DIVISIONS = ("610303", "610302", "610304")
HAPPENED_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database with the notify tables, empty."""
    database = Database(url, source="/610300/notify")
    for tables in (ChassisTable.metadata, Table.metadata):
        tables.create_all(database.engine)
    yield database
    database.close()


@contextmanager
def kept(kind: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database for the tests of one module: making one for each would cost a second each."""
    if kind == "sqlite":
        folder = request.getfixturevalue("tmp_path_factory").mktemp("databases")
        with opened(f"sqlite:///{folder / 'notify.db'}") as database:
            yield database
        return
    server = request.getfixturevalue("postgres")
    url = server.database("notify")
    with opened(url) as database:
        yield database
    server.drop(url)


def empty(database: Database) -> None:
    """Forget everything."""
    with database.transaction() as session:
        for metadata in (Table.metadata, ChassisTable.metadata):
            for table in reversed(metadata.sorted_tables):
                session.execute(table.delete())


@cache
def policy(profile: str) -> Policy:
    """What the bureau of these stories has laid down: read once, it never changes."""
    return Policy.read(POLICY_FILE, profile)


def service_on(
    database: Database, var: Path, *, profile: str = "cn-current", **settings: Any
) -> NotifyService:
    service = NotifyService()
    service.database = database
    service.settings = Settings(var=var, **settings)
    service.policy = policy(profile)
    service.seals = SEALS
    return service


def tell(service: NotifyService, heard: Sequence[Envelope[Any]]) -> None:
    """Batches of what comes one after the other, as after the inbox."""
    methods = {s.event: getattr(service, s.method) for s in subscriptions(service)}
    for event, batch in groupby(heard, key=lambda received: type(received.event)):
        with service.database.transaction() as session:
            methods[event](list(batch), session)


def messages(database: Database) -> list[Any]:
    """All messages, in the order of who is told what."""
    table: SqlTable = MessageRow.__table__  # type: ignore[assignment]
    with database.reading() as session:
        ordered = select(table).order_by(table.c.template, table.c.addressee, table.c.id)
        return list(session.execute(ordered))


def message(database: Database, template: str, addressee: str = "enterprise") -> Any:
    """The only message of a template to an addressee."""
    (found,) = [
        row
        for row in messages(database)
        if (row.template, row.addressee) == (template, addressee)
    ]
    return found


def deliveries(database: Database) -> list[Any]:
    """All deliveries outside the inbox."""
    table: SqlTable = DeliveryRow.__table__  # type: ignore[assignment]
    with database.reading() as session:
        return list(session.execute(select(table).order_by(table.c.message_id, table.c.medium)))


def delivery(database: Database) -> Any:
    """The only delivery outside the inbox."""
    (found,) = deliveries(database)
    return found


def firm(number: int) -> UUID:
    return uuid5(CITY, f"enterprise {number}")


def warning(number: int) -> UUID:
    return uuid5(CITY, f"warning {number}")


def entry(number: int) -> UUID:
    return uuid5(CITY, f"bad information {number}")


def enterprise(number: int = 1, **changes: Any) -> Envelope[EnterpriseRecorded]:
    facts: dict[str, Any] = {
        "enterprise_id": firm(number),
        "revision": 10,
        "name": f"宝鸡市样例钛业{number}号有限公司",
        "uscc": None,
        "division": DIVISIONS[number % 3],
        "status": EnterpriseStatus.ACTIVE,
        "industry": None,
    }
    return sealed(EnterpriseRecorded(**facts | changes))


def contact(number: int = 1, **changes: Any) -> Envelope[ContactRecorded]:
    facts: dict[str, Any] = {
        "enterprise_id": firm(number),
        "revision": 10,
        "email": f"firm{number}@example.com",
        "officer": f"officer.{number % 3}",
    }
    return sealed(ContactRecorded(**facts | changes))


def red(number: int = 1, **changes: Any) -> Envelope[WarningTurnedRed]:
    facts: dict[str, Any] = {
        **_of_warning(number),
        "object_id": uuid5(CITY, f"object {number}"),
        "object_kind": ObjectKind.EQUIPMENT,
        "object_label": f"行吊{number}号",
        "duty": DutyKind.INSPECTION,
        "was_due_on": date(2026, 3, 1),
        "turned_red_on": date(2026, 3, 2),
        "endangers_safety": True,
    }
    return sealed(WarningTurnedRed(**facts | changes))


def cleared(number: int = 1, **changes: Any) -> Envelope[WarningCleared]:
    facts: dict[str, Any] = {
        **_of_warning(number),
        "cleared_on": date(2026, 3, 8),
        "cleared_by": ClearedBy.DONE,
    }
    return sealed(WarningCleared(**facts | changes))


def drafted(number: int = 1) -> Envelope[BadInformationDrafted]:
    return sealed(
        BadInformationDrafted(
            **_of_entry(number), warning_id=warning(number), drafted_on=date(2026, 3, 2)
        )
    )


def published(number: int = 1, **changes: Any) -> Envelope[BadInformationPublished]:
    facts: dict[str, Any] = {
        **_of_entry(number),
        "warning_id": warning(number),
        "published_on": date(2026, 3, 3),
        "last_day_to_correct": date(2026, 3, 18),
    }
    return sealed(BadInformationPublished(**facts | changes))


def corrected(number: int = 1, **changes: Any) -> Envelope[BadInformationCorrected]:
    facts = {**_of_entry(number), "corrected_on": date(2026, 3, 8), "in_time": True}
    return sealed(BadInformationCorrected(**facts | changes))


def withdrawn(number: int = 1, **changes: Any) -> Envelope[BadInformationWithdrawn]:
    facts = {**_of_entry(number), "withdrawn_on": date(2026, 3, 9), "reason": "原数据有误"}
    return sealed(BadInformationWithdrawn(**facts | changes))


def blacklisted(number: int = 1) -> Envelope[EnterpriseBlacklisted]:
    return sealed(EnterpriseBlacklisted(**_of_entry(number), listed_on=date(2026, 3, 19)))


def alerted(number: int = 1) -> Envelope[SafetyAlertRaised]:
    return sealed(SafetyAlertRaised(**_of_entry(number), raised_on=date(2026, 3, 19)))


def proposed(number: int = 1, **changes: Any) -> Envelope[EscalationProposed]:
    facts = {
        **_of_entry(number),
        "proposed_on": date(2026, 3, 19),
        "to": EscalatedTo.BLACKLIST,
    }
    return sealed(EscalationProposed(**facts | changes))


def lifted(number: int = 1, **changes: Any) -> Envelope[EscalationLifted]:
    facts = {
        **_of_entry(number),
        "lifted_on": date(2026, 3, 25),
        "what": EscalatedTo.BLACKLIST,
        "reason": "查明已在期限内改正",
    }
    return sealed(EscalationLifted(**facts | changes))


def example(event: type[Event], number: int = 1, **changes: Any) -> Envelope[Any]:
    """The kept example of an event, told of one of the enterprises of these stories."""
    kept_example = json.loads((EXAMPLES / f"{event.full_name}.json").read_text("utf-8"))
    about = cause_field(event)
    facts = {
        **kept_example["data"],
        about: str(uuid5(CITY, f"{about} {number}")),
        "division": DIVISIONS[number % 3],
    }
    if "enterprise_id" in facts:
        facts["enterprise_id"] = str(firm(number))
    return sealed(event.from_wire(facts | changes))


def everything(number: int = 1) -> list[Envelope[Any]]:
    """One of each event that can be heard, about one enterprise and one warning."""
    told = [
        enterprise(number),
        contact(number),
        red(number),
        cleared(number),
        drafted(number),
        published(number),
        corrected(number),
        withdrawn(number),
        blacklisted(number),
        alerted(number),
        proposed(number),
        lifted(number),
    ]
    known = {type(each.event) for each in told}
    return [*told, *(example(event, number) for event in HEARD if event not in known)]


def own_notices() -> list[Notice]:
    """One of each that the service itself has to tell."""
    return [
        WebhookDisabled(
            webhook_id=uuid5(CITY, "webhook 1"),
            account="bureau:610302",
            division="610302",
            host="hooks.example",
            reason="503 away",
        ),
        DigestReady(
            digest_id=uuid5(CITY, "digest 1"),
            account="officer.1",
            division="610302",
            count=2,
            lines=("· 【质监通】甲", "· 【质监通】乙"),
        ),
        MessageUnread(
            message_id=uuid5(CITY, "message 1"),
            account="officer.1",
            above="bureau:610302",
            division="610302",
            subject_line="甲厂的质量安全预警",
            step=1,
        ),
        *(
            kind(**_of_hop())
            for kind in (DirectiveFedBack, DirectiveSentBack, DirectiveRecalled)
        ),
    ]


def _of_hop() -> dict[str, Any]:
    kept_example = json.loads((EXAMPLES / "notify.directive_issued.v1.json").read_text("utf-8"))
    issued = DirectiveIssued.from_wire(kept_example["data"])
    names = ("hop_id", "revision", "directive_id", "division", "number", "title")
    facts = {name: getattr(issued, name) for name in (*names, "sender", "receiver")}
    return {**facts, "said": "已逐台核实，证据编号见卷宗。"}


def sealed(event: Event) -> Envelope[Any]:
    """The same event is always in the same envelope."""
    body = sorted(event.to_wire().items())
    return Envelope(
        id=uuid5(CITY, f"{event.full_name} {body}"),
        happened_at=HAPPENED_AT,
        about="enterprise/1",
        source="/610300/test",
        event=event,
    )


def _of_warning(number: int) -> dict[str, Any]:
    return {
        "warning_id": warning(number),
        "revision": 10,
        "enterprise_id": firm(number),
        "division": DIVISIONS[number % 3],
    }


def _of_entry(number: int) -> dict[str, Any]:
    return {
        "bad_information_id": entry(number),
        "revision": 10,
        "enterprise_id": firm(number),
        "division": DIVISIONS[number % 3],
    }
