"""What is heard becomes messages: to whom, with which words, and what waits for facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid5

import pytest

from services.chassis import clock
from services.chassis.database import Database
from services.notify.service import NotifyService
from services.notify.wording import HEARD
from tests.services.notify_stories import (
    cleared,
    contact,
    deliveries,
    delivery,
    drafted,
    empty,
    enterprise,
    everything,
    firm,
    kept,
    message,
    messages,
    proposed,
    published,
    red,
    service_on,
    tell,
    warning,
)
from tests.services.notify_told import MAIL, said, sealed_again, status, told


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
def service(database: Database, tmp_path: Path) -> NotifyService:
    """A bureau with a mail server, which these tests never reach."""
    return service_on(database, tmp_path, smtp_url=MAIL)


def test_a_red_warning_tells_the_enterprise_the_officer_and_the_bureau(
    service: NotifyService, database: Database
) -> None:
    tell(service, [enterprise(), contact(), red()])

    assert told(database) == {
        ("warning_turned_red_enterprise", "enterprise"): 1,
        ("warning_turned_red_staff", "officer"): 1,
        ("warning_turned_red_staff", "bureau"): 1,
    }
    assert [row.account for row in messages(database)] == [
        f"enterprise:{firm(1)}",
        "bureau:610302",
        "officer.1",
    ]
    assert all(row.body and row.wants is None for row in messages(database))
    assert delivery(database).state == "due"


def test_every_event_that_is_told_reaches_somebody(
    service: NotifyService, database: Database
) -> None:
    tell(service, everything())

    assert {row.event for row in messages(database)} == {event.full_name for event in HEARD}
    assert set(told(database).values()) == {1}


def test_a_message_waits_for_its_enterprise_and_goes_on_by_itself(
    service: NotifyService, database: Database
) -> None:
    tell(service, [contact(), red()])
    waiting = message(database, "warning_turned_red_enterprise")

    assert (waiting.wants, waiting.subject) == ("enterprise", None)
    assert delivery(database).state == "waiting_for_facts"
    assert status(service)["waiting_for_facts"] == {"enterprise": 3}

    tell(service, [enterprise(2)])
    assert message(database, "warning_turned_red_enterprise").wants == "enterprise"

    tell(service, [enterprise()])
    assert message(database, "warning_turned_red_enterprise").wants is None
    assert (
        "宝鸡市样例钛业1号有限公司" in message(database, "warning_turned_red_enterprise").body
    )
    assert delivery(database).state == "due"
    assert status(service)["waiting_for_facts"] == {}


def test_only_the_officers_message_waits_for_the_officer(
    service: NotifyService, database: Database
) -> None:
    tell(service, [enterprise(), contact(officer=None), red()])
    wanting = {row.addressee: row.wants for row in messages(database)}

    assert wanting == {"enterprise": None, "bureau": None, "officer": "officer"}

    tell(service, [contact(revision=11, officer="wang.fang")])
    assert message(database, "warning_turned_red_staff", "officer").account == "wang.fang"
    assert message(database, "warning_turned_red_staff", "officer").subject is not None


def test_a_message_stays_with_the_officer_who_was_told(
    service: NotifyService, database: Database
) -> None:
    tell(service, [enterprise(), contact(), red()])
    tell(service, [contact(revision=11, officer="wang.fang"), cleared()])

    assert message(database, "warning_turned_red_staff", "officer").account == "officer.1"
    assert message(database, "warning_cleared_staff", "officer").account == "wang.fang"


def test_without_an_address_the_inbox_has_it_and_the_mail_waits(
    service: NotifyService, database: Database
) -> None:
    tell(service, [enterprise(), red()])
    in_inbox = message(database, "warning_turned_red_enterprise")

    assert (in_inbox.wants, in_inbox.subject is not None) == ("address", True)
    assert delivery(database).state == "waiting_for_facts"

    tell(service, [contact()])
    assert message(database, "warning_turned_red_enterprise").body == in_inbox.body
    assert message(database, "warning_turned_red_enterprise").wants is None
    assert delivery(database).state == "due"


def test_a_mail_does_not_wait_for_an_address_for_ever(
    service: NotifyService, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(service, [enterprise(), red()])
    service.catch_up()
    assert delivery(database).state == "waiting_for_facts"

    pass_time(monkeypatch, timedelta(hours=73))
    service.catch_up()
    assert (delivery(database).state, delivery(database).reason) == ("given_up", "no_address")
    assert message(database, "warning_turned_red_enterprise").wants is None

    tell(service, [contact()])
    assert delivery(database).state == "given_up"


def test_the_words_of_a_message_are_frozen(service: NotifyService, database: Database) -> None:
    tell(service, [enterprise(), contact(), red()])
    before = message(database, "warning_turned_red_enterprise")
    tell(service, [enterprise(revision=11, name="改名后的公司"), red(revision=11), published()])

    assert message(database, "warning_turned_red_enterprise") == before
    assert before.template_version is not None
    assert "改名后的公司" in message(database, "bad_information_published_enterprise").body


def test_of_two_facts_the_higher_revision_holds_in_any_order(
    service: NotifyService, database: Database
) -> None:
    tell(service, [enterprise(revision=12, name="新名"), enterprise(revision=11, name="旧名")])
    tell(service, [contact(revision=12, officer="new"), contact(revision=11, officer="old")])
    tell(service, [red()])

    assert "新名" in message(database, "warning_turned_red_staff", "officer").subject
    assert message(database, "warning_turned_red_staff", "officer").account == "new"


def test_what_is_said_again_after_a_restored_backup_is_not_told_again(
    service: NotifyService, database: Database
) -> None:
    tell(service, everything())
    before = said(database)
    again = [sealed_again(story) for story in everything()]
    tell(service, again)

    assert said(database) == before
    assert {story.id for story in again}.isdisjoint({story.id for story in everything()})


def test_a_database_that_forgot_its_messages_tells_the_same_ones(
    service: NotifyService, database: Database
) -> None:
    tell(service, everything())
    before = said(database)
    empty(database)
    tell(service, everything())

    assert said(database) == before


def test_the_same_cause_twice_in_one_batch_is_one_message(
    service: NotifyService, database: Database
) -> None:
    tell(service, [enterprise(), contact(), red(), sealed_again(red())])

    assert set(told(database).values()) == {1}
    assert len(deliveries(database)) == 1


def test_a_last_day_that_moves_is_told_again(
    service: NotifyService, database: Database
) -> None:
    moved = published(revision=11, last_day_to_correct=date(2026, 3, 20))
    tell(service, [enterprise(), contact(), published(), moved, sealed_again(moved)])
    bodies = [
        row.body
        for row in messages(database)
        if row.template == "bad_information_published_enterprise"
    ]

    assert len(bodies) == 2
    assert {"2026年3月18日" in body for body in bodies} == {True, False}
    assert {"2026年3月20日" in body for body in bodies} == {True, False}


def test_a_draft_and_a_proposal_are_not_told_to_the_enterprise(
    service: NotifyService, database: Database
) -> None:
    tell(service, [enterprise(), contact(), drafted(), proposed()])

    assert {row.addressee for row in messages(database)} == {"bureau", "officer"}
    assert deliveries(database) == []
    assert {row.account for row in messages(database)} == {"bureau:610300", "officer.1"}


def test_the_id_of_a_message_follows_from_its_cause(
    service: NotifyService, database: Database
) -> None:
    tell(service, [enterprise(), contact(), red()])

    assert message(database, "warning_turned_red_enterprise").id == uuid5(
        warning(1), "warning_turned_red_enterprise/enterprise"
    )


def pass_time(monkeypatch: pytest.MonkeyPatch, time: timedelta) -> None:
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + time)
