"""A mail is sent once: senders beside each other, crashes, trying again, giving up."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis.database import Database
from services.notify import sending
from services.notify.channels.channel import Channel, SendFailed
from services.notify.model import Medium, Outgoing, Patience, Receipt
from services.notify.store import deliveries as store
from tests.services.notify_clock import Days
from tests.services.notify_mail_servers import (
    Post,
    nobody,
    open_for_mail,
)
from tests.services.notify_posts import PATIENCE, SECOND, Bureau
from tests.services.notify_stories import (
    contact,
    deliveries,
    delivery,
    empty,
    kept,
    tell,
)


class Crash(BaseException):
    """The process dies here."""


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)


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
def post() -> Iterator[Post]:
    """A mail server that takes everything."""
    with open_for_mail(Post()) as post:
        yield post


def test_two_senders_never_send_one_mail_twice(
    database: Database, tmp_path: Path, post: Post
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(40)
    together = threading.Barrier(3)

    def round_of_one_sender() -> None:
        together.wait()
        bureau.deliver()

    with ThreadPoolExecutor(3) as senders:
        for sender in [senders.submit(round_of_one_sender) for _ in range(3)]:
            sender.result()

    assert Counter(post.tries).most_common(1)[0][1] == 1
    assert len(post.mails) == 40
    assert bureau.states() == {"delivered": 40}


def test_a_sender_that_died_before_sending_is_followed_by_another(
    database: Database, tmp_path: Path, post: Post, days: Days
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(1)
    with pytest.raises(Crash):
        send_by(database, Breaking(Crash()))
    bureau.deliver()
    assert (delivery(database).state, post.mails) == ("sending", [])

    days.pass_by(timedelta(seconds=121))
    bureau.deliver()
    assert delivery(database).state == "delivered"
    assert len(post.mails) == 1


def test_a_sender_that_died_before_recording_repeats_the_same_message_id(
    database: Database,
    tmp_path: Path,
    post: Post,
    days: Days,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(2)
    with monkeypatch.context() as broken:
        broken.setattr(store, "record_delivered", dies)
        with pytest.raises(Crash):
            bureau.deliver()
    assert len(post.mails) == 1

    days.pass_by(timedelta(seconds=121))
    bureau.deliver()
    assert bureau.states() == {"delivered": 2}
    assert sorted(Counter(post.tries).values()) == [1, 2]


def test_a_crash_in_the_database_while_taking_leaves_the_mail_due(
    database: Database, tmp_path: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(1)
    with monkeypatch.context() as broken:
        broken.setattr(store, "_outgoing", dies)
        with pytest.raises(Crash):
            bureau.deliver()
    assert (delivery(database).state, delivery(database).attempts) == ("due", 0)

    bureau.deliver()
    assert delivery(database).state == "delivered"


def test_a_slow_sender_does_not_undo_what_another_one_delivered(
    database: Database, tmp_path: Path, post: Post, days: Days
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(1)

    def meanwhile(_outgoing: Outgoing) -> Receipt:
        days.pass_by(timedelta(seconds=121))
        bureau.deliver()
        raise SendFailed("too slow")

    send_by(database, Doing(meanwhile))

    assert delivery(database).state == "delivered"
    assert delivery(database).reason is None


def test_a_slow_sender_that_succeeds_after_all_ends_the_trying(
    database: Database, tmp_path: Path, days: Days
) -> None:
    with nobody() as url:
        bureau = Bureau(database, tmp_path, url)
        bureau.owes(1)

        def meanwhile(_outgoing: Outgoing) -> Receipt:
            days.pass_by(timedelta(seconds=121))
            bureau.deliver()
            return Receipt(sent_to="firm1@example.com", said="250 late")

        send_by(database, Doing(meanwhile))

    assert (delivery(database).state, delivery(database).receipt) == ("delivered", "250 late")


def test_an_unforeseen_fault_of_a_channel_is_kept_and_does_not_stop_the_others(
    database: Database, tmp_path: Path
) -> None:
    bureau = Bureau(database, tmp_path, "smtp://127.0.0.1:1")
    bureau.owes(3)
    faults = iter([ValueError("what is this")])

    def first_one_breaks(outgoing: Outgoing) -> Receipt:
        for fault in faults:
            raise fault
        return Receipt(sent_to=str(outgoing.address), said="ok")

    send_by(database, Doing(first_one_breaks))
    (failed,) = [row for row in deliveries(database) if row.state == "failed"]

    assert bureau.states() == {"delivered": 2, "failed": 1}
    assert failed.reason == "ValueError: what is this"


def test_it_is_tried_often_at_first_then_every_five_minutes_then_given_up(
    database: Database, tmp_path: Path, days: Days
) -> None:
    bureau = Bureau(database, tmp_path, "smtp://127.0.0.1:1")
    bureau.owes(1)
    patience = Patience(
        pauses=tuple(timedelta(seconds=s) for s in (5, 15, 30, 60, 120, 300)),
        give_up_after=timedelta(minutes=30),
        lease=timedelta(seconds=120),
    )
    minutes = 0
    while delivery(database).state in ("due", "failed"):
        send_by(database, Breaking(SendFailed("not now")), patience)
        days.pass_by(timedelta(minutes=1))
        minutes += 1
        assert minutes < 60

    assert delivery(database).state == "given_up"
    assert delivery(database).reason == "gave_up_after_time: not now"
    assert delivery(database).attempts == 10


def test_a_round_ends_in_time_and_the_next_one_goes_on(
    database: Database, tmp_path: Path, days: Days
) -> None:
    bureau = Bureau(database, tmp_path, "smtp://127.0.0.1:1")
    bureau.owes(5)

    def takes_a_while(outgoing: Outgoing) -> Receipt:
        days.pass_by(timedelta(seconds=25))
        return Receipt(sent_to=str(outgoing.address), said="ok")

    send_by(database, Doing(takes_a_while))
    assert bureau.states() == {"delivered": 3, "due": 2}

    send_by(database, Doing(takes_a_while))
    assert bureau.states() == {"delivered": 5}


def test_an_address_that_was_taken_away_is_waited_for(
    database: Database, tmp_path: Path, post: Post, days: Days
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(1)
    tell(bureau.service, [contact(revision=11, email=None)])
    bureau.deliver()
    assert delivery(database).reason == "no address is on file any more"

    tell(bureau.service, [contact(revision=12, email="new@example.com")])
    days.pass_by(timedelta(seconds=6))
    bureau.deliver()
    assert delivery(database).sent_to == "new@example.com"


def test_mails_that_wait_when_the_mail_server_is_taken_away_are_not_lost(
    database: Database, tmp_path: Path, post: Post, days: Days
) -> None:
    with nobody() as url:
        Bureau(database, tmp_path, url).owes(1)
    Bureau(database, tmp_path, None).deliver()
    assert delivery(database).reason == "BIANQUE_SMTP_URL is not set"

    days.pass_by(timedelta(seconds=6))
    Bureau(database, tmp_path, post.url).deliver()
    assert delivery(database).state == "delivered"


class Doing:
    """A channel that does what a test says."""

    medium = Medium.EMAIL

    def __init__(self, act: Any) -> None:
        self._act = act

    def send(self, outgoing: Outgoing) -> Receipt:
        done: Receipt = self._act(outgoing)
        return done

    def close(self) -> None:
        """Nothing is held open."""


class Breaking(Doing):
    """A channel that always breaks in one way."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(self._break)
        self.error = error

    def _break(self, _outgoing: Outgoing) -> Receipt:
        raise self.error


def send_by(database: Database, channel: Channel, patience: Patience = PATIENCE) -> None:
    sending.send_due(database, [channel], patience=patience, round_time=60 * SECOND)


def dies(*_: Any, **__: Any) -> Any:
    raise Crash
