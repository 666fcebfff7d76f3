"""Enforcement cases from the clue to the end, as a bureau works them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.case_stories import a_clue, step
from tests.services.inspection_stories import announced
from tests.services.order_stories import PHOTO, TWO, WEIBIN, Bureau, a_bureau

FINE = {
    "kinds": ["fine"],
    "fine_fen": 2_000_000,
    "violation_class": "ordinary",
    "facts": "使用未办理使用登记的起重机一台",
    "legal_basis": "《特种设备安全法》第八十三条",
    "content": "罚款人民币贰万元",
}


SERIOUS = FINE | {
    "kinds": ["fine", "stopped"],
    "fine_fen": 20_000_000,
    "violation_class": "serious",
    "content": "罚款人民币贰拾万元, 责令停产停业",
}


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        yield opened


def notified(bureau: Bureau, enterprise: str, penalty: dict[str, Any] = FINE) -> Any:
    """A case up to the notice, on 2 March 2026."""
    case = a_clue(bureau, enterprise)
    step(bureau, case, "filing", officers=TWO)
    step(bureau, case, "evidence", evidence=[PHOTO], officers=TWO, note="现场照片")
    return step(bureau, case, "notice", penalty=penalty)


def decided(bureau: Bureau, enterprise: str) -> Any:
    """And up to a decision, a week later."""
    case = notified(bureau, enterprise)
    bureau.day("2026-03-10")
    return step(bureau, case, "decision", penalty=FINE)


def test_a_case_from_the_clue_to_its_end(bureau: Bureau) -> None:
    case = decided(bureau, bureau.knows())
    step(bureau, case, "service", how="直接送达")
    bureau.day("2026-03-20")
    step(bureau, case, "payment", fen=2_000_000)
    closed = step(bureau, case, "performance", statement="罚款已缴清")

    assert (closed["state"], closed["end"]) == ("closed", "performed")
    assert closed["decision"]["number"] == "宝市监处罚〔2026〕1号"
    [told] = bureau.said("case_decided")
    assert {name: told[name] for name in ("number", "authority", "fine_fen", "kinds")} == {
        "number": "宝市监处罚〔2026〕1号",
        "authority": "宝鸡市市场监督管理局",
        "fine_fen": 2_000_000,
        "kinds": ["fine"],
    }
    assert (told["ordinary_procedure"], told["warning_only"], told["heavier"]) == (
        True,
        False,
        False,
    )
    assert told["violation"] == "特种设备未办理安装告知或使用登记"
    [end] = bureau.said("case_closed")
    assert (end["end"], end["number"]) == ("performed", told["number"])
    explained = bureau.get(f"/cases/{case['case_id']}/explanation")
    assert [each["what"] for each in explained["steps"]] == [
        *("open_clue", "file", "take_evidence", "notify", "remind", "decide"),
        *("serve", "remind", "pay", "perform"),
    ]
    assert all(each["rule"]["words"] for each in explained["steps"])
    revisions = [m["data"]["revision"] for m in announced(bureau.service.database, "case")]
    assert revisions == sorted(set(revisions))


def test_a_decision_waits_for_the_party(bureau: Bureau) -> None:
    case = notified(bureau, bureau.knows())

    refused = bureau.refused(f"/cases/{case['case_id']}/decision", penalty=FINE)

    assert refused["code"] == "term_running"
    assert "记录当事人明确放弃" in refused["instead"]
    assert bureau.said("case_decided") == []


def test_a_refused_decision_takes_no_number(bureau: Bureau) -> None:
    firm = bureau.knows()
    case = notified(bureau, firm)
    bureau.day("2026-03-10")

    harsher = FINE | {"fine_fen": 3_000_000}
    refused = bureau.refused(f"/cases/{case['case_id']}/decision", penalty=harsher)
    number = step(bureau, case, "decision", penalty=FINE)["decision"]["number"]

    assert (refused["code"], number) == ("harsher_than_told", "宝市监处罚〔2026〕1号")


def test_a_serious_case_with_hearing_review_and_discussion(bureau: Bureau) -> None:
    case = notified(bureau, bureau.knows(), SERIOUS)
    step(bureau, case, "hearing-request")
    step(bureau, case, "hearing-call", hold_on="2026-03-11")
    bureau.day("2026-03-11")
    step(bureau, case, "hearing", record="听证笔录")
    step(bureau, case, "statement", statement="请求从轻")
    step(bureau, case, "review", opinion="同意")
    step(bureau, case, "discussion", record="一致同意")
    step(bureau, case, "decision", penalty=SERIOUS, statement_answer="不予采纳: 危害已经发生")

    [told], [grave] = bureau.said("case_decided"), bureau.said("refusal_recorded")
    assert (told["heavier"], told["violation_class"]) == (True, "serious")
    assert (grave["ground"], grave["case_id"]) == ("grave", case["case_id"])


def test_the_first_offender_is_guided_and_not_punished(bureau: Bureau) -> None:
    """A first slight offence: an order; a case all the same ends with teaching, not a fine."""
    firm = bureau.knows()
    order = bureau.issue(firm, "label_defect")
    case = a_clue(bureau, firm, "label_defect")
    step(bureau, case, "filing", officers=TWO)
    path = f"/cases/{case['case_id']}/no-penalty"
    facts = {"proven": True, "reason": "初次违法, 危害轻微"}
    unknown = bureau.refused(path, **facts, education="当面教育")
    step(bureau, case, "assessment", slight=True, corrected_on="2026-03-02", harm="none")
    untaught = bureau.refused(path, **facts)
    closed = bureau.post(path, **facts, education="2026年3月2日当面讲解标识标注要求")

    assert order["first_offence"] is True
    assert (unknown["code"], untaught["code"]) == ("leniency_missing", "education_missing")
    assert closed["end"] == "no_penalty"
    assert bureau.said("case_decided") == []
    explained = bureau.get(f"/cases/{case['case_id']}/explanation")
    assert explained["assessment"]["proposal"] == "shall_not"
    assert [ground["met"] for ground in explained["assessment"]["grounds"]] == [
        True,
        None,
        True,
    ]


def test_terms_of_a_case_are_told_when_near_and_when_passed(bureau: Bureau) -> None:
    case = a_clue(bureau, bureau.knows())
    for day in ("2026-03-15", "2026-03-16", "2026-03-20", "2026-03-24", "2026-03-30"):
        bureau.day(day)

    told = bureau.said("case_term_near")
    assert [(each["term"], each["last_day"], each["passed"]) for each in told] == [
        ("verify", "2026-03-23", False),
        ("verify", "2026-03-23", True),
    ]
    assert bureau.get(f"/cases/{case['case_id']}")["colour"] == "red"


def test_a_decision_that_is_annulled_is_told(bureau: Bureau) -> None:
    case = decided(bureau, bureau.knows())
    body = {"what": "annulled", "changed_by": "宝鸡市人民政府", "reason": "事实不清"}

    closed = step(bureau, case, "change", **body)

    assert (closed["state"], closed["end"], closed["standing"]) == ("closed", "annulled", None)
    [changed], [end] = bureau.said("decision_changed"), bureau.said("case_closed")
    assert (changed["kinds"], changed["content"]) == ([], None)
    assert end["revision"] > changed["revision"]
    assert bureau.refused(f"/cases/{case['case_id']}/change", **body)["code"] == "no_decision"


def test_a_decision_can_be_changed_to_a_lighter_one_only(bureau: Bureau) -> None:
    case = decided(bureau, bureau.knows())
    body = {"what": "changed", "changed_by": "宝鸡市人民政府", "reason": "数额不当"}
    path = f"/cases/{case['case_id']}/change"

    harsher = bureau.refused(path, **body, remains=FINE | {"fine_fen": 3_000_000})
    lighter = FINE | {"fine_fen": 1_000_000, "content": "罚款人民币壹万元"}
    changed = step(bureau, case, "change", **body, remains=lighter)

    assert harsher["code"] == "harsher_afterwards"
    assert changed["standing"]["fine_fen"] == 1_000_000
    assert changed["decision"]["penalty"]["fine_fen"] == 2_000_000
    assert bureau.said("decision_changed")[0]["content"] == "罚款人民币壹万元"


def test_late_payment_grows_and_is_shown(bureau: Bureau) -> None:
    case = decided(bureau, bureau.knows())
    step(bureau, case, "service", how="直接送达")
    bureau.day("2026-04-04")

    shown = bureau.get(f"/cases/{case['case_id']}")

    assert (shown["pay_by"], shown["surcharge_fen"]) == ("2026-03-25", 600_000)
    assert shown["owed_fen"] == 2_600_000


def test_an_annulled_decision_counts_no_more_as_an_earlier_offence(bureau: Bureau) -> None:
    firm = bureau.knows()
    case = decided(bureau, firm)
    bureau.day("2026-03-12")
    before = bureau.issue(firm, "equipment_not_registered")["first_offence"]
    step(bureau, case, "change", what="annulled", changed_by="法院", reason="事实不清")

    other = bureau.knows(4)
    assert before is False
    assert bureau.issue(other, "equipment_not_registered")["first_offence"] is True


def test_a_party_does_not_see_an_inquiry_before_its_notice(bureau: Bureau) -> None:
    firm = bureau.knows()
    a_clue(bureau, firm)
    told = notified(bureau, firm)

    listed = bureau.seen_from_outside(f"/cases?enterprise_id={firm}", "enterprise", own=firm)

    assert [each["case_id"] for each in listed.json["items"]] == [told["case_id"]]  # type: ignore[index]
    assert len(bureau.get(f"/cases?enterprise_id={firm}")["items"]) == 2


def test_another_county_sees_and_touches_no_case(bureau: Bureau) -> None:
    case = a_clue(bureau, bureau.knows())
    path = f"/cases/{case['case_id']}"

    assert bureau.get("/cases", scope=WEIBIN)["items"] == []
    assert bureau.call("GET", path, scope=WEIBIN).status_code == 404
    refused = bureau.refused(f"{path}/rejection", scope=WEIBIN, reason="x")
    assert refused["code"] == "no_such_case"


def test_the_caseload_is_counted_by_state_and_colour(bureau: Bureau) -> None:
    firm, elsewhere = bureau.knows(1), bureau.knows(2, WEIBIN)
    bureau.issue(firm, "label_defect", "no_quality_records")
    bureau.issue(elsewhere, "label_defect")
    a_clue(bureau, firm)
    near = bureau.get("/caseload?division=610303")
    bureau.day("2026-04-03")

    late = bureau.get("/caseload?division=610303")

    none = {"green": 0, "yellow": 0, "red": 0, "grey": 0}
    assert near["items"] == none | {"green": 2}
    assert near["cases"] == none | {"green": 1}
    assert late["items"] == none | {"red": 2}
    assert late["cases"] == none | {"red": 1}
    numbers = late["numbers"]
    assert (numbers["orders_issued"], numbers["items_overdue"]) == (1, 2)
    assert (numbers["cases_clue"], numbers["cases_proposed"]) == (1, 1)
    assert bureau.get("/caseload")["numbers"]["orders_issued"] == 2


def test_lists_are_filtered_and_follow_one_another(bureau: Bureau) -> None:
    firm = bureau.knows()
    made = [a_clue(bureau, firm)["case_id"] for _ in range(3)]

    first = bureau.get("/cases?limit=2&term=verify&until=2026-03-23")
    second = bureau.get(f"/cases?limit=2&after={first['next']}&term=verify")

    assert {c["case_id"] for c in [*first["items"], *second["items"]]} == set(made)
    assert bureau.get("/cases?until=2026-03-20")["items"] == []
    assert bureau.get("/cases?state=filed")["items"] == []


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("notice", {}),
        ("notice", {"penalty": FINE | {"kinds": []}}),
        ("notice", {"penalty": FINE | {"fine_fen": -1}}),
        ("notice", {"penalty": FINE | {"fine_fen": 1.5}}),
        ("payment", {"fen": "many"}),
        ("exclusion", {"days": 0, "reason": "x"}),
        ("hearing-call", {"hold_on": "soon"}),
        ("transfer", {"reason": "x"}),
        ("no-such-step", {}),
        ("evidence", {"evidence": ["short"], "officers": TWO, "note": "x"}),
    ],
)
def test_bad_input_gets_a_clear_answer(bureau: Bureau, what: str, body: dict[str, Any]) -> None:
    case = a_clue(bureau, bureau.knows())

    refused = bureau.refused(f"/cases/{case['case_id']}/{what}", **body)

    assert refused["code"] in {"fields_wrong", "no_such_step"}
    assert refused["detail"]
