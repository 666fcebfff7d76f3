"""What a row cannot go in with, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from services.registry.mapping.drafting import Drafting
from services.registry.model import ObjectFacts, ProductFacts
from tests.services.mapping_stories import (
    CELLS,
    draft,
    error_codes,
    finding_codes,
    mapping_text,
    records,
    thing,
)
from tests.services.registry_stories import TODAY, mapping_of, uscc


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"k": ""}, ("k", "key_missing")),
        ({"c": ""}, ("c", "class_code_missing")),
        ({"d": ""}, ("d", "division_missing")),
        ({"o": ""}, ("o", "owner_key_missing")),
        ({"k": "9.16E+17"}, ("k", "digits_lost")),
        ({"k": "a\0b"}, ("k", "control_character")),
        ({"n": "单位\0"}, ("n", "control_character")),
        ({"k": "K" * 201}, ("k", "too_long")),
        ({"n": "名" * 501}, ("n", "too_long")),
        ({"d": "610399"}, ("d", "division_unknown")),
    ],
)
def test_what_a_row_cannot_go_in_with(cells: dict[str, str], wrong: tuple[str, str]) -> None:
    assert error_codes(draft({}, cells)) == [wrong]


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    drafted = draft(
        records(done_on="done"), {"d": "610399", "o": "", "k": "", "done": "2015-02-30"}
    )

    assert sorted(error_codes(drafted)) == [
        ("d", "division_unknown"),
        ("done", "date_impossible"),
        ("k", "key_missing"),
        ("o", "owner_key_missing"),
    ]


def test_a_division_that_has_ended_is_replaced_and_is_a_finding() -> None:
    changes = {"columns": {"division": "d"}}
    row = CELLS | {"d": "610322"}
    mapping = mapping_of(mapping_text(changes))
    places = {name: at for at, name in enumerate(row)}
    later = Drafting(mapping, tuple(row), places, today=date(2026, 11, 20))
    earlier = Drafting(mapping, tuple(row), places, today=TODAY)

    after = later.draft((2, list(row.values()), 2))
    before = earlier.draft((2, list(row.values()), 2))
    assert after is not None
    assert before is not None
    assert finding_codes(after) == [("d", "division_ended")]
    assert finding_codes(before) == []
    assert isinstance(after.thing, ObjectFacts)
    assert after.thing.division == "610305"


def test_checks_say_how_a_number_is_built() -> None:
    changes = {"columns": {"number": "nr"}, "checks": {"number": "equipment_code"}}

    assert thing(changes, {"nr": "311010123201500001"}).number == "311010123201500001"
    assert error_codes(draft(changes, {"nr": "123"})) == [("nr", "equipment_code_length")]


def test_a_wrong_code_of_the_owner_makes_the_row_wrong() -> None:
    changes = {"columns": {"owner.uscc": "u", "owner.email": "e"}}
    good = {"u": uscc(1), "e": "kein Postfach"}

    assert error_codes(draft(changes, good | {"u": uscc(1)[:17] + "?"})) == [
        ("u", "uscc_character")
    ]
    assert finding_codes(draft(changes, good)) == [("e", "email_form")]


OPERATOR = {
    "mapping": "1",
    "source": "special",
    "kind": "operator",
    "columns": {
        "key": "id",
        "number": "id",
        "holder": "name",
        "class_code": "c",
        "division": "d",
        "owner.key": "o",
        "owner.name": "n",
    },
    "checks": {"key": "resident_id"},
}


PERSON = {"id": "11010519491231002X", "name": "王小明"}


def test_an_operator_is_shown_without_name_and_number() -> None:
    drafted = draft({}, PERSON, base=OPERATOR)

    assert isinstance(drafted.thing, ObjectFacts)
    assert drafted.thing.label == "王* (JJG52)"


def test_an_error_about_an_operator_shows_neither_name_nor_number() -> None:
    drafted = draft(
        {}, PERSON | {"id": "110105194912310021", "name": "王\0小明"}, base=OPERATOR
    )

    assert [(error.column, error.value) for error in drafted.errors] == [
        ("id", "110***********0021"),
        ("name", "王*"),
    ]
    assert "1949" not in str(drafted)


def test_a_product_has_a_name_and_an_owner() -> None:
    base = {"mapping": "1", "source": "quality", "kind": "product"}
    columns = {"key": "k", "name": "p", "owner.key": "o"}
    drafted = draft({"columns": columns}, {"p": "钛棒"}, base=base)

    assert isinstance(drafted.thing, ProductFacts)
    assert drafted.thing[:3] == ("M1", "钛棒", None)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["M1", "JJG52", "610303", "U1"], "ragged_row"),
        (["M1", "JJG52", "610303", "U1", "单位1", "多"], "ragged_row"),
        (["M1", "JJG52", "610303", "U1", "单位1", "", " "], None),
    ],
)
def test_a_row_must_fit_the_header(cells: Sequence[str], code: str | None) -> None:
    drafting = Drafting(
        mapping_of(mapping_text({})),
        tuple(CELLS),
        {name: at for at, name in enumerate(CELLS)},
        today=TODAY,
    )

    drafted = drafting.draft((7, list(cells), 7))
    assert drafted is not None
    assert [error.code for error in drafted.errors] == ([code] if code else [])
    assert drafting.draft((8, ["", " ", "", "", ""], 8)) is None
    assert drafting.draft((9, [], 9)) is None


def test_rows_swallowed_by_a_stray_quote_are_not_taken_for_one() -> None:
    mapping = mapping_of(mapping_text({}))
    drafting = Drafting(
        mapping, tuple(CELLS), {name: at for at, name in enumerate(CELLS)}, today=TODAY
    )
    swallowed = "610303,U1,单位1\nM2,JJG52,610303,U2,单位2\nM3,JJG52,"

    drafted = drafting.draft((2, ["M1", "JJG52", "610303", "U3", swallowed], 4))
    assert drafted is not None
    assert [error.code for error in drafted.errors] == ["ragged_row"]
    assert "第2至4行" in drafted.errors[0].reason
