"""Bookings over the internal API. Whatever is booked, every colour stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.services.inspection_stories import (
    crane,
    done,
    evaluate,
    firm,
    rows,
    standing,
    tell,
    thing,
)
from tests.services.order_stories import Bureau, a_bureau

OVERDUE = date(2023, 1, 1)
TODAY = date(2026, 3, 2)
WISH = {"duty": "inspection", "wished_from": "2026-03-09", "wished_until": "2026-03-13"}


@pytest.fixture
def bureau(
    database_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bureau]:
    """Cranes 1 and 2 are long overdue, and red."""
    with a_bureau(database_url("inspection"), tmp_path, monkeypatch) as opened:
        database = opened.service.database
        tell(database, *(crane(n, done(OVERDUE)) for n in (1, 2)), today=TODAY)
        evaluate(database, TODAY)
        yield opened


def booked(bureau: Bureau, number: int = 1, **changes: Any) -> Any:
    return bureau.post(f"/objects/{thing(number)}/bookings", **WISH | changes)


def answer_to(bureau: Bureau, booking: Any, what: str, **body: Any) -> Any:
    return bureau.post(f"/bookings/{booking['booking_id']}/{what}", **body)


def confirmed(bureau: Bureau, booking: Any, day: str = "2026-03-10") -> Any:
    return answer_to(bureau, booking, "confirmation", inspected_on=day, place="市特检所")


def test_a_day_is_asked_for_set_and_said(bureau: Bureau) -> None:
    booking = booked(bureau, words="周末停机")
    set_for = confirmed(bureau, booking)

    assert (booking["state"], booking["words"], booking["label"]) == (
        "requested",
        "周末停机",
        "行吊 1 号",
    )
    assert (set_for["state"], set_for["inspected_on"], set_for["answered_by"]) == (
        "confirmed",
        "2026-03-10",
        "li",
    )
    [told] = bureau.said("booking_confirmed")
    assert (told["enterprise_id"], told["inspected_on"], told["place"], told["duty"]) == (
        str(firm(1)),
        "2026-03-10",
        "市特检所",
        "inspection",
    )


def test_whatever_is_booked_no_colour_and_no_warning_changes(bureau: Bureau) -> None:
    database = bureau.service.database
    before = standing(database)
    explained = bureau.get(f"/objects/{thing(1)}")
    assert explained["colour"] == "red"

    confirmed(bureau, booked(bureau))
    answer_to(bureau, booked(bureau, 2), "decline", reason="排期已满")
    evaluate(database, TODAY)

    assert standing(database) == before
    now = bureau.get(f"/objects/{thing(1)}")
    assert [sentences.pop() for sentences in sentences_of(now)] == [
        "已预约2026-03-10检验; 预约不是合格记录,不改变颜色,也不消除红色预警。"
    ]
    assert now == explained
    assert bureau.said("warning_cleared") == []


def sentences_of(told: Any) -> list[list[str]]:
    """Why the inspection of an object has its colour."""
    return [
        each["explanation"]["sentences"]
        for each in told["duties"]
        if each["duty"] == "inspection"
    ]


def test_why_a_warning_is_red_says_that_a_booking_does_not_count(bureau: Bureau) -> None:
    [warning, _other] = rows(bureau.service.database, "warning")
    path = f"/warnings/{warning['warning_id']}/explanation"
    number = next(n for n in (1, 2) if thing(n) == warning["object_id"])

    booking = booked(bureau, number)
    waiting = bureau.get(path)
    answer_to(bureau, booking, "decline", reason="排期已满")
    declined = bureau.get(path)

    assert waiting["raised"] == declined["raised"]
    assert waiting["now"]["colour"] == declined["now"]["colour"] == "red"
    assert waiting["now"]["sentences"][-1].startswith("2026-03-02预约检验,待确认; 预约不是合格")
    assert waiting["now"]["sentences"][:-1] == declined["now"]["sentences"]


def test_another_booking_waits_until_the_first_is_over(bureau: Bureau) -> None:
    first = booked(bureau)
    twice = bureau.refused(f"/objects/{thing(1)}/bookings", **WISH)
    answer_to(bureau, first, "withdrawal")
    second = booked(bureau)
    confirmed(bureau, second)
    still = bureau.refused(f"/objects/{thing(1)}/bookings", **WISH)
    bureau.day("2026-03-11")

    third = booked(bureau, wished_from="2026-03-16", wished_until="2026-03-20")

    assert (twice["code"], still["code"]) == ("booked_already", "booked_already")
    assert third["state"] == "requested"


def test_two_at_once_book_once(bureau: Bureau) -> None:
    def book(_number: int) -> int:
        path = f"/objects/{thing(1)}/bookings"
        return int(bureau.call("POST", path, **WISH).status_code)

    with ThreadPoolExecutor(4) as crowd:
        answers = sorted(crowd.map(book, range(4)))

    assert answers == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"wished_from": "2026-03-01"}, "wish_in_the_past"),
        ({"wished_until": "2027-03-01"}, "wish_too_far"),
        ({"wished_until": "2026-03-08"}, "wish_backwards"),
        ({"duty": "verification"}, "duty_not_owed"),
        ({"duty": "dance"}, "fields_wrong"),
        ({"wished_from": "soon"}, "fields_wrong"),
    ],
)
def test_bad_input_gets_a_clear_answer(
    bureau: Bureau, changes: dict[str, str], code: str
) -> None:
    refused = bureau.refused(f"/objects/{thing(1)}/bookings", **WISH | changes)

    assert refused["code"] == code
    assert bureau.get("/bookings")["items"] == []


def test_another_county_sees_and_touches_nothing(bureau: Bureau) -> None:
    booking = booked(bureau)
    elsewhere = "610304" if booking["division"] != "610304" else "610302"
    path = f"/bookings/{booking['booking_id']}"

    refusals = [
        bureau.refused(
            f"{path}/confirmation", scope=elsewhere, inspected_on="2026-03-10", place="x"
        ),
        bureau.refused(f"{path}/decline", scope=elsewhere, reason="x"),
        bureau.refused(f"{path}/withdrawal", scope=elsewhere),
        bureau.refused(f"/objects/{thing(2)}/bookings", scope=booking["division"], **WISH),
    ]

    assert {refusal["code"] for refusal in refusals} == {"no_such_booking", "no_such_object"}
    assert bureau.get("/bookings", scope=elsewhere)["items"] == []
    assert len(bureau.get("/bookings", scope=booking["division"])["items"]) == 1


def test_lists_are_filtered_and_follow_one_another(bureau: Bureau) -> None:
    one, two = booked(bureau, 1), booked(bureau, 2)
    confirmed(bureau, two)

    waiting = bureau.get("/bookings?state=requested")["items"]
    of_firm = bureau.get(f"/bookings?enterprise_id={firm(2)}")["items"]
    of_object = bureau.get(f"/bookings?object_id={thing(1)}")["items"]
    first = bureau.get("/bookings?limit=1")
    second = bureau.get(f"/bookings?limit=1&after={first['next']}")

    assert [b["booking_id"] for b in waiting] == [one["booking_id"]]
    assert [b["booking_id"] for b in of_firm] == [two["booking_id"]]
    assert [b["booking_id"] for b in of_object] == [one["booking_id"]]
    assert {p["items"][0]["booking_id"] for p in (first, second)} == {
        one["booking_id"],
        two["booking_id"],
    }


def test_what_waits_is_a_figure_of_daily_supervision(bureau: Bureau) -> None:
    booked(bureau, 1)
    confirmed(bureau, booked(bureau, 2))

    points = bureau.get("/information-points")["points"]

    [figures] = [point["figures"] for point in points if point["point"] == "supervision"]
    assert [f["number"] for f in figures if f["name"] == "bookings"] == [1]
