"""A refusal that did not hold is taken back: what had followed from it is undone, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.case_stories import step
from tests.services.order_stories import PHOTO, TWO, Bureau, a_bureau

FINE = {
    "kinds": ["fine"],
    "fine_fen": 2_000_000,
    "violation_class": "ordinary",
    "facts": "拒绝对超期未检的起重机整改",
    "legal_basis": "《特种设备安全法》第八十四条",
    "content": "罚款人民币贰万元",
}


@pytest.fixture(params=["baoji-2013", "cn-current"])
def bureau(
    request: pytest.FixtureRequest,
    database_url: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Bureau]:
    url = database_url("inspection")
    with a_bureau(url, tmp_path, monkeypatch, profile=request.param) as opened:
        yield opened


def refused(bureau: Bureau, order: Any, statement: str = "来函表示不予整改") -> Any:
    return bureau.post(
        f"/orders/{order['order_id']}/refusals",
        ground="written",
        statement=statement,
        evidence=[PHOTO],
    )


def taken_back(bureau: Bureau, refusal: Any) -> Any:
    return bureau.post(f"/refusals/{refusal['refusal_id']}/withdrawal", reason="该函是延期申请")


def the_case_of(bureau: Bureau, order: Any) -> Any:
    [case] = bureau.get(f"/cases?order_id={order['order_id']}")["items"]
    return case


def filed(bureau: Bureau, order: Any) -> Any:
    case = the_case_of(bureau, order)
    if case["state"] == "proposed":
        step(bureau, case, "acceptance")
    step(bureau, case, "filing", officers=TWO)
    return step(bureau, case, "evidence", evidence=[PHOTO], officers=TWO, note="来函")


def test_what_is_not_yet_filed_is_closed_with_the_reason(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    refusal = refused(bureau, order)
    before = the_case_of(bureau, order)["state"]

    taken_back(bureau, refusal)

    case = the_case_of(bureau, order)
    assert before in ("proposed", "clue")
    assert (case["state"], case["end"]) == ("closed", "not_filed")
    last = bureau.get(f"/cases/{case['case_id']}/explanation")["steps"][-1]
    assert "拒绝整改记录已撤回: 该函是延期申请" in last["words"]
    [told] = bureau.said("case_closed")
    assert (told["case_id"], told["end"]) == (case["case_id"], "not_filed")


def test_the_order_goes_on_and_may_lead_to_a_case_anew(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    taken_back(bureau, refused(bureau, order))

    refused(bureau, order, "这次确实拒绝")

    found = bureau.get(f"/cases?order_id={order['order_id']}")["items"]
    assert sorted(case["state"] == "closed" for case in found) == [False, True]


def test_another_refusal_that_stands_keeps_the_case(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    first, _second = refused(bureau, order), refused(bureau, order, "再次来函拒绝")

    taken_back(bureau, first)

    assert the_case_of(bureau, order)["state"] in ("proposed", "clue")


def test_a_case_that_was_filed_goes_no_further_without_new_evidence(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    refusal = refused(bureau, order)
    case = filed(bureau, order)

    taken_back(bureau, refusal)

    path = f"/cases/{case['case_id']}/notice"
    stopped = bureau.refused(path, penalty=FINE)
    assert (stopped["code"], the_case_of(bureau, order)["state"]) == (
        "ground_withdrawn",
        "filed",
    )
    more = bureau.picture("第二张照片")
    step(bureau, case, "evidence", evidence=[more], officers=TWO, note="现场仍在使用")
    assert step(bureau, case, "notice", penalty=FINE)["state"] == "notified"


def test_a_case_of_something_else_is_left_alone(bureau: Bureau) -> None:
    order = bureau.issue(bureau.knows())
    bureau.day("2026-06-01")
    assert bureau.said("order_overdue")
    case = the_case_of(bureau, order)

    taken_back(bureau, refused(bureau, order))

    assert the_case_of(bureau, order) == case
