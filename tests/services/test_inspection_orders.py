"""Rectification orders from the draft to the last re-inspection, as a bureau works them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.chassis import sweeping
from services.inspection.handlers.orders import days
from tests.services.inspection_stories import announced, rows
from tests.services.order_stories import (
    CITY,
    JINTAI,
    PHOTO,
    TWO,
    WEIBIN,
    Bureau,
    a_bureau,
    an_item,
)


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        yield opened


def test_a_draft_has_no_number_and_tells_nobody(bureau: Bureau) -> None:
    draft = bureau.draft(bureau.knows())

    assert (draft["state"], draft["number"]) == ("draft", None)
    assert announced(bureau.service.database, "order") == []


def test_an_issued_order_has_its_number_and_a_month_for_each_item(bureau: Bureau) -> None:
    order = bureau.issue(
        bureau.knows(), "equipment_without_maker", "operator_without_certificate"
    )

    assert order["number"] == "（宝）市监责改〔2026〕1号"
    assert [item["due_on"] for item in order["items"]] == ["2026-04-02", "2026-04-02"]
    [told] = bureau.said("order_issued")
    assert (told["number"], told["first_offence"], len(told["items"])) == (
        order["number"],
        True,
        2,
    )


def test_numbers_are_counted_for_each_bureau_and_begin_anew_each_year(bureau: Bureau) -> None:
    in_jintai, in_weibin = bureau.knows(1), bureau.knows(2, WEIBIN)
    numbers = [
        bureau.issue(in_jintai)["number"],
        bureau.issue(in_weibin)["number"],
        bureau.issue(in_jintai, bureau=JINTAI)["number"],
    ]
    bureau.day("2027-01-04")

    assert [*numbers, bureau.issue(in_weibin)["number"]] == [
        "（宝）市监责改〔2026〕1号",
        "（宝）市监责改〔2026〕2号",
        "（宝金）市监责改〔2026〕1号",
        "（宝）市监责改〔2027〕1号",
    ]


def test_a_county_writes_in_its_own_name_only(bureau: Bureau) -> None:
    firm = bureau.knows()
    body = {"enterprise_id": firm, "origin": "direct", "items": [an_item("label_defect")]}

    own = bureau.post("/orders", scope=JINTAI, **body)
    refused = bureau.refused("/orders", scope=JINTAI, bureau=CITY, **body)

    assert own["bureau"] == JINTAI
    assert refused["code"] == "bureau_unknown"


def test_a_refused_issue_takes_no_number(bureau: Bureau) -> None:
    firm = bureau.knows()
    draft = bureau.draft(firm)

    refused = bureau.refused(f"/orders/{draft['order_id']}/issue", officers=["officer-li"])

    assert refused["code"] == "officers_missing"
    assert "不得少于2人" in refused["detail"]
    assert bureau.issue(firm)["number"] == "（宝）市监责改〔2026〕1号"


def test_a_draft_can_be_rewritten_and_discarded_but_not_an_order(bureau: Bureau) -> None:
    firm = bureau.knows()
    draft = bureau.draft(firm)
    path = f"/orders/{draft['order_id']}"

    written = bureau.call("PUT", path, origin="direct", items=[an_item("no_quality_records")])
    discarded = bureau.post(f"{path}/discard", reason="不需要了")
    order = bureau.issue(firm)

    assert [item["matter"] for item in written.json["items"]] == ["no_quality_records"]  # type: ignore[index]
    assert discarded["state"] == "discarded"
    issued = f"/orders/{order['order_id']}"
    assert bureau.refused(f"{issued}/discard", reason="写错了")["code"] == "not_a_draft"
    again = bureau.call("PUT", issued, origin="direct", items=[an_item("label_defect")])
    assert (again.status_code, again.json["code"]) == (409, "not_a_draft")  # type: ignore[index]


@pytest.mark.parametrize("role", ["enterprise", "agency"])
def test_a_draft_is_seen_by_nobody_outside(bureau: Bureau, role: str) -> None:
    firm = bureau.knows()
    draft, order = bureau.draft(firm), bureau.issue(firm)
    own = firm if role == "enterprise" else None

    listed = bureau.seen_from_outside(f"/orders?enterprise_id={firm}", role, own=own)
    opened = bureau.seen_from_outside(f"/orders/{draft['order_id']}", role, own=own)

    assert [each["order_id"] for each in listed.json["items"]] == [order["order_id"]]  # type: ignore[index]
    assert (opened.status_code, opened.json["code"]) == (404, "no_such_order")  # type: ignore[index]
    assert len(bureau.get("/orders")["items"]) == 2


def test_the_titanium_workshop_of_the_article(bureau: Bureau) -> None:
    """Three problems at the end of November, one month, and a look again afterwards."""
    bureau.day("2013-11-29")
    order = bureau.issue(
        bureau.knows(name="宝鸡某有色金属加工厂"),
        "equipment_without_maker",
        "equipment_not_registered",
        "operator_without_certificate",
    )
    bureau.day("2013-12-20")
    for place in range(3):
        bureau.on_item(order, place, "proof", evidence=[PHOTO], note="已补齐")
    bureau.day("2013-12-24")
    for place in range(3):
        order = bureau.recheck(order, place, rectified=True)

    assert (order["state"], order["end"]) == ("closed", "rectified")
    [closed] = bureau.said("order_closed")
    assert (closed["closed_on"], closed["in_time"]) == ("2013-12-24", True)
    assert bureau.said("order_overdue") == []
    explained = bureau.get(f"/orders/{order['order_id']}/explanation")
    assert explained["enterprise"] == "宝鸡某有色金属加工厂"
    assert [step["what"] for step in explained["steps"]] == [
        "draft",
        "issue",
        *["answer"] * 3,
        *["hand_in"] * 3,
        *["find_rectified"] * 3,
        "close",
    ]
    issue = explained["steps"][1]
    assert issue["words"].endswith("共3项,期限至2013-12-30届满 (li)")
    assert issue["rule"]["words"].startswith("下达时取得文号")
    assert "要求企业一个月之内完成整改" in issue["numbers"][2]["source"]


def test_a_term_that_passes_is_told_once_however_often_the_day_is_looked_at(
    bureau: Bureau,
) -> None:
    order = bureau.issue(bureau.knows(), "label_defect", "no_quality_records")
    bureau.recheck(order, 1, rectified=True)

    for day in ("2026-04-02", "2026-04-03", "2026-04-03", "2026-04-10"):
        bureau.day(day)

    [told] = bureau.said("order_overdue")
    assert told["item_ids"] == [order["items"][0]["item_id"]]
    assert (told["overdue_on"], told["again"]) == ("2026-04-03", False)


def test_a_sweep_that_was_not_run_for_weeks_catches_up(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows(), "label_defect")

    bureau.day("2026-05-20")

    [told] = bureau.said("order_overdue")
    assert told["overdue_on"] == "2026-04-03"
    shown = bureau.get(f"/orders/{order['order_id']}")
    assert (shown["items"][0]["state"], shown["items"][0]["colour"]) == ("overdue", "red")


def test_an_order_that_cannot_be_dealt_with_does_not_hold_up_the_others(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    enterprise = bureau.knows()
    broken = bureau.issue(enterprise, "label_defect")["order_id"]
    others = [bureau.issue(enterprise, "label_defect")["order_id"] for _ in range(3)]
    follow = days.follow_overdue

    def fails(session: Any, order: Any, acting: Any) -> Any:
        if str(order.order_id) == broken:
            raise ValueError("no such rule")
        return follow(session, order, acting)

    monkeypatch.setattr(days, "follow_overdue", fails)
    bureau.day("2026-04-03")

    assert {told["order_id"] for told in bureau.said("order_overdue")} == set(others)
    with bureau.service.database.reading() as session:
        [aside] = sweeping.listed(session, limit=9)
    assert (aside.sweep, aside.about) == ("order_terms", broken)


def test_an_item_that_is_returned_keeps_its_reminder(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows(), "label_defect")
    bureau.day("2026-03-10")
    bureau.on_item(order, 0, "proof", note="已经改了")
    bureau.day("2026-03-12")
    returned = bureau.recheck(order, 0, rectified=False)

    bureau.day("2026-04-03")

    assert returned["items"][0]["next_change_on"] == "2026-04-03"
    assert [told["overdue_on"] for told in bureau.said("order_overdue")] == ["2026-04-03"]


def test_what_waits_for_the_officers_is_not_overdue_until_they_send_it_back(
    bureau: Bureau,
) -> None:
    order = bureau.issue(bureau.knows(), "label_defect")
    bureau.day("2026-04-01")
    handed_in = bureau.on_item(order, 0, "proof", evidence=[PHOTO])
    bureau.day("2026-04-10")
    before = bureau.said("order_overdue")
    returned = bureau.recheck(order, 0, rectified=False)

    assert handed_in["items"][0]["recheck_by"] == "2026-04-16"
    assert before == []
    assert returned["items"][0]["state"] == "overdue"
    assert len(bureau.said("order_overdue")) == 1


def test_one_extension_with_a_reason_before_the_end(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows(), "label_defect")
    bureau.day("2026-03-30")

    longer = bureau.on_item(order, 0, "extension", until="2026-04-30", reason="设备定制")
    again = bureau.refused(
        bureau.item(order, 0, "extension"), until="2026-05-15", reason="还要时间"
    )
    without = bureau.refused(bureau.item(order, 0, "extension"), until="2026-05-15")
    bureau.day("2026-04-15")

    assert longer["items"][0]["due_on"] == "2026-04-30"
    assert (again["code"], without["code"]) == ("extended_already", "fields_wrong")
    [told] = bureau.said("order_extended")
    assert (told["was_due_on"], told["due_on"]) == ("2026-04-02", "2026-04-30")
    assert bureau.said("order_overdue") == []


def test_a_written_refusal_needs_the_letter(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows(), "equipment_without_maker")
    path = f"/orders/{order['order_id']}/refusals"

    without = bureau.refused(path, ground="written", statement="来函表示不予整改")
    recorded = bureau.post(
        path, ground="written", statement="来函表示不予整改", evidence=[PHOTO]
    )

    assert without["code"] == "evidence_missing"
    [told] = bureau.said("refusal_recorded")
    assert told["refusal_id"] == recorded["refusal_id"]
    assert (told["ground"], told["endangers_safety"]) == ("written", True)
    assert told["object_ids"] == [order["items"][0]["object_id"]]


def test_obstruction_needs_two_officers_and_a_picture(bureau: Bureau) -> None:
    path = f"/orders/{bureau.issue(bureau.knows())['order_id']}/refusals"
    facts = {"ground": "obstruction", "statement": "拒绝开门"}

    assert bureau.refused(path, **facts, evidence=[PHOTO])["code"] == "officers_missing"
    assert bureau.refused(path, **facts, officers=TWO)["code"] == "evidence_missing"
    assert bureau.post(path, **facts, officers=TWO, evidence=[PHOTO])["ground"] == "obstruction"


def test_a_refusal_that_did_not_hold_is_taken_back_and_told(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    recorded = bureau.post(
        f"/orders/{order['order_id']}/refusals",
        ground="written",
        statement="来函",
        evidence=[PHOTO],
    )
    path = f"/refusals/{recorded['refusal_id']}/withdrawal"

    bureau.post(path, reason="该函是延期申请")

    assert bureau.refused(path, reason="再撤一次")["code"] == "withdrawn_already"
    [before], [after] = bureau.said("refusal_recorded"), bureau.said("refusal_withdrawn")
    assert after["revision"] > before["revision"]
    assert after["reason"] == "该函是延期申请"


def test_nobody_acts_without_a_name(bureau: Bureau) -> None:
    draft = bureau.draft(bureau.knows())

    refused = bureau.refused(f"/orders/{draft['order_id']}/issue", by="", officers=TWO)

    assert refused["code"] == "name_missing"


def test_another_county_sees_and_touches_nothing(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    path = f"/orders/{order['order_id']}"

    assert bureau.get("/orders", scope=WEIBIN)["items"] == []
    assert bureau.call("GET", path, scope=WEIBIN).status_code == 404
    for what in ("extension", "proof", "recheck", "withdrawal", "second-term"):
        body = {"reason": "x", "until": "2026-04-10", "rectified": True, "note": "x"}
        known = {
            "extension": ("reason", "until"),
            "proof": ("note",),
            "recheck": ("rectified", "note"),
            "withdrawal": ("reason",),
            "second-term": (),
        }[what]
        sent = {name: body[name] for name in known}
        refused = bureau.refused(bureau.item(order, 0, what), scope=WEIBIN, **sent)
        assert refused["code"] == "no_such_order"


def test_pages_follow_one_another_and_filters_narrow_them(bureau: Bureau) -> None:
    firm = bureau.knows()
    issued = [bureau.issue(firm, "label_defect")["order_id"] for _ in range(3)]
    bureau.draft(firm)

    first = bureau.get("/orders?limit=3")
    second = bureau.get(f"/orders?limit=3&after={first['next']}")
    bureau.day("2026-04-03")

    assert len({o["order_id"] for o in [*first["items"], *second["items"]]}) == 4
    assert second["next"] is None
    assert {o["order_id"] for o in bureau.get("/orders?overdue=true")["items"]} == set(issued)
    assert len(bureau.get("/orders?state=draft&division=610303")["items"]) == 1
    assert bureau.get(f"/orders?enterprise_id={uuid4()}")["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"origin": "visit", "items": []},
        {"origin": "nowhere", "items": [an_item("label_defect")]},
        {"origin": "visit", "items": [an_item("label_defect", term_days="七")]},
        {"origin": "visit", "items": [an_item("label_defect", description=" ")]},
        {"origin": "visit", "items": [an_item("label_defect", description="\x00")]},
        {"origin": "visit", "items": [an_item("no_such_matter")]},
        {"origin": "visit", "items": [an_item("label_defect", term_days=10**12)]},
    ],
)
def test_bad_input_gets_a_clear_answer(bureau: Bureau, body: dict[str, object]) -> None:
    answer = bureau.call("POST", "/orders", enterprise_id=bureau.knows(), **body)

    assert answer.status_code in (409, 422)
    assert answer.json is not None
    assert answer.json["code"] in {
        "fields_wrong",
        "items_missing",
        "matter_unknown",
        "term_out_of_limits",
    }


def test_an_enterprise_that_nobody_told_of_gets_no_order(bureau: Bureau) -> None:
    body = {"origin": "visit", "items": [an_item("label_defect")]}

    refused = bureau.refused("/orders", enterprise_id=str(uuid4()), **body)

    assert refused["code"] == "no_such_enterprise"


def test_every_act_stays_on_file(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    bureau.day("2026-04-03")

    kept = rows(bureau.service.database, "procedure_act")

    acts = [row for row in kept if str(row["about_id"]) == order["order_id"]]
    assert [row["number"] for row in acts] == list(range(1, len(acts) + 1))
    assert [row["what"] for row in acts[-2:]] == ["overdue", "open_case"]
    assert (acts[-1]["taken_by"], acts[1]["taken_by"]) == (None, "li")
