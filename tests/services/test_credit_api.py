"""The internal API: what may be read, and why it stands so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import uuid4

import pytest

from services.chassis.database import Database
from services.events.inspection import ClearedBy
from tests.services.credit_portal import Asked, Portal, of, portal_of, with_three_drafts
from tests.services.credit_stories import (
    cleared,
    enterprise,
    entry_id,
    firm,
    opened,
    red,
    service_on,
    tell,
    warning,
)


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2026-03-02")
    with opened(database_url("credit")) as database:
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return with_three_drafts(database)


def ids(answer: Asked) -> set[str]:
    return {item["id"] for item in answer.json["items"]}


def test_a_list_shows_what_lies_in_the_callers_scope(portal: Portal) -> None:
    assert ids(portal.get("/bad-information")) == {str(entry_id(n)) for n in (1, 2, 3)}
    assert ids(portal.get("/bad-information", scope="610302")) == {str(entry_id(1))}
    assert ids(portal.get("/bad-information", scope="610400")) == set()


def test_a_list_can_be_narrowed_by_state_and_division(portal: Portal) -> None:
    portal.post(of(2, "/publication"))

    assert ids(portal.get("/bad-information?state=published")) == {str(entry_id(2))}
    assert ids(portal.get("/bad-information?division=610303")) == {str(entry_id(3))}
    assert ids(portal.get("/bad-information?state=published&division=610303")) == set()


def test_pages_show_every_entry_once(portal: Portal, database: Database) -> None:
    tell(service_on(database, "cn-current"), [red(number) for number in range(4, 20)])
    seen: list[str] = []
    answer = portal.get("/bad-information?limit=5")
    while True:
        seen += [item["id"] for item in answer.json["items"]]
        if answer.json["next"] is None:
            break
        answer = portal.get(f"/bad-information?limit=5&after={answer.json['next']}")

    assert sorted(seen) == sorted(str(entry_id(number)) for number in range(1, 20))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=unknown", "state"),
        ("division=6103", "division"),
        ("limit=0", "limit"),
        ("after=yesterday", "after"),
    ],
)
def test_a_wrong_question_names_the_field(portal: Portal, query: str, field: str) -> None:
    answer = portal.get(f"/bad-information?{query}")

    assert answer.status_code == 422
    assert answer.json["code"] == "fields_wrong"
    assert list(answer.json["fields"]) == [field]


def test_an_entry_shows_its_enterprise_by_name(portal: Portal) -> None:
    answer = portal.get(of(1))

    assert answer.json["enterprise"] == "宝鸡市样例钛业 1 有限公司"
    assert answer.json["warning_id"] == str(warning(1))
    assert answer.json["state"] == "drafted"
    assert answer.json["drafted_on"] == "2026-03-02"
    assert answer.json["published_on"] is None


@pytest.mark.parametrize("path", ["", "/explanation"])
def test_what_lies_outside_the_scope_is_not_there(portal: Portal, path: str) -> None:
    answer = portal.get(of(1, path), scope="610303")

    assert answer.status_code == 404
    assert answer.json["code"] == "no_such_bad_information"


def test_a_record_holds_the_entries_and_the_escalations_of_an_enterprise(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_on(database)
    tell(service, [enterprise(1)])
    tell(service, [red(1), red(4)])
    monkeypatch.setenv("BIANQUE_TODAY", "2026-04-01")
    service.take_due_steps()

    answer = portal_of(database).get(f"/enterprises/{firm(1)}/record")

    assert answer.json["enterprise"]["name"] == "宝鸡市样例钛业 1 有限公司"
    assert {one["id"] for one in answer.json["bad_information"]} == {
        str(entry_id(1)),
        str(entry_id(4)),
    }
    assert {one["escalated_to"] for one in answer.json["escalations"]} == {
        "blacklist",
        "safety_alert",
    }
    assert {one["ended_on"] for one in answer.json["escalations"]} == {None}


def test_the_record_of_a_stranger_is_not_there(portal: Portal) -> None:
    unknown = portal.get(f"/enterprises/{uuid4()}/record")
    elsewhere = portal.get(f"/enterprises/{firm(1)}/record", scope="610304")

    assert unknown.json["code"] == elsewhere.json["code"] == "no_such_enterprise"


def test_an_enterprise_without_entries_has_an_empty_record(database: Database) -> None:
    tell(service_on(database), [enterprise(1)])

    answer = portal_of(database).get(f"/enterprises/{firm(1)}/record")

    assert answer.json["bad_information"] == []


def test_an_explanation_tells_every_step_with_rule_source_and_cause(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_on(database)
    tell(service, [enterprise(1)])
    tell(service, [red(1)])
    monkeypatch.setenv("BIANQUE_TODAY", "2026-04-01")
    service.take_due_steps()
    late = cleared(1, cleared_on=date(2026, 4, 1))
    tell(service, [late])

    told = portal_of(database, "baoji-2013").get(of(1, "/explanation")).json

    assert told["state_label"] == "已改正"
    assert told["grounds"]["words"] == (
        "行吊 1 号的定期检验应于2014-03-02前完成,到期未完成,2014-03-03转为红色预警。"
    )
    assert told["grounds"]["message_id"] == str(red(1).id)
    assert told["term"]["words"] == "2026-03-02公布,改正期限至2026-03-17届满。"
    assert [step["words"] for step in told["steps"]] == [
        "2026-03-02 公布不良信息,改正期限至2026-03-17届满",
        "2026-04-01 期满仍未改正,升级为黑名单信息",
        "2026-04-01 已于2026-04-01改正,逾期",
    ]
    assert [step["caused_by"] for step in told["steps"]] == [
        str(red(1).id),
        str(red(1).id),
        str(late.id),
    ]
    published = told["steps"][0]
    assert (
        published["rule"]["words"] == "凡信息平台显示的红色预警的信息,均升级为不良信息并公布."
    )
    assert published["policy_unchanged"]
    [term] = [one for one in published["numbers"] if one["name"] == "days_to_correct"]
    assert term["value"] == 15
    assert term["source"].startswith("中国质量新闻网 2013-12-13")
    assert term["silent_on"]


def test_an_explanation_names_the_people_and_their_reasons(portal: Portal) -> None:
    portal.post(of(1, "/publication"))
    portal.post(of(1, "/withdrawal"), {"reason": "企业异议成立"}, who="lisi")

    steps = portal.get(of(1, "/explanation")).json["steps"]

    assert [step["words"] for step in steps] == [
        "2026-03-02 拟制不良信息,待信息协调中心审核",
        "2026-03-02 公布不良信息,改正期限至2026-03-17届满 (zhangsan)",
        "2026-03-02 撤销不良信息: 企业异议成立 (lisi)",
    ]


@pytest.mark.parametrize("by", list(ClearedBy))
@pytest.mark.parametrize("profile", ["baoji-2013", "cn-current"])
def test_every_way_an_entry_can_go_has_words(
    database: Database, monkeypatch: pytest.MonkeyPatch, profile: str, by: ClearedBy
) -> None:
    service = service_on(database, profile)
    portal = portal_of(database, profile)
    tell(service, [red(1)])
    portal.post(of(1, "/publication"))
    monkeypatch.setenv("BIANQUE_TODAY", "2026-04-01")
    service.take_due_steps()
    tell(service, [cleared(1, cleared_by=by, cleared_on=date(2026, 3, 10))])

    told = portal.get(of(1, "/explanation")).json

    assert all(
        "{" not in step["words"] and "None" not in step["words"] for step in told["steps"]
    )
    assert len(told["steps"]) == (4 if profile == "baoji-2013" else 5)
