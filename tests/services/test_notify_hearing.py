"""Who is told when something is heard, in whatever order and however often it comes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4, uuid5

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from services.chassis import clock, envelope, parked
from services.chassis.database import Database
from services.chassis.hearing import Hearings, subscriptions
from services.notify.service import NotifyService
from services.notify.store import facts
from services.notify.wording import HEARD
from tests.services.notify_stories import (
    cleared,
    contact,
    corrected,
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
    sealed,
    service_on,
    tell,
    warning,
    withdrawn,
)

MAIL = "smtp://127.0.0.1:1"


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


def told(database: Database) -> Counter[tuple[str, str]]:
    return Counter((row.template, row.addressee) for row in messages(database))


class Said(list[tuple[Any, ...]]):
    """All that was said; too long to be shown whole when a test fails."""

    def __repr__(self) -> str:
        return f"{len(self)} things that were said"


def said(database: Database) -> Said:
    """Everything that must not depend on order: who, which inbox, what words, what leaves."""
    rows = [
        (row.id, row.account, row.wants, row.subject, row.body, row.parameters, row.division)
        for row in messages(database)
    ]
    leaving = [(row.message_id, row.medium, row.state) for row in deliveries(database)]
    return Said([*rows, *leaving])


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


STORIES = [*everything(1), *everything(2)]


@pytest.fixture
def in_order(service: NotifyService, database: Database) -> Said:
    """What the right order, each once, comes to."""
    tell(service, STORIES)
    return said(database)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    order=st.permutations(range(len(STORIES))),
    repeated=st.lists(st.integers(0, len(STORIES) - 1), max_size=12),
)
def test_any_order_with_repetitions_tells_the_same(
    service: NotifyService,
    database: Database,
    in_order: Said,
    order: list[int],
    repeated: list[int],
) -> None:
    empty(database)
    tell(service, [STORIES[number] for number in [*order, *repeated]])

    assert said(database) == in_order


def test_facts_that_come_while_a_message_is_being_stored_are_caught_up_with(
    service: NotifyService, database: Database
) -> None:
    tell(service, [red(1), red(2)])
    # another process's transaction stored them and could not see these messages yet
    with database.transaction() as session:
        facts.keep_enterprises(session, [enterprise(1).event, enterprise(2).event])
    assert status(service)["waiting_for_facts"] == {"enterprise": 6}

    service.catch_up()
    assert status(service)["waiting_for_facts"] == {"officer": 2, "address": 2}

    with database.transaction() as session:
        facts.keep_contacts(session, [contact(1).event, contact(2).event])
    service.catch_up()
    assert status(service)["waiting_for_facts"] == {}
    assert [row.state for row in deliveries(database)] == ["due", "due"]


def test_catching_up_takes_more_than_one_helping(
    service: NotifyService, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.handlers.telling.AT_ONCE", 4)
    tell(service, [red(number) for number in range(1, 6)])
    with database.transaction() as session:
        facts.keep_enterprises(session, [enterprise(n).event for n in range(1, 6)])
        facts.keep_contacts(session, [contact(n).event for n in range(1, 6)])
    service.catch_up()

    assert status(service)["waiting_for_facts"] == {}


def test_any_number_of_messages_can_wait_for_one_enterprise(
    service: NotifyService, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.store.messages.SLICE", 7)
    numbers = range(2, 42)
    tell(service, [red(number, enterprise_id=firm(1)) for number in numbers])
    tell(service, [enterprise(1)])
    tell(service, [contact(1)])

    assert status(service)["waiting_for_facts"] == {}
    assert Counter(row.state for row in deliveries(database)) == {"due": 40}


def test_two_hearers_of_the_same_causes_store_them_once(
    service: NotifyService, database: Database
) -> None:
    numbers = range(1, 31)
    tell(service, [enterprise(number) for number in numbers])
    tell(service, [contact(number) for number in numbers])
    heard = [
        [red(number) for number in numbers],
        [sealed_again(red(number)) for number in reversed(numbers)],
    ]
    together = threading.Barrier(2)

    def hear(stories: list[Any]) -> None:
        together.wait()
        tell(service, stories)

    with ThreadPoolExecutor(2) as hearers:
        for done in [hearers.submit(hear, stories) for stories in heard]:
            done.result()

    assert sum(told(database).values()) == 90
    assert len(deliveries(database)) == 30


def test_without_a_mail_server_no_mail_is_due_but_it_is_noted(
    database: Database, tmp_path: Path
) -> None:
    service = service_on(database, tmp_path)
    tell(service, [enterprise(), red()])

    assert deliveries(database) == []
    assert message(database, "warning_turned_red_enterprise").no_channel == "email"
    assert message(database, "warning_turned_red_enterprise").wants is None
    assert status(service)["no_channel"] == {"email": 1}


def test_in_a_trial_what_would_be_mailed_goes_to_the_log(
    database: Database, tmp_path: Path
) -> None:
    service = service_on(database, tmp_path, smtp_url=MAIL, trial=True)
    tell(service, [enterprise(), red()])

    assert (delivery(database).medium, delivery(database).state) == ("log", "due")


def test_an_installation_can_speak_english(database: Database, tmp_path: Path) -> None:
    service = service_on(database, tmp_path, language="en")
    tell(service, [enterprise(), contact(), withdrawn()])

    assert message(database, "bad_information_withdrawn_enterprise").language == "en"
    assert (
        "was withdrawn on 9 March 2026"
        in message(database, "bad_information_withdrawn_enterprise").body
    )


def test_the_status_counts_and_times(service: NotifyService) -> None:
    tell(service, [enterprise(), contact(), red(), corrected()])
    found = status(service)

    assert found["messages"] == {"bureau": 1, "enterprise": 2, "officer": 1}
    assert found["deliveries"] == {
        "inbox": {"delivered": 4, "waiting_for_facts": 0},
        "email": {"due": 2},
    }
    assert found["red_to_message"]["messages"] == 3
    assert 0 < found["red_to_message"]["p50_seconds"] <= found["red_to_message"]["p99_seconds"]
    assert datetime.fromisoformat(found["last_stored_at"]) <= clock.now()
    assert found["last_sent_at"] is None


def test_an_empty_service_has_a_status(service: NotifyService) -> None:
    found = status(service)

    assert found["messages"] == {}
    assert found["last_stored_at"] is None
    assert found["red_to_message"] == {"messages": 0, "p50_seconds": None, "p99_seconds": None}


def test_busy_counts_what_is_due_now(service: NotifyService) -> None:
    assert busy(service) == 0

    tell(service, [enterprise(), contact(), red(1), red(2)])
    assert busy(service) == 1  # the second enterprise is not known: nobody can send it

    tell(service, [enterprise(2), contact(2)])
    assert busy(service) == 2


def test_every_subscription_has_the_name_that_its_queue_needs() -> None:
    for subscription in subscriptions(NotifyService):
        fact = subscription.event.routing_key.removesuffix(".v1")
        assert subscription.method == f"on_{fact}"


def test_messages_from_the_bus_are_told_once_each(
    service: NotifyService, database: Database
) -> None:
    hearings = {hearing.subscription.event: hearing for hearing in Hearings(service)}
    for story in everything():
        sent = envelope.write(story)
        hearings[type(story.event)].hear([sent, sent])
        hearings[type(story.event)].hear([sent])

    assert set(told(database).values()) == {1}
    with database.reading() as session:
        assert parked.count(session) == 0


def test_an_event_from_before_the_first_policy_is_parked_and_the_others_are_told(
    service: NotifyService, database: Database
) -> None:
    ancient = envelope.Envelope(
        id=uuid4(),
        happened_at=datetime(2010, 1, 1, tzinfo=clock.BEIJING),
        about="warning/1",
        source="/t",
        event=red(2).event,
    )
    (hearing,) = [h for h in Hearings(service) if h.subscription.event is type(red().event)]
    tell(service, [enterprise(), contact()])
    hearing.hear([envelope.write(ancient), envelope.write(red(1))])

    assert len(messages(database)) == 3
    with database.reading() as session:
        assert "addressees" in parked.listed(session)[0].reason


def status(service: NotifyService) -> dict[str, Any]:
    with service.database.reading() as session:
        return service.status(session)


def busy(service: NotifyService) -> int:
    with service.database.reading() as session:
        return service.busy(session)


def sealed_again(story: Any) -> Any:
    """The same fact in another envelope, under a higher revision."""
    changed = {**vars(story.event), "revision": story.event.revision + 1}
    return sealed(type(story.event)(**changed))


def pass_time(monkeypatch: pytest.MonkeyPatch, time: timedelta) -> None:
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + time)
