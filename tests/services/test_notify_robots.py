"""Messages into the chats of bureaus, by robots that may not talk too fast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.database import Database
from services.notify.service import NotifyService
from tests.services.notify_clock import Days
from tests.services.notify_http_servers import (
    dingtalk,
    serving,
    wecom,
)
from tests.services.notify_stories import (
    alerted,
    contact,
    deliveries,
    delivery,
    empty,
    enterprise,
    kept,
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
def bureau(database: Database, tmp_path: Path) -> Open:
    """A bureau with the channels that a test describes."""

    def opened(**channels: Any) -> NotifyService:
        path = tmp_path / "channels.yaml"
        path.write_text(yaml.safe_dump(channels, allow_unicode=True), encoding="utf-8")
        service = service_on(database, tmp_path, channels=path)
        service.check()
        return service

    return opened


def test_a_robot_says_it_in_the_chat_of_its_bureau(bureau: Open, days: Days) -> None:
    with serving(wecom(key="k1")) as chat:
        service = bureau(wecom=[{"division": "610302", "url": f"{chat.url}/send?key=k1"}])
        tell(service, [enterprise(1), enterprise(2), contact(), alerted(1), alerted(2)])
        service.deliver_due()
    (asked,) = chat.asked

    assert (
        "**【质监通】已就宝鸡市样例钛业1号有限公司发布质量安全预警信息**"
        in (asked.sent["markdown"]["content"])
    )
    assert delivery(service.database).sent_to == "wecom:610302"


def test_a_robot_keeps_to_twenty_in_a_minute_and_goes_on_after_it(
    bureau: Open, days: Days
) -> None:
    with serving(wecom(key="k1", most=45)) as chat:
        service = bureau(wecom=[{"division": "610302", "url": f"{chat.url}/send?key=k1"}])
        numbers = [n for n in range(1, 80) if n % 3 == 1][:25]
        tell(service, [enterprise(n) for n in numbers])
        tell(service, [alerted(n) for n in numbers])
        service.deliver_due()
        assert len(chat.asked) == 20
        assert {row.attempts for row in deliveries(service.database)} == {0, 1}

        days.pass_by(timedelta(seconds=61))
        service.deliver_due()

    assert len(chat.asked) == 25
    assert {row.state for row in deliveries(service.database)} == {"delivered"}


def test_a_robot_that_says_too_fast_itself_is_asked_a_minute_later(
    bureau: Open, days: Days
) -> None:
    with serving(wecom(key="k1", most=0)) as chat:
        service = bureau(wecom=[{"division": "610302", "url": f"{chat.url}/send?key=k1"}])
        tell(service, [enterprise(), alerted()])
        service.deliver_due()
        service.deliver_due()

    assert len(chat.asked) == 1
    assert (delivery(service.database).state, delivery(service.database).attempts) == ("due", 0)


def test_a_robot_with_a_wrong_key_is_a_failure_although_the_status_is_200(
    bureau: Open, days: Days
) -> None:
    with serving(wecom(key="k1")) as chat:
        service = bureau(wecom=[{"division": "610302", "url": f"{chat.url}/send?key=old"}])
        tell(service, [enterprise(), alerted()])
        service.deliver_due()

    assert delivery(service.database).state == "failed"
    assert "93000" in delivery(service.database).reason


def test_a_long_text_is_cut_to_what_a_robot_takes(bureau: Open, days: Days) -> None:
    with serving(wecom(key="k1")) as chat:
        service = bureau(wecom=[{"division": "610302", "url": f"{chat.url}/send?key=k1"}])
        tell(service, [enterprise(name="长" * 3000), alerted()])
        service.deliver_due()

    assert delivery(service.database).state == "delivered"
    assert chat.asked[0].sent["markdown"]["content"].endswith("…")


def test_a_dingtalk_robot_gets_its_signature_and_its_keyword(bureau: Open, days: Days) -> None:
    with serving(dingtalk(secret="SECabc", keyword="平安")) as chat:  # noqa: S106 - a test's own
        robot = {
            "division": "610302",
            "url": f"{chat.url}/robot/send?access_token=t",
            "secret": "SECabc",
            "keyword": "平安",
        }
        service = bureau(dingtalk=[robot])
        tell(service, [enterprise(), alerted()])
        service.deliver_due()

    assert delivery(service.database).state == "delivered"
    assert chat.asked[0].sent["markdown"]["text"].startswith("平安")
