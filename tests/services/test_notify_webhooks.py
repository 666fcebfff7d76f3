"""Signed webhooks: what they say, when they are switched off, where they may not go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.database import Database
from services.notify import handlers
from services.notify.service import NotifyService
from services.notify.store import webhooks
from tests.services.notify_clock import Days
from tests.services.notify_http_servers import (
    Answer,
    receiver,
    serving,
)
from tests.services.notify_stories import (
    deliveries,
    delivery,
    empty,
    enterprise,
    firm,
    kept,
    message,
    messages,
    published,
    red,
    service_on,
    tell,
)
from tests.services.notify_ways import NOON, Open


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with kept(request.param, request) as database:
        yield database


@pytest.fixture
def database(_database: Database) -> Database:
    """Every test begins with an empty one."""
    empty(_database)
    return _database


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    """Noon, when texts and robots may talk, and later as a test lets it be."""
    return Days(monkeypatch, begins=NOON)


@pytest.fixture
def lately(monkeypatch: pytest.MonkeyPatch) -> Days:
    """The real time: a receiver of webhooks believes no other."""
    return Days(monkeypatch)


@pytest.fixture
def bureau(database: Database, tmp_path: Path) -> Open:
    """A bureau with the channels that a test describes."""

    def opened(**channels: Any) -> NotifyService:
        path = tmp_path / "channels.yaml"
        path.write_text(yaml.safe_dump(channels, allow_unicode=True), encoding="utf-8")
        service = service_on(database, tmp_path, channels=path)
        service.check()
        return service

    return opened


def hooked(service: NotifyService, url: str, *, outside: bool = False) -> str:
    """The secret of a webhook that the first enterprise has registered."""
    with service.database.transaction() as session:
        return handlers.register_webhook(
            session,
            f"enterprise:{firm(1)}",
            f"{url}/hook/secret-path",
            division="610302",
            by="li.na",
            private=True,
            seals=service.seals,
            outside=outside,
        )


def test_a_webhook_is_signed_and_says_which_message_it_is(bureau: Open, lately: Days) -> None:
    with serving(Answer(status=204, body="")) as firm_one:
        service = bureau(webhooks={"private": True})
        secret = hooked(service, firm_one.url)
        firm_one.answers = receiver(secret)
        tell(service, [enterprise(), red()])
        service.deliver_due()
    (asked,) = firm_one.asked
    told = next(m for m in messages(service.database) if m.addressee == "enterprise")

    assert delivery(service.database).state == "delivered"
    assert delivery(service.database).sent_to == firm_one.url.removeprefix("http://")
    assert asked.sent["type"] == "notify.message"
    assert asked.sent["data"]["message_id"] == str(told.id)
    assert asked.sent["data"]["event"] == "inspection.warning_turned_red.v1"


def test_another_department_is_posted_what_departments_may_hear(
    bureau: Open, lately: Days
) -> None:
    with serving(Answer(status=204, body="")) as tax_office:
        service = bureau(webhooks={"private": True})
        hooked(service, tax_office.url, outside=True)
        tell(service, [enterprise(), red(), published()])
        service.deliver_due()
    told = message(service.database, "warning_turned_red_enterprise")
    (withheld,) = (d for d in deliveries(service.database) if d.message_id == told.id)
    with service.database.reading() as session:
        hook = webhooks.of(session, f"enterprise:{firm(1)}")
        stands = hook and (hook.failures, hook.disabled_at)

    assert [one.sent["data"]["event"] for one in tax_office.asked] == [
        "credit.bad_information_published.v1"
    ]
    assert (withheld.state, withheld.reason) == (
        "given_up",
        "refused: 仅限本局,不发往其他部门 (kept within the bureau)",
    )
    assert stands == (0, None)


def test_while_a_secret_is_changed_both_sign(bureau: Open, lately: Days) -> None:
    with serving(Answer(status=204, body="")) as firm_one:
        service = bureau(webhooks={"private": True})
        former = hooked(service, firm_one.url)
        with service.database.transaction() as session:
            new = handlers.rotate_secret(
                session, f"enterprise:{firm(1)}", service.practice, service.seals
            )
        firm_one.answers = receiver(former)
        tell(service, [enterprise(), red()])
        service.deliver_due()
        firm_one.answers = receiver(new)
        tell(service, [red(1, warning_id=firm(7))])
        service.deliver_due()
        assert [row.state for row in deliveries(service.database)] == ["delivered"] * 2

        lately.pass_by(timedelta(hours=25))
        firm_one.answers = lambda _: Answer(status=204, body="")
        tell(service, [red(1, warning_id=firm(8))])
        service.deliver_due()

    signatures = [len(asked.headers["webhook-signature"].split()) for asked in firm_one.asked]
    assert signatures == [2, 2, 1]
    assert former != new


def test_a_repetition_after_a_failure_has_the_same_id(bureau: Open, days: Days) -> None:
    answers = iter([Answer(status=500), Answer(status=204, body="")])
    with serving(lambda _: next(answers)) as firm_one:
        service = bureau(webhooks={"private": True})
        hooked(service, firm_one.url)
        tell(service, [enterprise(), red()])
        service.deliver_due()
        days.pass_by(timedelta(seconds=6))
        service.deliver_due()

    assert len({asked.headers["webhook-id"] for asked in firm_one.asked}) == 1
    assert delivery(service.database).state == "delivered"


def test_a_webhook_that_fails_for_a_day_is_switched_off_and_its_account_told(
    bureau: Open, days: Days
) -> None:
    with serving(Answer(status=500, body="kaputt")) as firm_one:
        service = bureau(webhooks={"private": True})
        hooked(service, firm_one.url)
        tell(service, [enterprise(), red()])
        service.deliver_due()
        service.catch_up()
        assert not notices(service)

        days.pass_by(timedelta(hours=25))
        service.deliver_due()
        service.catch_up()
        service.catch_up()
        days.pass_by(timedelta(minutes=10))
        service.deliver_due()
    (told,) = notices(service)

    assert told.account == f"enterprise:{firm(1)}"
    assert "500 kaputt" in told.body
    assert "secret-path" not in told.body
    assert len(firm_one.asked) == 2
    tell(service, [red(1, warning_id=firm(7))])
    assert len(deliveries(service.database)) == 1


def test_a_receiver_that_is_gone_is_switched_off_at_once(bureau: Open, days: Days) -> None:
    with serving(Answer(status=410, body="bye")) as firm_one:
        service = bureau(webhooks={"private": True})
        hooked(service, firm_one.url)
        tell(service, [enterprise(), red()])
        service.deliver_due()
        service.catch_up()

    assert len(notices(service)) == 1
    assert delivery(service.database).state == "given_up"


def test_a_webhook_into_a_private_network_gets_nothing_unless_allowed(
    bureau: Open, days: Days
) -> None:
    with serving(Answer(status=204, body="")) as inside:
        service = bureau(webhooks={})
        hooked(service, inside.url)
        tell(service, [enterprise(), red()])
        service.deliver_due()

    assert inside.asked == []
    assert delivery(service.database).state == "given_up"
    assert "inside a private network" in delivery(service.database).reason


def notices(service: NotifyService) -> list[Any]:
    return [row for row in messages(service.database) if row.event.startswith("notify.webhook")]
