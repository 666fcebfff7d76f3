"""Bad information from red warnings, as the public finds it beside records of other sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit.rules.records.showing import bureau_of
from services.events.inspection import ClearedBy
from services.events.registry import EnterprisesMerged, MergeUndone, ObjectKind
from tests.services.credit_portal import Portal, portal_of
from tests.services.credit_stories import (
    POLICY_FILE,
    announced,
    cleared,
    enterprise,
    entry_id,
    firm,
    names,
    opened,
    red,
    sealed,
    service_on,
    tell,
)

DAY = date(2014, 3, 3)


def policy(service: str = "credit") -> Policy:
    """A service's own, as shipped."""
    return Policy.read(POLICY_FILE.parents[1] / service / "policy.yaml")


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", "2014-03-03")
    with opened(database_url("credit")) as database:
        tell(service_on(database), [enterprise(1), enterprise(2)])
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return portal_of(database, "baoji-2013")


def items(portal: Portal, number: int = 1) -> list[dict[str, Any]]:
    records = portal.get(f"/public/enterprises/{firm(number)}").json["records"]
    return [item for some in records.values() for item in some]


def test_a_red_warning_is_found_in_public_with_its_basis(
    database: Database, portal: Portal
) -> None:
    tell(service_on(database), [red(1)])

    [item] = items(portal)
    assert item["id"] == str(entry_id(1))
    assert item["content"] == "行吊 1 号的定期检验应于2014-03-02前完成,到期未完成"
    assert item["authority"] == "宝鸡市渭滨区市场监督管理局"
    assert item["severity"] == "slight"
    assert item["basis"]
    assert portal.get("/public/lists/bad-information").json["items"] == [item]


def test_a_draft_is_not_public(database: Database) -> None:
    tell(service_on(database, "cn-current"), [red(1)])

    assert items(portal_of(database)) == []


def test_an_operator_is_never_named(database: Database, portal: Portal) -> None:
    told = red(1, object_kind=ObjectKind.OPERATOR, object_label="王小明 610303198001011234")
    tell(service_on(database), [told])

    [item] = items(portal)
    assert item["content"].startswith("作业人员证书的定期检验")


def test_a_label_that_may_name_a_person_is_left_out(database: Database, portal: Portal) -> None:
    tell(service_on(database), [red(1, object_label="负责人李建国的行吊")])

    [item] = items(portal)
    assert item["content"].startswith("特种设备的定期检验")


def test_what_was_corrected_stays_for_its_period_and_then_is_gone(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(service_on(database), [red(1), red(4)])
    tell(service_on(database), [cleared(1), cleared(4, cleared_by=ClearedBy.CORRECTED_DATA)])

    [item] = items(portal)
    service_on(database).end_corrected()
    before = names(database).count("record_ended")
    monkeypatch.setenv("BIANQUE_TODAY", "2014-06-04")
    gone = items(portal)
    for _ in range(2):
        service_on(database).end_corrected()

    assert (item["corrected_on"], item["public_until"]) == ("2014-03-10", "2014-06-03")
    assert gone == []
    assert before == 0
    assert names(database).count("record_ended") == 1
    assert announced(database)[-1]["data"]["ending"] == "expired"


def test_what_turned_red_again_is_public_again_and_ends_again(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(service_on(database), [red(1)])
    tell(service_on(database), [cleared(1)])
    monkeypatch.setenv("BIANQUE_TODAY", "2014-06-04")
    service_on(database).end_corrected()

    tell(service_on(database), [red(1, revision=30)])
    again = [item["id"] for item in items(portal)]
    tell(service_on(database), [cleared(1, revision=40, cleared_on=date(2014, 6, 5))])
    monkeypatch.setenv("BIANQUE_TODAY", "2014-09-05")
    service_on(database).end_corrected()

    assert again == [str(entry_id(1))]
    assert names(database).count("record_ended") == 2
    revisions = [message["data"]["revision"] for message in announced(database)]
    assert revisions == sorted(revisions)


def test_what_was_escalated_stands_in_its_list_until_it_is_lifted(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = service_on(database)
    tell(service, [red(1), red(2)])
    monkeypatch.setenv("BIANQUE_TODAY", "2014-03-20")
    service.take_due_steps()
    service.grade_due()
    [listed] = portal.get("/public/lists/serious-list").json["items"]
    [alert] = portal.get("/public/lists/safety-alerts").json["items"]
    graded = portal.get(f"/enterprises/{firm(1)}/grade").json

    tell(service, [cleared(1, cleared_by=ClearedBy.CORRECTED_DATA)])

    assert (listed["id"], alert["id"]) == (str(entry_id(1)), str(entry_id(2)))
    assert (graded["grade"], graded["points"]) == ("D", 34)
    assert len(graded["items"]) == 2
    assert portal.get("/public/lists/serious-list").json["items"] == []


def test_an_objection_stands_beside_it_and_takes_it_away_if_it_holds(
    database: Database, portal: Portal
) -> None:
    tell(service_on(database), [red(1)])
    asked = portal.post(
        f"/bad-information/{entry_id(1)}/requests", {"kind": "objection", "words": "已检验"}
    ).json
    portal.post(f"/requests/{asked['id']}/mark")
    [marked] = items(portal)

    portal.post(f"/requests/{asked['id']}/decision", {"accepted": True, "answer": "属实"})

    assert marked["under_objection"] is True
    assert items(portal) == []
    assert names(database)[-2:] == ["bad_information_withdrawn", "request_decided"]


def test_it_is_not_repaired_but_corrected(database: Database, portal: Portal) -> None:
    tell(service_on(database), [red(1)])

    refused = portal.post(
        f"/bad-information/{entry_id(1)}/requests", {"kind": "repair", "words": "已检验"}
    )

    assert refused.json["code"] == "not_repairable"


def test_the_enterprise_replies_beside_it(database: Database, portal: Portal) -> None:
    tell(service_on(database), [red(1)])
    path = f"/bad-information/{entry_id(1)}/reply"

    first = portal.put(path, {"words": "已约定检验日期"})
    portal.put(path, {"words": "三月五日检验"})
    refused = portal.put(path, {"words": "请联系王经理"})

    assert first.status_code == 200
    assert refused.json["code"] == "personal_data_found"
    assert [item["reply"] for item in items(portal)] == ["三月五日检验"]


def test_merged_enterprises_are_shown_and_graded_as_one(
    database: Database, portal: Portal
) -> None:
    service = service_on(database)
    tell(service, [red(1), red(2)])
    both: dict[str, Any] = {
        "merge_id": uuid5(firm(1), "merge"),
        "survivor_id": firm(1),
        "merged_id": firm(2),
        "since": date(2014, 3, 3),
    }
    merged = EnterprisesMerged(**both, revision=100)
    with database.transaction() as session:
        service.on_enterprises_merged([sealed(merged, f"enterprise/{firm(2)}")], session)
    service.grade_due()

    one = {item["id"] for item in items(portal)}
    points = portal.get(f"/enterprises/{firm(2)}/grade").json["points"]
    undone = MergeUndone(**both, revision=200)
    with database.transaction() as session:
        service.on_merge_undone([sealed(undone, f"enterprise/{firm(2)}")], session)
    service.grade_due()

    assert one == {str(entry_id(1)), str(entry_id(2))}
    assert points == 88
    assert {item["id"] for item in items(portal)} == {str(entry_id(1))}
    assert portal.get(f"/enterprises/{firm(2)}/grade").json["points"] == 94


def test_entries_of_one_enterprise_are_told_apart_by_what_they_are_about(
    database: Database, portal: Portal
) -> None:
    tell(service_on(database), [red(1), red(2)])

    told = portal.get("/bad-information").json["items"]
    one = portal.get(f"/bad-information/{entry_id(1)}").json

    assert {each["id"]: each["content"] for each in told} == {
        str(entry_id(number)): (f"行吊 {number} 号的定期检验应于2014-03-02前完成,到期未完成")
        for number in (1, 2)
    }
    assert one["content"] in {each["content"] for each in told}


def test_an_entry_about_a_person_does_not_name_the_person(
    database: Database, portal: Portal
) -> None:
    tell(service_on(database), [red(1, object_kind=ObjectKind.OPERATOR, object_label="张三")])

    [told] = portal.get("/bad-information").json["items"]

    assert "张三" not in told["content"]


def test_a_bureau_without_a_name_is_told_by_its_division() -> None:
    named = bureau_of("610399", on=DAY, policy=policy())

    assert named == "市场监督管理局(行政区划610399)"


def test_the_public_reads_the_names_that_documents_bear() -> None:
    documents = policy("inspection").table("issuing_bureaus", on=DAY)
    credit = policy().table("bureau_names", on=DAY)

    assert {each["bureau"]: each["name"] for each in credit} == {
        each["bureau"]: each["name"] for each in documents
    }
