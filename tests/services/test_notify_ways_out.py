"""Texts over gateways: the words, several providers, and which of them takes a text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.notify.service import NotifyService
from tests.services.notify_clock import Days
from tests.services.notify_http_servers import (
    Answer,
    serving,
)
from tests.services.notify_mail_servers import nobody
from tests.services.notify_stories import (
    POLICY_FILE,
    contact,
    deliveries,
    delivery,
    empty,
    enterprise,
    firm,
    kept,
    red,
    service_on,
    tell,
)
from tests.services.notify_ways import MOBILE, NOON, OK, Open, owes_texts, provider


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


def test_a_text_goes_out_as_the_gateway_wants_it(bureau: Open, days: Days) -> None:
    with serving(OK) as gateway:
        service = bureau(sms=[provider("甲", gateway.url)])
        owes_texts(service)
        service.deliver_due()
    (asked,) = gateway.asked

    assert asked.sent["to"] == MOBILE
    assert asked.sent["text"] == "【质监通】行吊1号到期未完成定期检验，请立即办理"
    assert asked.headers["x-token"] == "s3cret"
    assert (delivery(service.database).state, delivery(service.database).medium) == (
        "delivered",
        "sms",
    )
    assert delivery(service.database).receipt == '甲: 200 {"code": "0", "id": "4711"}'


def test_whoever_has_registered_no_number_gets_no_text(bureau: Open, days: Days) -> None:
    with serving(OK) as gateway:
        service = bureau(sms=[provider("甲", gateway.url)])
        tell(service, [enterprise(), contact(), red()])
        service.deliver_due()

    assert gateway.asked == []
    assert deliveries(service.database) == []


def test_what_somebody_typed_stays_inside_its_place(bureau: Open, days: Days) -> None:
    with serving(OK) as gateway:
        form = provider(
            "甲",
            f"{gateway.url}/x?to=${{address}}&u=",
            body="text=${subject}&token=${token}",
            body_is="form",
        )
        service = bureau(sms=[form])
        owes_texts(service)
        tell(service, [red(1, warning_id=firm(9), object_label='行吊"&to=110\n')])
        service.deliver_due()

    assert all(asked.asked["to"] == MOBILE for asked in gateway.asked)
    assert any("%22%26to%3D110" in asked.body for asked in gateway.asked)


def test_a_provider_that_is_away_leaves_the_text_to_the_next_one(
    bureau: Open, days: Days
) -> None:
    with serving(OK) as second, nobody() as away:
        first = provider("甲", away.replace("smtp://", "http://"))
        service = bureau(sms=[first, provider("乙", second.url)])
        owes_texts(service, 3)
        service.deliver_due()

    assert {row.state for row in deliveries(service.database)} == {"delivered"}
    assert len(second.asked) == 3


@pytest.mark.parametrize("sick", [Answer(status=503), Answer(status=429), Answer(body="busy")])
def test_a_provider_that_fails_leaves_the_text_to_the_next_one(
    bureau: Open, days: Days, sick: Answer
) -> None:
    with serving(sick) as first, serving(OK) as second:
        service = bureau(sms=[provider("甲", first.url), provider("乙", second.url)])
        owes_texts(service)
        service.deliver_due()

    assert delivery(service.database).state == "delivered"
    assert (len(first.asked), len(second.asked)) == (1, 1)
    assert first.asked[0].sent["ref"] == second.asked[0].sent["ref"]


def test_a_number_that_is_refused_is_not_tried_with_anybody_else(
    bureau: Open, days: Days
) -> None:
    with serving(Answer(body='{"code": "42"}')) as first, serving(OK) as second:
        service = bureau(sms=[provider("甲", first.url), provider("乙", second.url)])
        owes_texts(service)
        service.deliver_due()

    assert delivery(service.database).state == "given_up"
    assert second.asked == []


def test_an_unclear_answer_is_not_followed_by_a_second_text_at_once(
    bureau: Open, days: Days
) -> None:
    with serving(Answer(body='{"code', cut=True)) as first, serving(OK) as second:
        service = bureau(sms=[provider("甲", first.url), provider("乙", second.url)])
        owes_texts(service)
        service.deliver_due()
        assert second.asked == []
        assert delivery(service.database).state == "failed"

        days.pass_by(timedelta(seconds=6))
        service.deliver_due()

    assert delivery(service.database).state == "delivered"
    assert second.asked[0].sent["ref"] == first.asked[0].sent["ref"]


def test_a_bureau_may_judge_providers_by_a_longer_time(
    bureau: Open, days: Days, tmp_path: Path
) -> None:
    own = tmp_path / "notify.yaml"
    own.write_text(
        "provider_window_minutes: {source: 本局, values: {2026-01-01: 60}}\n", "utf-8"
    )
    with serving(Answer(status=503)) as first, serving(OK) as second:
        service = bureau(sms=[provider("甲", first.url), provider("乙", second.url)])
        service.policy = Policy.read(POLICY_FILE, overrides=own)
        owes_texts(service, 40)
        service.deliver_due()
        before = len(first.asked)

        days.pass_by(timedelta(minutes=30))
        tell(service, [red(n, warning_id=firm(100 + n)) for n in range(1, 41)])
        service.deliver_due()

    assert len(second.asked) == 80
    assert len(first.asked) - before < 10


def test_a_failing_provider_gets_only_probes_and_wins_back_its_share(
    bureau: Open, days: Days
) -> None:
    sick = [True]
    answers = lambda _: Answer(status=503) if sick[0] else OK  # noqa: E731 - one word
    with serving(answers) as first, serving(OK) as second:
        service = bureau(sms=[provider("甲", first.url), provider("乙", second.url)])
        owes_texts(service, 40)
        service.deliver_due()
        while_sick = len(first.asked)
        assert {row.state for row in deliveries(service.database)} == {"delivered"}
        assert while_sick < 20

        sick[0] = False
        days.pass_by(timedelta(minutes=11))
        tell(service, [red(n, warning_id=firm(100 + n)) for n in range(1, 41)])
        service.deliver_due()

    assert len(first.asked) - while_sick == 40
    assert len(second.asked) == 40
