"""What leaves the platform: once, never lost, whatever the mail server does."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis import clock
from services.chassis.database import Database
from services.notify import rules, sending
from services.notify.channels.channel import Channel, SendFailed, SendRefused, ServerAway
from services.notify.channels.logfile import LogFile
from services.notify.channels.mail_server import MailServer
from services.notify.channels.smtp import Smtp
from services.notify.model import Medium, Outgoing, Patience, Receipt
from services.notify.service import NotifyService
from services.notify.store import deliveries as store
from tests.services.notify_clock import Days
from tests.services.notify_mail_servers import (
    Post,
    nobody,
    open_for_mail,
    silent_server,
    takes_only,
)
from tests.services.notify_stories import (
    contact,
    corrected,
    deliveries,
    delivery,
    empty,
    enterprise,
    kept,
    message,
    published,
    red,
    service_on,
    tell,
)

PATIENCE = Patience(
    pauses=(timedelta(seconds=5), timedelta(seconds=15)),
    give_up_after=timedelta(hours=72),
    lease=timedelta(seconds=120),
)
SECOND = timedelta(seconds=1)


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


class Bureau:
    """A service whose mails go to some server."""

    def __init__(self, database: Database, var: Path, url: str | None, **settings: Any) -> None:
        self.database = database
        self.var = var
        self.service: NotifyService = service_on(
            database, var, smtp_url=url, mail_from="质监通 <notice@bureau.example>", **settings
        )

    def owes(self, mails: int) -> None:
        """So many enterprises are to get a mail."""
        numbers = range(1, mails + 1)
        tell(self.service, [enterprise(number) for number in numbers])
        tell(self.service, [contact(number) for number in numbers])
        tell(self.service, [red(number) for number in numbers])

    def deliver(self) -> None:
        self.service.deliver_due()

    def states(self) -> Counter[str]:
        return Counter(row.state for row in deliveries(self.database))


def test_an_enterprise_gets_a_mail_that_can_be_read_and_recognised(
    database: Database, tmp_path: Path, post: Post
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(1)
    bureau.deliver()
    (mail,) = post.mails
    stored = message(database, "warning_turned_red_enterprise")
    number = rules.delivery_id(stored.id, Medium.EMAIL)

    assert mail["Subject"] == "【质监通】行吊1号到期未完成定期检验，请立即办理"
    assert mail.get_content().replace("\r\n", "\n") == stored.body
    assert mail["To"] == "firm1@example.com"
    assert mail["From"] == "质监通 <notice@bureau.example>"
    assert mail["Message-ID"] == f"<{number}@bureau.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.utcoffset() == timedelta(hours=8)
    assert mail.get_content_charset() == "utf-8"


def test_a_delivery_keeps_where_it_went_and_what_the_server_said(
    database: Database, tmp_path: Path, post: Post
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(1)
    bureau.deliver()
    done = delivery(database)

    assert (done.state, done.attempts) == ("delivered", 1)
    assert (done.sent_to, done.receipt) == ("firm1@example.com", "250 taken as 4711")
    assert (done.holder, done.lease_until, done.next_try_at) == (None, None, None)
    assert done.delivered_at is not None


def test_many_mails_go_over_one_connection(
    database: Database, tmp_path: Path, post: Post
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(12)
    bureau.deliver()

    assert bureau.states() == {"delivered": 12}
    assert len(post.mails) == 12
    assert post.connections == 1


def test_a_second_round_sends_nothing_again(
    database: Database, tmp_path: Path, post: Post
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    bureau.owes(2)
    bureau.deliver()
    bureau.deliver()

    assert len(post.mails) == 2


def test_an_address_that_is_refused_is_not_tried_again_and_others_are(
    database: Database, tmp_path: Path, days: Days
) -> None:
    refuses_first = Post(
        rcpt=lambda to: "550 5.1.1 no such user" if to == "firm1@example.com" else "250 OK"
    )
    with open_for_mail(refuses_first) as post:
        bureau = Bureau(database, tmp_path, post.url)
        bureau.owes(3)
        bureau.deliver()
        days.pass_by(timedelta(hours=1))
        bureau.deliver()
    (refused,) = [row for row in deliveries(database) if row.state != "delivered"]

    assert bureau.states() == {"delivered": 2, "given_up": 1}
    assert refused.reason == "refused: 550 5.1.1 no such user"
    assert post.asked.count("firm1@example.com") == 1


def test_a_message_that_is_refused_after_it_was_read_is_not_tried_again(
    database: Database, tmp_path: Path
) -> None:
    with open_for_mail(Post(data=lambda _: "554 5.6.0 not wanted")) as post:
        bureau = Bureau(database, tmp_path, post.url)
        bureau.owes(1)
        bureau.deliver()

    assert (delivery(database).state, post.mails) == ("given_up", [])
    assert delivery(database).reason == "refused: 554 5.6.0 not wanted"


@pytest.mark.parametrize(
    "address", ["nobody", "a@b@c", "a b@example.com", "a@example.com,b@c.d"]
)
def test_an_address_that_is_none_is_not_tried_at_all(
    database: Database, tmp_path: Path, post: Post, address: str
) -> None:
    bureau = Bureau(database, tmp_path, post.url)
    tell(bureau.service, [enterprise(), contact(email=address), red()])
    bureau.deliver()

    assert delivery(database).state == "given_up"
    assert delivery(database).reason == f"refused: {address!r} is not an e-mail address"
    assert post.asked == []


def test_a_server_that_asks_to_come_again_gets_the_mail_later(
    database: Database, tmp_path: Path, days: Days
) -> None:
    answers = iter(["451 4.7.1 greylisted", "452 4.3.1 mailbox busy", "250 OK"])
    with open_for_mail(Post(rcpt=lambda _: next(answers))) as post:
        bureau = Bureau(database, tmp_path, post.url)
        bureau.owes(1)
        bureau.deliver()
        first = delivery(database)
        bureau.deliver()
        assert len(post.asked) == 1

        for pause in (5, 15):
            days.pass_by(timedelta(seconds=pause))
            bureau.deliver()

    assert (first.state, first.reason) == ("failed", "451 4.7.1 greylisted")
    assert delivery(database).state == "delivered"
    assert delivery(database).attempts == 3
    assert delivery(database).reason is None


def test_a_connection_dropped_after_the_text_repeats_the_same_message_id(
    database: Database, tmp_path: Path, days: Days
) -> None:
    with open_for_mail(Post(drops=1)) as post:
        bureau = Bureau(database, tmp_path, post.url)
        bureau.owes(1)
        bureau.deliver()
        assert delivery(database).state == "failed"

        days.pass_by(timedelta(seconds=6))
        bureau.deliver()

    assert delivery(database).state == "delivered"
    assert len(post.tries) == 2
    assert len(set(post.tries)) == 1


def test_a_server_that_is_away_is_asked_once_a_round_and_nothing_is_lost(
    database: Database, tmp_path: Path, days: Days
) -> None:
    with nobody() as url:
        bureau = Bureau(database, tmp_path, url)
        bureau.owes(5)
        bureau.deliver()
        assert bureau.states() == {"due": 4, "failed": 1}
        assert sum(row.attempts for row in deliveries(database)) == 1

    with open_for_mail(Post()) as post:
        days.pass_by(timedelta(minutes=5))
        Bureau(database, tmp_path, post.url).deliver()

    assert bureau.states() == {"delivered": 5}
    assert len(set(post.tries)) == 5


def test_a_server_that_says_nothing_does_not_stop_the_other_channels(
    database: Database, tmp_path: Path
) -> None:
    with silent_server() as url:
        channels: list[Channel] = [
            mails_to(url, seconds=0.6),
            LogFile(tmp_path / "messages.log"),
        ]
        Bureau(database, tmp_path, url).owes(1)
        tell(service_on(database, tmp_path, trial=True), [published()])
        sending.send_due(database, channels, patience=PATIENCE, round_time=60 * SECOND)
    by_medium = {row.medium: row for row in deliveries(database)}

    assert by_medium["email"].state == "failed"
    assert "timed out" in by_medium["email"].reason
    assert by_medium["log"].state == "delivered"


def test_a_server_that_never_ends_its_answer_is_cut_off(
    database: Database, tmp_path: Path
) -> None:
    with silent_server(says=b"2") as url:
        bureau = Bureau(database, tmp_path, url)
        bureau.owes(1)
        sending.send_due(
            database, [mails_to(url, seconds=0.6)], patience=PATIENCE, round_time=60 * SECOND
        )

    assert delivery(database).state == "failed"
    assert "SMTPServerDisconnected" in delivery(database).reason


def test_a_kept_connection_that_the_server_closed_is_opened_again(post: Post) -> None:
    channel = mails_to(post.url)
    channel.send(outgoing(1))
    channel._client.sock.shutdown(2)  # type: ignore[union-attr]
    channel.send(outgoing(2))
    channel.close()

    assert [mail["To"] for mail in post.mails] == ["firm1@example.com", "firm2@example.com"]
    assert post.connections == 2


LOGIN_IN_CLEAR = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@LOGIN_IN_CLEAR
def test_a_server_that_needs_a_login_gets_it(database: Database, tmp_path: Path) -> None:
    with open_for_mail(Post(), **takes_only("notice", "p@ss:word")) as post:
        url = post.url.replace("smtp://", "smtp://notice:p%40ss%3Aword@")
        bureau = Bureau(database, tmp_path, url)
        bureau.owes(1)
        bureau.deliver()

    assert delivery(database).state == "delivered"


@LOGIN_IN_CLEAR
def test_a_wrong_login_gives_nothing_up_and_tells_no_password() -> None:
    with open_for_mail(Post(), **takes_only("notice", "right")) as post:
        for url in (post.url.replace("smtp://", "smtp://notice:wrong@"), post.url):
            with pytest.raises(ServerAway) as refused:
                mails_to(url).send(outgoing(1))
            assert "wrong" not in str(refused.value)

    assert post.mails == []


def test_a_server_without_encryption_gets_nothing_if_encryption_is_asked_for(
    post: Post,
) -> None:
    with pytest.raises(SendFailed, match="STARTTLS"):
        mails_to(f"{post.url}?starttls=1").send(outgoing(1))

    assert post.asked == []


def test_an_address_in_chinese_letters_gets_its_mail(post: Post) -> None:
    channel = mails_to(post.url)
    receipt = channel.send(outgoing(1, address="质监@example.com"))
    channel.close()

    assert receipt.sent_to == "质监@example.com"
    assert post.mails[0]["To"] == "质监@example.com"


def test_an_address_that_the_server_cannot_write_is_refused() -> None:
    with open_for_mail(Post(), enable_SMTPUTF8=False) as post:
        channel = mails_to(post.url)
        with pytest.raises(SendRefused, match="cannot write the address 质监"):
            channel.send(outgoing(1, address="质监@example.com"))
        channel.close()

    assert post.asked == []


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


def mails_to(url: str, seconds: float = 20) -> Smtp:
    return Smtp(MailServer.read(url), mail_from="notice@bureau.example", seconds=seconds)


def outgoing(number: int, **changes: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "delivery_id": published(number).id,
        "message_id": corrected(number).id,
        "caused_by": red(number).id,
        "addressee": "enterprise",
        "account": f"enterprise:{number}",
        "address": f"firm{number}@example.com",
        "subject": "【质监通】主题",
        "body": "正文\n",
        "language": "zh",
        "written_at": clock.now(),
    }
    return Outgoing(**facts | changes)


def dies(*_: Any, **__: Any) -> Any:
    raise Crash
