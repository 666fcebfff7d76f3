"""What people type into a field, taken apart."""

from __future__ import annotations

from uuid import UUID

import pytest
from werkzeug.exceptions import BadRequest, NotFound

from services.portal.pages.desk.case_steps import fen
from services.portal.web.paths import segment
from services.portal.web.typed import count_in, id_in, names_in, number_in


@pytest.mark.parametrize(
    "text",
    ["li,wang", "li，wang", "li、wang", "li wang", "li; wang", "li；wang", " li ,, wang，"],
)
def test_names_may_stand_apart_by_any_comma(text: str) -> None:
    assert names_in(text) == ["li", "wang"]


def test_nothing_typed_is_nobody() -> None:
    assert names_in(" ，") == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [("20", 20), (" 20 ", 20), ("２０", 20), ("0", 0), ("", None), (None, None)]
    + [(text, None) for text in ("²", "①", "-1", "1.5", "x", "1e9", "9" * 10, "9" * 5000)],
)
def test_a_number_is_read_as_typed_or_not_at_all(typed: str | None, number: int | None) -> None:
    assert number_in(typed) == number


def test_a_form_cannot_say_that_it_holds_more_than_it_does() -> None:
    assert count_in("999999999", most=7) == 7
    assert count_in("3", most=7) == 3
    assert count_in("²", most=7) == 0


def test_an_id_that_is_none_is_a_bad_request() -> None:
    assert id_in("00000000-0000-4000-8000-000000000001") == UUID(
        "00000000-0000-4000-8000-000000000001"
    )
    for text in ("x", "", None, "²"):
        with pytest.raises(BadRequest):
            id_in(text)


@pytest.mark.parametrize(
    ("yuan", "said"),
    [("12", 1200), ("12.5", 1250), ("12.05", 1205), ("０.５", 50), (".5", 50), ("", 0)]
    + [(text, text) for text in ("²", "1²", "1.²", "1.234", "-1", "一千")],
)
def test_an_amount_is_read_or_goes_on_as_it_is(yuan: str, said: int | str) -> None:
    assert fen(yuan) == said


def test_what_was_typed_stays_one_part_of_an_address() -> None:
    assert segment("TZ 1/2?x#y") == "TZ%201%2F2%3Fx%23y"
    for text in ("", ".", ".."):
        with pytest.raises(NotFound):
            segment(text)
