"""What the service says of itself, and how it hears from the bus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from services.chassis import clock, envelope, parked
from services.chassis.database import Database
from services.chassis.hearing import Hearings, subscriptions
from services.notify.service import NotifyService
from tests.services.notify_stories import (
    contact,
    corrected,
    deliveries,
    delivery,
    empty,
    enterprise,
    everything,
    kept,
    message,
    messages,
    red,
    service_on,
    tell,
    withdrawn,
)
from tests.services.notify_told import MAIL, status, told


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


def busy(service: NotifyService) -> int:
    with service.database.reading() as session:
        return service.busy(session)
