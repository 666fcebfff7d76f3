"""What waits for the morning, digests, urgent messages that nobody reads, trials, sending again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import update

from services.chassis import clock
from services.chassis.api import create_app
from services.chassis.database import Database
from services.events.inspection import DutyReminderDue, OverdueDigestDue
from services.notify import handlers
from services.notify.api import blueprint
from services.notify.model import Medium
from services.notify.service import NotifyService
from services.notify.store.tables import DeliveryRow, MessageRow
from tests.services.notify_http_servers import Answer, serving
from tests.services.notify_stories import (
    alerted,
    contact,
    deliveries,
    delivery,
    empty,
    enterprise,
    example,
    firm,
    kept,
    message,
    messages,
    red,
    service_on,
    tell,
)

TOKEN = "the installation's secret"  # noqa: S105 - a test's own
NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Beijing
MORNING = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # 08:00
DIGEST = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)  # 08:30


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with kept(request.param, request) as database:
        yield database


@pytest.fixture
def database(_database: Database) -> Database:
    """Every test begins with an empty one."""
    empty(_database)
    return _database


class Hands:
    """A clock that stands where a test puts it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = NIGHT
        monkeypatch.setattr(clock, "now", lambda: self.at)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    return Hands(monkeypatch)


@pytest.fixture
def bureau(database: Database, tmp_path: Path) -> Iterator[NotifyService]:
    """A bureau with a gateway for texts; the first enterprise has a mobile number."""
    with serving(Answer(body="OK")) as gateway:
        provider = {"name": "甲", "url": gateway.url, "success": "OK"}
        provider["body"] = "${address} ${subject}"
        path = tmp_path / "channels.yaml"
        path.write_text(yaml.safe_dump({"sms": [provider]}), encoding="utf-8")
        service = service_on(database, tmp_path, channels=path)
        with database.transaction() as session:
            handlers.note_address(
                session,
                f"enterprise:{firm(1)}",
                Medium.SMS,
                "13800001234",
                division="610302",
                by="li.na",
                seals=service.seals,
            )
        yield service


def texts(service: NotifyService) -> list[Any]:
    return [row for row in deliveries(service.database) if row.medium == "sms"]


def test_what_can_wait_is_texted_in_the_morning(bureau: NotifyService, hands: Hands) -> None:
    tell(bureau, [enterprise(), contact(officer=None, email=None), red()])
    bureau.deliver_due()
    (text,) = texts(bureau)
    assert (text.state, text.next_try_at) == ("due", MORNING)

    hands.at = MORNING
    bureau.deliver_due()
    assert texts(bureau)[0].state == "delivered"


def test_what_is_urgent_is_texted_at_night(bureau: NotifyService, hands: Hands) -> None:
    tell(bureau, [enterprise(), contact(email=None), alerted()])
    bureau.deliver_due()

    assert texts(bureau)[0].state == "delivered"


def test_a_retry_does_not_wake_anybody_either(
    database: Database, tmp_path: Path, hands: Hands
) -> None:
    with serving(Answer(status=503)) as gateway:
        provider = {"name": "甲", "url": gateway.url, "success": "OK"}
        provider["body"] = "${address} ${subject}"
        path = tmp_path / "channels.yaml"
        path.write_text(yaml.safe_dump({"sms": [provider]}), encoding="utf-8")
        service = service_on(database, tmp_path, channels=path)
        with database.transaction() as session:
            account = f"enterprise:{firm(1)}"
            number = "13800001234"
            handlers.note_address(
                session,
                account,
                Medium.SMS,
                number,
                division="610302",
                by="li.na",
                seals=service.seals,
            )
        hands.at = datetime(2026, 3, 2, 12, 59, 58, tzinfo=UTC)  # two seconds before the night
        tell(service, [enterprise(), contact(officer=None, email=None), red()])
        service.deliver_due()

    assert (texts(service)[0].state, texts(service)[0].next_try_at) == ("failed", MORNING)


def test_a_digest_lists_what_is_unread_once(
    database: Database, tmp_path: Path, hands: Hands
) -> None:
    service = service_on(database, tmp_path)
    tell(service, [enterprise(), contact()])
    tell(service, [red(1, warning_id=firm(20 + n)) for n in range(3)])
    with database.transaction() as session:
        of_officer = update(MessageRow).where(MessageRow.account == "officer.1")
        first = message_ids(database, "officer.1")[0]
        session.execute(of_officer.where(MessageRow.id == first).values(read_at=hands.at))
    service.digest()
    assert digests(database) == []

    hands.at = DIGEST
    service.digest()
    service.digest()
    by_account = {row.account: row for row in digests(database)}

    assert sorted(by_account) == ["bureau:610302", "officer.1"]
    assert by_account["officer.1"].subject == "【质监通】汇总：2条未读通知"
    assert by_account["officer.1"].body.count("· 【质监通】") == 2
    assert by_account["bureau:610302"].body.count("· 【质监通】") == 3

    hands.at = DIGEST + timedelta(days=1)
    service.digest()
    assert len(digests(database)) == 2


def test_two_timers_make_one_digest(database: Database, tmp_path: Path, hands: Hands) -> None:
    service = service_on(database, tmp_path)
    tell(service, [enterprise(), contact(), red()])
    hands.at = DIGEST
    with ThreadPoolExecutor(2) as timers:
        for done in [timers.submit(service.digest) for _ in range(2)]:
            done.result()

    assert len(digests(database)) == 2


def test_reminders_come_once_per_rung_and_again_after_renewal(
    database: Database, tmp_path: Path
) -> None:
    service = service_on(database, tmp_path)
    rungs = [example(DutyReminderDue, rung=rung) for rung in (90, 30, 7, 0, -7)]
    again = [example(DutyReminderDue, rung=rung, revision=99) for rung in (30, 7)]
    renewed = example(DutyReminderDue, rung=90, due_on="2027-03-02")
    tell(service, [enterprise(), contact(), *rungs, *again, renewed])
    told = [row for row in messages(database) if row.addressee == "enterprise"]

    assert len(told) == 6
    assert any("30天后到期" in row.subject for row in told)
    assert any("今天到期" in row.subject for row in told)
    assert any("已逾期7天" in row.subject for row in told)


def test_what_is_long_overdue_does_not_flood(database: Database, tmp_path: Path) -> None:
    service = service_on(database, tmp_path)
    many = example(OverdueDigestDue, duties=240, objects=200)
    tell(service, [enterprise(), contact(), many, example(OverdueDigestDue, revision=99)])

    assert [row.addressee for row in messages(database)].count("enterprise") == 1


def test_an_urgent_message_that_nobody_reads_goes_further_up(
    database: Database, tmp_path: Path, hands: Hands
) -> None:
    service = service_on(database, tmp_path)
    tell(service, [enterprise(), contact(), alerted()])
    service.digest()
    assert escalations(database) == []

    hands.at += timedelta(hours=25)
    service.digest()
    service.digest()
    assert sorted(escalations(database)) == ["bureau:610300", "bureau:610302"]

    hands.at += timedelta(hours=48)
    service.digest()
    assert sorted(escalations(database)) == [
        *("bureau:610000", "bureau:610300", "bureau:610300", "bureau:610302"),
    ]


def test_what_somebody_has_read_goes_nowhere(
    database: Database, tmp_path: Path, hands: Hands
) -> None:
    service = service_on(database, tmp_path)
    tell(service, [enterprise(), contact(), alerted()])
    with database.transaction() as session:
        session.execute(update(MessageRow).values(read_at=hands.at, read_by="wang.fang"))
    hands.at += timedelta(days=9)
    service.digest()

    assert escalations(database) == []


def test_every_message_of_a_trial_says_so(database: Database, tmp_path: Path) -> None:
    service = service_on(database, tmp_path, trial=True)
    tell(service, [enterprise(), contact(), red()])

    assert {row.subject[:5] for row in messages(database)} == {"【试运行】"}


class Desk:
    """Somebody who presses the button."""

    def __init__(self, service: NotifyService) -> None:
        self.client = create_app(service, TOKEN, blueprint(service)).test_client()

    def resend(self, message_id: Any, name: str | None = "li.na") -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Bianque-Scope": "610300"}
        headers |= {"X-Bianque-Caller": name} if name else {}
        return self.client.post(f"/messages/{message_id}/retry", headers=headers)


def test_two_operators_who_send_again_at_the_same_time_send_one(
    database: Database, tmp_path: Path
) -> None:
    service = service_on(database, tmp_path, smtp_url="smtp://127.0.0.1:1")
    tell(service, [enterprise(), contact(), red()])
    with database.transaction() as session:
        given_up = {"state": "given_up", "next_try_at": None, "reason": "gave_up_after_time: x"}
        session.execute(update(DeliveryRow).values(**given_up))
    told = message(database, "warning_turned_red_enterprise").id
    together = threading.Barrier(2)

    def press(name: str) -> int:
        together.wait()
        return int(Desk(service).resend(told, name).json["deliveries"])

    with ThreadPoolExecutor(2) as operators:
        both = sorted(operators.map(press, ["li.na", "wang.fang"]))

    assert both == [0, 1]
    assert (delivery(database).state, delivery(database).attempts) == ("due", 0)
    assert delivery(database).resent_by in ("li.na", "wang.fang")


def test_whoever_sends_again_is_named(database: Database, tmp_path: Path) -> None:
    service = service_on(database, tmp_path, smtp_url="smtp://127.0.0.1:1")
    tell(service, [enterprise(), contact(), red()])
    answer = Desk(service).resend(message(database, "warning_turned_red_enterprise").id, None)

    assert (answer.status_code, answer.json["code"]) == (409, "name_missing")


def message_ids(database: Database, account: str) -> list[Any]:
    return [row.id for row in messages(database) if row.account == account]


def digests(database: Database) -> list[Any]:
    return [row for row in messages(database) if row.template == "digest_ready_account"]


def escalations(database: Database) -> list[str]:
    return [row.account for row in messages(database) if row.template == "message_unread_above"]
