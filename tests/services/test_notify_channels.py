"""The log channel, the setting of the mail server, and what a trial lets out."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis.database import Database
from services.notify.channels.channel import ServerAway
from services.notify.channels.logbook import Logbook
from services.notify.channels.logfile import LogFile
from services.notify.channels.mail_server import MailServer, MailServerWrong
from services.notify.channels.smtp import Smtp
from services.notify.model import Medium, Outgoing
from tests.services.notify_certificate import write_certificate
from tests.services.notify_mail_servers import Post, open_for_mail
from tests.services.notify_stories import (
    contact,
    delivery,
    enterprise,
    message,
    opened,
    red,
    service_on,
    tell,
)

DAY = date(2026, 3, 2)


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    with opened(database_url("notify")) as database:
        yield database


def outgoing(**changes: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "delivery_id": uuid4(),
        "message_id": uuid4(),
        "caused_by": uuid4(),
        "addressee": "enterprise",
        "account": "enterprise:1",
        "address": "firm1@example.com",
        "subject": "【质监通】主题",
        "body": "第一行\n第二行\n",
        "language": "zh",
        "written_at": datetime(2026, 3, 2, tzinfo=UTC),
    }
    return Outgoing(**facts | changes)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_log_has_one_line_for_each_delivery(tmp_path: Path) -> None:
    path = tmp_path / "var" / "messages.log"
    sent = [outgoing(), outgoing(subject="第二条")]
    receipts = [LogFile(path).send(one) for one in sent]
    written = lines(path)

    assert [line["delivery_id"] for line in written] == [str(one.delivery_id) for one in sent]
    assert written[0]["body"] == "第一行\n第二行\n"
    assert written[1]["subject"] == "第二条"
    assert (receipts[0].sent_to, receipts[0].said) == ("messages.log", "byte 0")
    assert path.read_bytes()[int(receipts[1].said.split()[1]) :].startswith(b'{"at"')


def test_the_log_is_for_the_bureau_alone(tmp_path: Path) -> None:
    path = tmp_path / "messages.log"
    LogFile(path).send(outgoing())

    assert path.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_tore_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "messages.log"
    path.write_bytes(b'{"at": "2026-03-0')
    LogFile(path).send(outgoing(subject="之后"))
    torn, whole = path.read_text(encoding="utf-8").splitlines()

    assert torn == '{"at": "2026-03-0'
    assert json.loads(whole)["subject"] == "之后"


def test_a_line_counts_only_once_it_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_is_full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_is_full)

    with pytest.raises(ServerAway, match="No space left on device"):
        LogFile(tmp_path / "messages.log").send(outgoing())


def test_a_log_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    with pytest.raises(ServerAway, match=f"{tmp_path}: Is a directory"):
        LogFile(tmp_path).send(outgoing())


def test_many_writers_never_mix_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "messages.log"
    with ThreadPoolExecutor(4) as writers:
        for done in [writers.submit(LogFile(path).send, outgoing()) for _ in range(60)]:
            done.result()

    assert len({line["delivery_id"] for line in lines(path)}) == 60


def test_in_a_trial_nobody_outside_gets_anything(database: Database, tmp_path: Path) -> None:
    with open_for_mail(Post()) as post:
        before = service_on(database, tmp_path, smtp_url=post.url)
        tell(before, [enterprise(), contact(), red()])
        trial = service_on(database, tmp_path, smtp_url=post.url, trial=True)
        trial.deliver_due()
    (line,) = lines(tmp_path / "messages.log")

    assert post.asked == []
    assert (delivery(database).medium, delivery(database).state) == ("email", "delivered")
    assert delivery(database).sent_to == "messages.log"
    assert UUID(line["message_id"]) == message(database, "warning_turned_red_enterprise").id


def test_a_message_of_a_trial_is_not_mailed_when_the_trial_ends(
    database: Database, tmp_path: Path
) -> None:
    with open_for_mail(Post()) as post:
        trial = service_on(database, tmp_path, smtp_url=post.url, trial=True)
        tell(trial, [enterprise(), contact(), red()])
        after = service_on(database, tmp_path, smtp_url=post.url)
        after.deliver_due()

    assert post.asked == []
    assert (delivery(database).medium, delivery(database).state) == ("log", "delivered")


ALL_OUTSIDE = ["email", "sms", "wecom", "dingtalk", "webhook"]


@pytest.mark.parametrize(
    ("settings", "mail_is"),
    [
        ({}, None),
        ({"smtp_url": "smtp://mail:25"}, Medium.EMAIL),
        ({"smtp_url": "smtp://mail:25", "trial": True}, Medium.LOG),
        ({"trial": True}, Medium.LOG),
    ],
)
def test_every_medium_that_may_be_due_has_a_channel(
    database: Database, tmp_path: Path, settings: dict[str, Any], mail_is: Medium | None
) -> None:
    service = service_on(database, tmp_path, **settings)
    open_channels = service.ways_out.channels(service.practice.pace(DAY), Logbook())

    assert service.ways_out.stands_for.get(Medium.EMAIL) is mail_is
    assert [each.medium.value for each in open_channels] == ["log", *ALL_OUTSIDE]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def encryption(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """What a mail server needs to encrypt."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the mail server's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("server", "scheme", "option"),
    [("tls_context", "smtp://", "?starttls=1"), ("ssl_context", "smtps://", "")],
)
def test_a_mail_goes_over_an_encrypted_connection(
    encryption: ssl.SSLContext, server: str, scheme: str, option: str
) -> None:
    with open_for_mail(Post(), **{server: encryption}) as post:
        channel = mails_to(post.url.replace("smtp://", scheme) + option)
        channel.send(outgoing())
        encrypted = isinstance(channel._client.sock, ssl.SSLSocket)  # type: ignore[union-attr]
        channel.close()

    assert len(post.mails) == 1
    assert encrypted


@pytest.mark.parametrize(
    ("server", "scheme", "option"),
    [("tls_context", "smtp://", "?starttls=1"), ("ssl_context", "smtps://", "")],
)
def test_a_certificate_that_nobody_trusts_gets_no_mail(
    encryption: ssl.SSLContext, server: str, scheme: str, option: str
) -> None:
    with open_for_mail(Post(), **{server: encryption}) as post:
        channel = mails_to(post.url.replace("smtp://", scheme) + option)
        with pytest.raises(ServerAway, match="CERTIFICATE_VERIFY_FAILED"):
            channel.send(outgoing())
        channel.close()

    assert post.asked == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_host_gets_no_mail(encryption: ssl.SSLContext) -> None:
    with open_for_mail(Post(), ssl_context=encryption) as post:
        url = post.url.replace("smtp://127.0.0.1", "smtps://localhost")
        with pytest.raises(ServerAway, match="Hostname mismatch"):
            mails_to(url).send(outgoing())

    assert post.asked == []


def mails_to(url: str) -> Smtp:
    return Smtp(MailServer.read(url), mail_from="notice@bureau.example", seconds=20)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail", ("mail", 25, None, None, False, False)),
        ("smtp://mail:587?starttls=1", ("mail", 587, None, None, False, True)),
        ("smtp://mail?starttls=0", ("mail", 25, None, None, False, False)),
        ("smtps://mail", ("mail", 465, None, None, True, False)),
        ("smtp://li%40na:p%3Aw%2Fd@mail:2525", ("mail", 2525, "li@na", "p:w/d", False, False)),
    ],
)
def test_a_mail_server_is_named_by_a_url(url: str, server: tuple[Any, ...]) -> None:
    assert tuple(vars(MailServer.read(url)).values()) == server


@pytest.mark.parametrize(
    "url",
    [
        "http://mail",
        "smtp://",
        "smtp:mail",
        "smtp://u:secret@mail:port",
        "smtp://u:secret@mail:99999",
        "smtp://u:secret@mail?tls=1",
        "smtp://u:secret@mail?starttls=yes",
        "smtp://u:secret@[mail",
    ],
)
def test_a_wrong_mail_server_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(MailServerWrong, match="BIANQUE_SMTP_URL") as refused:
        MailServer.read(url)

    assert "secret" not in str(refused.value)
