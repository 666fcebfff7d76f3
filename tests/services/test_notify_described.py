"""The file that describes the channels, and a trial in which nothing leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.database import Database
from services.notify.channels.described import ChannelsWrong, read
from services.notify.model import Medium
from tests.services.notify_clock import Days
from tests.services.notify_http_servers import (
    serving,
)
from tests.services.notify_stories import (
    delivery,
    empty,
    kept,
    service_on,
)
from tests.services.notify_ways import NOON, OK, owes_texts, provider


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


def test_in_a_trial_nothing_of_all_this_leaves(
    database: Database, tmp_path: Path, days: Days
) -> None:
    with serving(OK) as gateway:
        path = tmp_path / "channels.yaml"
        path.write_text(yaml.safe_dump({"sms": [provider("甲", gateway.url)]}), "utf-8")
        service = service_on(database, tmp_path, channels=path, trial=True)
        owes_texts(service)
        service.deliver_due()

    assert gateway.asked == []
    assert (delivery(database).medium, delivery(database).state) == ("log", "delivered")


@pytest.mark.parametrize(
    ("channels", "because"),
    [
        ({"fax": []}, "fax: is unknown; there are sms, wecom, dingtalk, webhooks"),
        ({"sms": {}}, None),
        ({"sms": {"name": "x"}}, "sms: a list is needed"),
        ({"sms": ["x"]}, "sms 1: a mapping"),
        ({"sms": [provider("甲", "http://sms.example")]}, r"url: http:// sends everything"),
        ({"sms": [provider("甲", "ftp://sms.example")]}, "url: https://host"),
        ({"sms": [provider("甲", "https://a", success="(")]}, "success: is no regular"),
        ({"sms": [provider("甲", "https://a", success="")]}, "success: is missing"),
        ({"sms": [provider("甲", "https://a", body="${adress}")]}, r"\$\{adress\} is unknown"),
        (
            {"sms": [provider("甲", "https://a", body="${subject}")]},
            r"\$\{address\} is missing",
        ),
        (
            {"sms": [provider("甲", "https://a", method="PATCH")]},
            "it can be POST or GET or PUT",
        ),
        (
            {"sms": [provider("甲", "https://a"), provider("甲", "https://b")]},
            "甲 is there twice",
        ),
        (
            {"sms": [provider("甲", "https://a", secrets={"token": {"file": "/no/x"}})]},
            "cannot",
        ),
        ({"wecom": [{"division": "6103", "url": "https://a"}]}, "six digits in quotes"),
        ({"wecom": [{"division": 610300, "url": "https://a"}]}, "a text is needed"),
        ({"dingtalk": [{"division": "610300"}]}, "url: is missing"),
        ({"webhooks": {"private": "yes"}}, "private: true or false"),
        ({"webhooks": {"open": True}}, "open: is unknown"),
    ],
)
def test_a_wrong_file_of_channels_stops_the_start_with_the_place_and_what_is_right(
    tmp_path: Path, channels: Any, because: str | None
) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(yaml.safe_dump(channels, allow_unicode=True), encoding="utf-8")
    if because is None:
        assert read(path).media == frozenset()
        return

    with pytest.raises(ChannelsWrong, match=because) as refused:
        read(path)
    assert "s3cret" not in str(refused.value)


def test_a_file_of_channels_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChannelsWrong, match=r"BIANQUE_CHANNELS: .*gone\.yaml cannot be read"):
        read(tmp_path / "gone.yaml")


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")
    path = tmp_path / "channels.yaml"
    secrets = {"token": {"file": str(tmp_path / "token")}}
    described = {"sms": [provider("甲", "https://a", secrets=secrets)]}
    path.write_text(yaml.safe_dump(described), encoding="utf-8")

    assert read(path).sms[0].secrets == {"token": "s3cret"}


def test_the_example_of_the_page_can_be_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    for secret in ("sms_token", "sms_password", "dingtalk_secret"):
        (tmp_path / secret).write_text("word", encoding="utf-8")
    path = tmp_path / "channels.yaml"
    path.write_text(example.replace("/run/secrets", str(tmp_path)), encoding="utf-8")
    described = read(path)

    assert described.media == {Medium.SMS, Medium.WECOM, Medium.DINGTALK, Medium.WEBHOOK}
    assert [each.name for each in described.sms] == ["first", "second"]
