"""Texts, robots and webhooks, each against a server of its protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.database import Database
from services.notify import handlers
from services.notify.channels.described import ChannelsWrong, read
from services.notify.model import Medium
from services.notify.service import NotifyService
from tests.services.notify_clock import Days
from tests.services.notify_http_servers import (
    Answer,
    dingtalk,
    receiver,
    serving,
    wecom,
)
from tests.services.notify_mail_servers import nobody
from tests.services.notify_stories import (
    alerted,
    contact,
    deliveries,
    delivery,
    empty,
    enterprise,
    firm,
    kept,
    messages,
    red,
    service_on,
    tell,
)

OK = Answer(body='{"code": "0", "id": "4711"}')
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MOBILE = "13800001234"


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
def lately(monkeypatch: pytest.MonkeyPatch) -> Days:
    """The real time: a receiver of webhooks believes no other."""
    return Days(monkeypatch)


Open = Callable[..., NotifyService]


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


def provider(name: str, url: str, **changes: Any) -> dict[str, Any]:
    facts = {
        "name": name,
        "url": f"{url}/send",
        "headers": {"X-Token": "${token}"},
        "body": '{"to": "${address}", "text": "${subject}", "ref": "${reference}"}',
        "success": '"code": "0"',
        "refused": '"code": "42"',
        "secrets": {"token": "s3cret"},
    }
    return facts | changes


def owes_texts(service: NotifyService, number: int = 1) -> None:
    """So many enterprises with a mobile number are to get a text."""
    numbers = range(1, number + 1)
    with service.database.transaction() as session:
        for each in numbers:
            handlers.note_address(
                session,
                f"enterprise:{firm(each)}",
                Medium.SMS,
                MOBILE,
                division="610302",
                by="li.na",
                seals=service.seals,
            )
    tell(service, [enterprise(each) for each in numbers])
    tell(service, [red(each) for each in numbers])


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


def hooked(service: NotifyService, url: str) -> str:
    """The secret of a webhook that the first enterprise has registered."""
    with service.database.transaction() as session:
        return handlers.register_webhook(
            session,
            f"enterprise:{firm(1)}",
            f"{url}/hook/secret-path",
            division="610302",
            by="li.na",
            private=True,
            seals=service.seals,
        )


def test_a_webhook_is_signed_and_says_which_message_it_is(bureau: Open, lately: Days) -> None:
    with serving(Answer(status=204, body="")) as firm_one:
        service = bureau(webhooks={"private": True})
        secret = hooked(service, firm_one.url)
        firm_one.answers = receiver(secret)
        tell(service, [enterprise(), red()])
        service.deliver_due()
    (asked,) = firm_one.asked
    told = next(m for m in messages(service.database) if m.addressee == "enterprise")

    assert delivery(service.database).state == "delivered"
    assert delivery(service.database).sent_to == firm_one.url.removeprefix("http://")
    assert asked.sent["type"] == "notify.message"
    assert asked.sent["data"]["message_id"] == str(told.id)
    assert asked.sent["data"]["event"] == "inspection.warning_turned_red.v1"


def test_while_a_secret_is_changed_both_sign(bureau: Open, lately: Days) -> None:
    with serving(Answer(status=204, body="")) as firm_one:
        service = bureau(webhooks={"private": True})
        former = hooked(service, firm_one.url)
        with service.database.transaction() as session:
            new = handlers.rotate_secret(
                session, f"enterprise:{firm(1)}", service.practice, service.seals
            )
        firm_one.answers = receiver(former)
        tell(service, [enterprise(), red()])
        service.deliver_due()
        firm_one.answers = receiver(new)
        tell(service, [red(1, warning_id=firm(7))])
        service.deliver_due()
        assert [row.state for row in deliveries(service.database)] == ["delivered"] * 2

        lately.pass_by(timedelta(hours=25))
        firm_one.answers = lambda _: Answer(status=204, body="")
        tell(service, [red(1, warning_id=firm(8))])
        service.deliver_due()

    signatures = [len(asked.headers["webhook-signature"].split()) for asked in firm_one.asked]
    assert signatures == [2, 2, 1]
    assert former != new


def test_a_repetition_after_a_failure_has_the_same_id(bureau: Open, days: Days) -> None:
    answers = iter([Answer(status=500), Answer(status=204, body="")])
    with serving(lambda _: next(answers)) as firm_one:
        service = bureau(webhooks={"private": True})
        hooked(service, firm_one.url)
        tell(service, [enterprise(), red()])
        service.deliver_due()
        days.pass_by(timedelta(seconds=6))
        service.deliver_due()

    assert len({asked.headers["webhook-id"] for asked in firm_one.asked}) == 1
    assert delivery(service.database).state == "delivered"


def test_a_webhook_that_fails_for_a_day_is_switched_off_and_its_account_told(
    bureau: Open, days: Days
) -> None:
    with serving(Answer(status=500, body="kaputt")) as firm_one:
        service = bureau(webhooks={"private": True})
        hooked(service, firm_one.url)
        tell(service, [enterprise(), red()])
        service.deliver_due()
        service.catch_up()
        assert not notices(service)

        days.pass_by(timedelta(hours=25))
        service.deliver_due()
        service.catch_up()
        service.catch_up()
        days.pass_by(timedelta(minutes=10))
        service.deliver_due()
    (told,) = notices(service)

    assert told.account == f"enterprise:{firm(1)}"
    assert "500 kaputt" in told.body
    assert "secret-path" not in told.body
    assert len(firm_one.asked) == 2
    tell(service, [red(1, warning_id=firm(7))])
    assert len(deliveries(service.database)) == 1


def test_a_receiver_that_is_gone_is_switched_off_at_once(bureau: Open, days: Days) -> None:
    with serving(Answer(status=410, body="bye")) as firm_one:
        service = bureau(webhooks={"private": True})
        hooked(service, firm_one.url)
        tell(service, [enterprise(), red()])
        service.deliver_due()
        service.catch_up()

    assert len(notices(service)) == 1
    assert delivery(service.database).state == "given_up"


def test_a_webhook_into_a_private_network_gets_nothing_unless_allowed(
    bureau: Open, days: Days
) -> None:
    with serving(Answer(status=204, body="")) as inside:
        service = bureau(webhooks={})
        hooked(service, inside.url)
        tell(service, [enterprise(), red()])
        service.deliver_due()

    assert inside.asked == []
    assert delivery(service.database).state == "given_up"
    assert "inside a private network" in delivery(service.database).reason


def notices(service: NotifyService) -> list[Any]:
    return [row for row in messages(service.database) if row.event.startswith("notify.webhook")]


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
