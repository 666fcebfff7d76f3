"""Mail over SMTP: what arrives, what is refused, what a server may do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.chassis.database import Database
from services.notify import rules, sending
from services.notify.channels.channel import Channel, SendFailed, SendRefused, ServerAway
from services.notify.channels.logfile import LogFile
from services.notify.channels.mail_server import MailServer
from services.notify.channels.smtp import Smtp
from services.notify.model import Medium
from tests.services.notify_clock import Days
from tests.services.notify_mail_servers import (
    Post,
    nobody,
    open_for_mail,
    silent_server,
    takes_only,
)
from tests.services.notify_posts import PATIENCE, SECOND, Bureau, outgoing
from tests.services.notify_stories import (
    contact,
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


def mails_to(url: str, seconds: float = 20) -> Smtp:
    return Smtp(MailServer.read(url), mail_from="notice@bureau.example", seconds=seconds)
