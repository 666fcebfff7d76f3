"""Records from other sources: nothing adverse is public without its grounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from services.chassis.database import Database
from tests.services.credit_portal import Portal, portal_of
from tests.services.credit_records import (
    DAY,
    OF_A_PENALTY,
    OF_THE_LIST,
    entered,
    ground,
    penalty,
    public_ids,
    published,
)
from tests.services.credit_stories import (
    announced,
    enterprise,
    firm,
    names,
    opened,
    service_on,
    tell,
)

LISTED = penalty(severity="serious") | {"kind": "serious_list"}
NAMED = {
    "source_document": "来源文书",
    "ordinary_procedure": "普通程序",
    "publication_notice": "告知当事人将予公示",
    "repair_notice": "信用修复的办法",
    "notice": "事先告知书",
    "statement": "陈述申辩",
    "hearing": "听证",
    "listed_violation": "名单所列的违法情形",
    "heavier_penalty": "较重行政处罚",
    "seriousness": "情节严重",
    "decision_served": "决定书的送达",
    "superior_approval": "上级部门同意",
    "review": "审核",
}


@pytest.fixture
def database(
    database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setenv("BIANQUE_TODAY", DAY.isoformat())
    with opened(database_url("credit")) as database:
        tell(service_on(database), [enterprise(1), enterprise(2)])
        yield database


@pytest.fixture
def portal(database: Database) -> Portal:
    return portal_of(database)


def test_a_penalty_with_its_grounds_is_public_with_remedy_and_end(portal: Portal) -> None:
    record_id = published(portal)

    archive = portal.get(f"/public/enterprises/{firm(1)}").json

    [item] = archive["records"]["dishonesty"]
    assert item["id"] == record_id
    assert item["basis"] == "《产品质量法》第四十九条"
    assert item["document_number"] == "宝市监罚〔2026〕88号"
    assert item["published_on"] == "2026-05-11"
    assert item["public_until"] == "2027-05-06"
    assert item["counted_from"] == "decision"
    assert "修复" in item["remedy"]
    assert archive["data_as_of"] == "2026-05-11"
    assert "没有记录不等于合格证明" in archive["notice"]


def test_both_bases_of_counting_are_kept(portal: Portal) -> None:
    record_id = published(portal)

    periods = portal.get(f"/records/{record_id}").json["periods"]

    assert periods == {
        "from_decision": "2027-05-06",
        "from_publication": "2027-05-11",
        "counted_from": "decision",
        "until": "2027-05-06",
    }


@pytest.mark.parametrize("lacking", OF_THE_LIST)
def test_a_listing_is_refused_by_each_ground_that_is_not_on_file(
    portal: Portal, lacking: str
) -> None:
    on_file = [kind for kind in OF_THE_LIST if kind != lacking]
    if lacking == "notice":  # nobody is heard before the notice
        on_file = [kind for kind in on_file if kind not in {"statement", "hearing"}]
    record_id = entered(portal, LISTED, *on_file)

    refused = portal.post(f"/records/{record_id}/publication")

    assert refused.status_code == 409
    assert refused.json["code"] == "grounds_missing"
    assert NAMED[lacking] in refused.json["rule"]
    assert public_ids(portal) == set()


def test_all_that_is_missing_is_named_at_once(portal: Portal) -> None:
    record_id = entered(portal, LISTED)

    refused = portal.post(f"/records/{record_id}/publication").json

    assert all(word in refused["rule"] for word in NAMED.values() if word != "普通程序")


def test_a_hearing_before_any_notice_cannot_be_on_file(portal: Portal) -> None:
    record_id = entered(portal, LISTED)

    refused = portal.post(f"/records/{record_id}/grounds", ground("hearing"))

    assert refused.json["code"] == "notice_first"


def test_a_statement_counts_as_heard_when_its_term_has_passed(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = [kind for kind in OF_THE_LIST if kind != "statement"]
    record_id = entered(portal, LISTED, *without)
    until = portal.get(f"/records/{record_id}").json["statement_until"]

    early = portal.post(f"/records/{record_id}/publication")
    monkeypatch.setenv(
        "BIANQUE_TODAY", (date.fromisoformat(until) + timedelta(days=1)).isoformat()
    )
    later = portal.post(f"/records/{record_id}/publication")

    assert until == "2026-05-12"
    assert until in early.json["rule"]
    assert later.json["state"] == "published"


def test_in_the_practice_of_2013_a_refusal_on_file_is_enough(database: Database) -> None:
    portal = portal_of(database, "baoji-2013")
    on_file = ("source_document", "refusal", "review")

    record_id = published(portal, LISTED, *on_file)

    listed = portal.get("/public/lists/serious-list").json["items"]
    assert [item["id"] for item in listed] == [record_id]


def test_a_warning_alone_is_not_published(portal: Portal) -> None:
    record_id = entered(portal, penalty(warning_only=True), *OF_A_PENALTY)

    assert portal.post(f"/records/{record_id}/publication").json["code"] == "warning_only"


def test_the_press_is_a_lead_until_it_is_verified(portal: Portal) -> None:
    body = penalty() | {"source": "media", "kind": "bad_information"}
    on_file = ("source_document", "notice", "statement", "review")
    record_id = entered(portal, body, *on_file)

    refused = portal.post(f"/records/{record_id}/publication")
    unproven = portal.post(
        f"/records/{record_id}/verification", {"on": "2026-05-08", "words": "现场核实"}
    )
    proven = portal.post(
        f"/records/{record_id}/verification",
        {
            "on": "2026-05-08",
            "words": "现场核实",
            "document_number": "宝市监核〔2026〕3号",
            "authority": "宝鸡市市场监督管理局",
        },
    )

    assert refused.json["code"] == "lead_only"
    assert unproven.json["code"] == "verified_source_missing"
    assert proven.json["state"] == "drafted"
    assert portal.post(f"/records/{record_id}/publication").json["state"] == "published"


def test_personal_data_stops_publication_and_a_person_rewrites_it(
    database: Database, portal: Portal
) -> None:
    record_id = entered(
        portal, penalty(content="投诉人张小红电话 138 0917 2233"), *OF_A_PENALTY
    )

    blocked = portal.post(f"/records/{record_id}/publication").json
    told = announced(database)
    portal.put(
        f"/records/{record_id}/content",
        {"reason": "删去个人信息", "content": penalty()["content"]},
    )
    portal.post(f"/records/{record_id}/grounds", ground("review", DAY))
    again = portal.post(f"/records/{record_id}/publication").json

    assert blocked["state"] == "drafted"
    assert blocked["blocked_fields"] == ["content"]
    assert told[-1]["type"] == "credit.publication_blocked.v1"
    assert "张小红" not in str(told)
    assert "138" not in str(told[-1]["data"]["fields"])
    assert again["state"] == "published"


def test_what_was_rewritten_is_reviewed_again(portal: Portal) -> None:
    record_id = entered(portal, penalty(), *OF_A_PENALTY)

    portal.put(
        f"/records/{record_id}/content",
        {"reason": "笔误", "content": penalty(content="销售不合格电缆")["content"]},
    )

    assert "审核" in portal.post(f"/records/{record_id}/publication").json["rule"]


def test_a_withdrawn_record_is_gone_everywhere_and_says_so(
    database: Database, portal: Portal
) -> None:
    record_id = published(portal)
    service = service_on(database, "cn-current")
    service.grade_due()
    before = portal.get(f"/enterprises/{firm(1)}/grade").json["points"]

    portal.post(f"/records/{record_id}/withdrawal", {"reason": "经复核不应公示"})
    service.grade_due()

    assert public_ids(portal) == set()
    assert portal.get("/public/lists/penalties").json["items"] == []
    assert before == 82
    assert portal.get(f"/enterprises/{firm(1)}/grade").json["points"] == 100
    assert names(database)[-2:] == ["record_ended", "grade_changed"]
    assert announced(database)[-2]["data"]["ending"] == "withdrawn"
    assert portal.get(f"/records/{record_id}").json["state"] == "ended"


def test_an_expired_record_is_hidden_before_any_sweep_and_then_said_to_be_over(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = published(portal)
    monkeypatch.setenv("BIANQUE_TODAY", "2027-05-07")

    hidden = public_ids(portal) == set()
    service = service_on(database, "cn-current")
    service.take_due_steps()
    service.take_due_steps()

    assert hidden
    ended = [each for each in announced(database) if "record_ended" in each["type"]]
    assert [each["data"]["ending"] for each in ended] == ["expired"]
    assert portal.get(f"/records/{record_id}").json["ending"] == "expired"


def test_an_annulled_decision_is_not_shown_and_its_withdrawal_has_three_working_days(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = published(portal)
    portal.post(f"/records/{record_id}/annulment", {"annulled_on": "2026-05-11"})

    shown = public_ids(portal)
    monkeypatch.setenv("BIANQUE_TODAY", "2026-05-15")
    service = service_on(database, "cn-current")
    service.take_due_steps()
    service.take_due_steps()

    assert shown == set()
    [overrun] = [each for each in announced(database) if "term_overrun" in each["type"]]
    assert overrun["data"]["term"] == "withdraw"
    assert overrun["data"]["due_on"] == "2026-05-14"


def test_a_penalty_that_nobody_publishes_is_said_to_be_late(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(portal, penalty(), "source_document")
    monkeypatch.setenv("BIANQUE_TODAY", "2026-07-01")

    service_on(database, "cn-current").take_due_steps()

    late = [each["data"] for each in announced(database) if "term_overrun" in each["type"]]
    assert [(each["term"], each["due_on"]) for each in late] == [
        ("publish", "2026-06-02"),
        ("share", "2026-05-14"),
    ]


def test_demonstration_and_qualification_end_with_their_validity(
    database: Database, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = penalty(severity=None, valid_until="2026-12-31") | {"kind": "qualification"}
    record_id = published(portal, body, "source_document")
    found = portal.get(f"/public/enterprises/{firm(1)}").json["records"]["qualification"]
    monkeypatch.setenv("BIANQUE_TODAY", "2027-01-01")

    service_on(database, "cn-current").take_due_steps()

    assert [item["public_until"] for item in found] == ["2026-12-31"]
    assert portal.get(f"/records/{record_id}").json["ending"] == "expired"


def test_another_county_s_record_is_not_there(portal: Portal) -> None:
    record_id = published(portal)

    assert portal.get(f"/records/{record_id}", scope="610304").status_code == 404
    refused = portal.post(
        f"/records/{record_id}/withdrawal", {"reason": "不归我管"}, scope="610304"
    )
    assert refused.status_code == 404
    assert refused.json["code"] == "no_such_record"


def test_an_unnamed_program_publishes_nothing(portal: Portal) -> None:
    record_id = entered(portal, penalty(), *OF_A_PENALTY)

    refused = portal.post(f"/records/{record_id}/publication", who=None)

    assert refused.json["code"] == "name_missing"


def test_the_archive_of_a_name_is_found_by_a_part_of_it(portal: Portal) -> None:
    found = portal.get("/public/enterprises?q=样例钛业").json

    assert {item["enterprise_id"] for item in found["items"]} == {str(firm(1)), str(firm(2))}
    assert {item["grade"] for item in found["items"]} == {"A"}
    assert portal.get("/public/enterprises?q=%25").status_code == 422


def test_why_a_record_stands_so_is_told_with_rule_and_source(portal: Portal) -> None:
    record_id = published(portal)

    told = portal.get(f"/explanations/{record_id}").json

    assert [step["what"] for step in told["steps"]][::6] == ["enter", "file"]
    assert told["steps"][-1]["rule"]["words"].startswith("前提齐备")
    assert {n["name"] for n in told["steps"][-1]["numbers"]} >= {"publication_needs"}
    assert told["period"]["from_publication"] == "2027-05-11"
