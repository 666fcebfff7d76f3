"""Complaints that are repeated, of another county, opened again; lists and the point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.complaint_stories import a_lead, answered, file_of, handed_in, receipt, step
from tests.services.order_stories import JINTAI, TWO, WEIBIN, Bureau, a_bureau


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        yield opened


def test_duplicates_are_proposed_and_joined_and_one_answer_answers_both(
    bureau: Bureau,
) -> None:
    first = handed_in(bureau)
    bureau.day("2026-03-03")
    other = handed_in(bureau, target="岐山某粮油店", words="秤不准", phone="13900005678")
    again = handed_in(bureau, words="买的电热水壶漏电,不给退货", phone="13900005678")

    [proposed] = file_of(bureau, again)["alike"]
    joined = step(bureau, again, "joining", into=first["complaint_id"])
    answered(bureau, first)

    assert proposed["number"] == first["number"]
    assert proposed["percent"] > 35
    assert (joined["state"], joined["term"]) == ("joined", None)
    assert [receipt(bureau, each)["answer"] for each in (first, again)] == ["商店已退货"] * 2
    assert file_of(bureau, first)["joined"][0]["number"] == again["number"]
    assert receipt(bureau, other)["answer"] is None
    assert [each["what"] for each in file_of(bureau, again)["steps"]] == [
        "receive",
        "join",
        "follow",
    ]


def test_whoever_was_joined_sees_how_the_first_one_stands(bureau: Bureau) -> None:
    first, again = handed_in(bureau), handed_in(bureau)
    step(bureau, again, "joining", into=first["complaint_id"])
    step(bureau, first, "acceptance")

    told = receipt(bureau, again)

    assert (told["state"], told["joined"], told["last_day"]) == (
        "accepted",
        True,
        "2026-05-08",
    )


def test_a_wrong_joining_is_taken_back(bureau: Bureau) -> None:
    first, again = handed_in(bureau), handed_in(bureau)
    step(bureau, again, "joining", into=first["complaint_id"])

    apart = step(bureau, again, "separation", reason="不是同一台")
    answered(bureau, first)

    assert (apart["state"], apart["last_day"]) == ("received", "2026-03-11")
    assert receipt(bureau, again)["state"] == "received"


def test_its_sender_opens_it_again_once_with_a_reason(bureau: Bureau) -> None:
    given = handed_in(bureau)
    answered(bureau, given)
    bureau.day("2026-03-16")
    path = f"/public/complaints/{given['number']}/reopening"
    known = {"by": "visitor", "scope": "*", "reason": "商店没有退款"}

    wrong = bureau.refused(path, code="AAAA-AAAA-AAAA", **known)
    again = bureau.post(path, code=given["code"], **known)
    answered(bureau, given, "已退款")
    twice = bureau.refused(path, code=given["code"], **known)

    assert wrong["code"] == "no_such_receipt"
    assert (again["state"], again["last_day"], again["answer"]) == (
        "received",
        "2026-03-25",
        None,
    )
    assert twice["code"] == "reopened_already"
    assert [e["by"] for e in file_of(bureau, given)["steps"] if e["what"] == "reopen"] == [None]


def test_a_transfer_takes_it_to_the_other_county_and_away_from_here(bureau: Bureau) -> None:
    first, again = handed_in(bureau), handed_in(bureau)
    step(bureau, again, "joining", into=first["complaint_id"])
    path = f"/complaints/{first['complaint_id']}"

    bureau.post(f"{path}/transfer", scope=JINTAI, to=WEIBIN, reason="商店在渭滨区")

    here = bureau.call("GET", path, scope=JINTAI)
    assert (here.status_code, here.json["code"]) == (404, "no_such_complaint")
    assert bureau.get(path, scope=WEIBIN)["last_day"] == "2026-03-11"
    assert [each["number"] for each in bureau.get("/complaints", scope=WEIBIN)["items"]]
    assert bureau.get("/complaints", scope=JINTAI)["items"] == []
    nowhere = bureau.refused(f"{path}/transfer", to="619999", reason="不知道")
    assert nowhere["code"] == "bureau_unknown"


def test_another_county_can_do_nothing_with_it(bureau: Bureau) -> None:
    given = handed_in(bureau)
    elsewhere = handed_in(bureau, division=WEIBIN)
    path = f"/complaints/{given['complaint_id']}"
    calls = {
        "acceptance": {},
        "check": {"finding": "没有"},
        "reveal": {"purpose": "联系投诉人"},
        "transfer": {"to": WEIBIN, "reason": "要过来"},
        "joining": {"into": elsewhere["complaint_id"]},
        "case": {"matter": "label_defect", "officers": TWO},
    }

    codes = {
        name: bureau.refused(f"{path}/{name}", scope=WEIBIN, **body)["code"]
        for name, body in calls.items()
    }

    assert set(codes.values()) == {"no_such_complaint"}
    assert bureau.get("/complaints", scope=WEIBIN)["items"][0]["number"] == elsewhere["number"]


def test_nothing_is_joined_across_a_border_that_the_clerk_cannot_see_over(
    bureau: Bureau,
) -> None:
    here, there = handed_in(bureau), handed_in(bureau, division=WEIBIN)
    path = f"/complaints/{there['complaint_id']}/joining"

    refused = bureau.refused(path, scope=WEIBIN, into=here["complaint_id"])

    assert refused["code"] == "no_such_complaint"


def test_the_point_counts_open_ones_by_the_days_that_are_left(bureau: Bureau) -> None:
    first = handed_in(bureau)
    a_lead(bureau)
    answered(bureau, handed_in(bureau))
    joined = handed_in(bureau)
    step(bureau, joined, "joining", into=first["complaint_id"])

    stood = {}
    for day in ("2026-03-07", "2026-03-08", "2026-03-12", "2026-03-24"):
        bureau.day(day)
        stood[day] = point(bureau)["counts"]

    assert stood == {
        "2026-03-07": {"green": 2, "yellow": 0, "red": 0, "grey": 0},
        "2026-03-08": {"green": 1, "yellow": 1, "red": 0, "grey": 0},
        "2026-03-12": {"green": 1, "yellow": 0, "red": 1, "grey": 0},
        "2026-03-24": {"green": 0, "yellow": 0, "red": 2, "grey": 0},
    }
    red = bureau.get("/complaints?colour=red")["items"]
    assert [each["colour"] for each in red] == ["red", "red"]
    assert len(bureau.get("/complaints?colour=grey")["items"]) == 2
    assert point(bureau, scope=WEIBIN)["colour"] == "grey"


def point(bureau: Bureau, **how: Any) -> Any:
    told = bureau.get("/information-points", **how)["points"]
    return next(each for each in told if each["point"] == "complaints")


def test_a_list_is_narrowed_and_paged(bureau: Bureau) -> None:
    enterprise = bureau.knows(1)
    for _ in range(3):
        a_lead(bureau, enterprise_id=enterprise)
    handed_in(bureau)

    first = bureau.get("/complaints?kind=lead&limit=2")
    rest = bureau.get(f"/complaints?kind=lead&limit=2&after={first['next']}")

    assert len({each["number"] for each in first["items"] + rest["items"]}) == 3
    assert len(bureau.get(f"/complaints?enterprise_id={enterprise}")["items"]) == 3
    assert len(bureau.get("/complaints?channel=page&state=received")["items"]) == 4
    assert bureau.get("/complaints?channel=media")["items"] == []
