"""What leads to a case: an order that is not followed, a refusal, what is grave or repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.case_stories import a_clue, step
from tests.services.inspection_stories import announced
from tests.services.order_stories import PHOTO, TWO, Bureau, a_bureau


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        yield opened


@pytest.fixture
def of_2013(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    url = database_url("inspection")
    with a_bureau(url, tmp_path, monkeypatch, profile="baoji-2013") as opened:
        yield opened


def the_case_of(bureau: Bureau, order: Any) -> Any:
    [case] = bureau.get(f"/cases?order_id={order['order_id']}")["items"]
    return case


def test_a_clue_from_an_order_belongs_to_it(bureau: Bureau) -> None:
    firm, other = bureau.knows(1), bureau.knows(2)
    order = bureau.issue(firm)
    facts = {"origin": "visit", "matter": "label_defect", "description": "标识不符"}
    of_it = {"order_id": order["order_id"], **facts}

    wrong = bureau.refused("/cases", enterprise_id=other, **of_it)
    case = bureau.post("/cases", enterprise_id=firm, **of_it)
    twice = bureau.refused("/cases", enterprise_id=firm, **of_it)
    bureau.day("2026-04-03")

    assert (wrong["code"], twice["code"]) == ("order_of_another", "case_there_already")
    assert the_case_of(bureau, order)["case_id"] == case["case_id"]


def test_a_promise_to_correct_is_no_correction(bureau: Bureau) -> None:
    case = a_clue(bureau, bureau.knows())

    refused = bureau.refused(f"/cases/{case['case_id']}/assessment", corrected_on="2026-03-03")

    assert refused["code"] == "day_in_the_future"


def test_a_second_offence_of_the_same_class_is_proposed_for_a_case(bureau: Bureau) -> None:
    firm = bureau.knows()
    bureau.issue(firm, "label_defect")
    bureau.day("2026-04-01")

    again = bureau.issue(firm, "label_defect")

    assert again["first_offence"] is False
    assert the_case_of(bureau, again)["state"] == "proposed"
    answer = bureau.get(f"/orders/{again['order_id']}/explanation")["steps"][2]
    assert "已有同类违法" in answer["words"]


def test_what_endangers_health_goes_to_a_case_at_once(of_2013: Bureau) -> None:
    order = of_2013.issue(of_2013.knows(), "below_safety_standard")

    case = the_case_of(of_2013, order)
    assert (case["state"], case["origin"]) == ("clue", "visit")
    assert order["case_id"] == case["case_id"]


def test_overdue_opens_a_case_in_2013_and_proposes_one_today(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = bureau.issue(bureau.knows(), "label_defect")
    bureau.day("2026-04-03")
    bureau.day("2026-04-20")

    case = the_case_of(bureau, order)
    accepted = step(bureau, case, "acceptance")

    assert (case["state"], case["origin"], case["term"]) == ("proposed", "overdue_order", None)
    assert (accepted["state"], accepted["last_day"]) == ("clue", "2026-05-13")


def test_overdue_opens_a_clue_by_itself_in_2013(of_2013: Bureau) -> None:
    order = of_2013.issue(of_2013.knows(), "label_defect")
    of_2013.day("2026-04-03")

    case = the_case_of(of_2013, order)
    assert (case["state"], case["verify_by"]) == ("clue", "2026-04-27")
    [overdue] = announced(of_2013.service.database, "order_overdue")
    opened = of_2013.get(f"/cases/{case['case_id']}/explanation")["steps"][0]
    assert (opened["by"], opened["caused_by"]) == (None, overdue["id"])


def test_the_one_who_refuses(of_2013: Bureau) -> None:
    """An order, a month, a second order, and nothing done: a refusal, and a case in hand."""
    order = of_2013.issue(of_2013.knows(), "equipment_without_maker")
    of_2013.day("2026-04-03")
    of_2013.on_item(order, 0, "second-term", term_days=10)
    of_2013.day("2026-04-18")
    of_2013.day("2026-05-06")

    [refusal] = of_2013.said("refusal_recorded")
    assert (refusal["ground"], refusal["order_id"]) == ("overdue_again", order["order_id"])
    assert refusal["endangers_safety"] is True
    assert [told["again"] for told in of_2013.said("order_overdue")] == [False, True]
    assert the_case_of(of_2013, order)["state"] == "clue"


def test_a_written_refusal_leads_to_a_case(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    bureau.post(
        f"/orders/{order['order_id']}/refusals",
        ground="written",
        statement="来函表示不予整改",
        evidence=[PHOTO],
    )

    assert the_case_of(bureau, order)["origin"] == "refusal"


def test_gravity_needs_a_decision_today_and_two_officers_in_2013(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = bureau.issue(bureau.knows())
    path = f"/orders/{order['order_id']}/refusals"
    body = {"ground": "grave", "statement": "情节严重", "officers": TWO, "evidence": [PHOTO]}

    assert bureau.refused(path, **body)["code"] == "decision_missing"
