"""Mapping files: what a wrong one is told, and what a right one makes of cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from services.events.registry import DutyKind, DutyRecord, ObjectStatus
from services.registry.mapping import MappingBroken, parse_mapping, read_mapping
from services.registry.mapping.drafting import Draft, Drafting
from services.registry.model import EnterpriseFacts, ObjectFacts, ProductFacts
from tests.services.registry_stories import ELEVATORS, TODAY, mapping_of, uscc

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    [*ROOT.glob("examples/*/mapping.yaml"), *ROOT.glob("services/registry/adapters/*/*.yaml")]
)

INSTRUMENT = {
    "mapping": "1",
    "source": "metrology",
    "kind": "instrument",
    "columns": {
        "key": "k",
        "class_code": "c",
        "division": "d",
        "owner.key": "o",
        "owner.name": "n",
    },
}
CELLS = {"k": "M1", "c": "JJG52", "d": "610303", "o": "U1", "n": "单位1"}


def mapping_text(changes: dict[str, Any], base: dict[str, Any] = INSTRUMENT) -> str:
    merged = dict(base)
    for key, value in changes.items():
        known = merged.get(key)
        both = isinstance(known, dict) and isinstance(value, dict)
        merged[key] = known | value if both else value
    return yaml.safe_dump(merged, allow_unicode=True, sort_keys=False)


def draft(
    changes: dict[str, Any], cells: dict[str, str], base: dict[str, Any] = INSTRUMENT
) -> Draft:
    """One row of CELLS, with changes, through the mapping, with changes."""
    row = CELLS | cells
    mapping = mapping_of(mapping_text(changes, base))
    places = {name: at for at, name in enumerate(row)}
    drafting = Drafting(mapping, tuple(row), places, today=TODAY)
    drafted = drafting.draft((2, list(row.values()), 2))
    assert drafted is not None
    return drafted


def thing(changes: dict[str, Any], cells: dict[str, str]) -> ObjectFacts:
    drafted = draft(changes, cells)
    assert drafted.errors == ()
    assert isinstance(drafted.thing, ObjectFacts)
    return drafted.thing


def error_codes(drafted: Draft) -> list[tuple[str, str]]:
    assert drafted.thing is None
    return [(error.column, error.code) for error in drafted.errors]


def finding_codes(drafted: Draft) -> list[tuple[str, str]]:
    assert drafted.thing is not None
    return [(finding.column, finding.code) for finding in drafted.findings]


def faults(changes: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(MappingBroken) as caught:
        mapping_of(mapping_text(changes))
    return [(fault.place, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_mapping_that_is_shipped_is_right(path: Path) -> None:
    assert read_mapping(path, today=TODAY).name == path.name


def test_an_unknown_field_is_named_with_the_nearest_right_one() -> None:
    with pytest.raises(MappingBroken, match=r"最接近的是“owner\.name”") as caught:
        mapping_of(mapping_text({"columns": {"owner.nmae": "n"}}))

    assert caught.value.faults[0].place == "columns.owner.nmae"


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"colums": {}}, "colums", "key_unknown"),
        ({"kind": "elevator"}, "kind", "shape"),
        ({"source": "Special Equipment"}, "source", "shape"),
        ({"mapping": "2"}, "mapping", "shape"),
        ({"columns": {"key": ["a"]}}, "columns.key.columns", "shape"),
        ({"columns": {"label": {"colums": ["a"]}}}, "columns.label.columns", "shape"),
        ({"constants": {"colour": "x"}}, "constants.colour", "field_unknown"),
        ({"constants": {"status": "used"}}, "constants.status", "word_unknown"),
        ({"values": {"status": {"map": {"a": "used"}}}}, "values.status.map.a", "word_unknown"),
        ({"values": {"status": {"mapp": {}}}}, "values.status.mapp", "key_unknown"),
        ({"constants": {"division": "610399"}}, "constants.division", "division_unknown"),
        (
            {"constants": {"owner.uscc": uscc(1)[:17] + "*"}},
            "constants.owner.uscc",
            "uscc_character",
        ),
        ({"dates": {"commissioned_on": "%d.%m.%y"}}, "dates.commissioned_on", "date_format"),
        ({"dates": {"*": "%Y"}}, "dates.*", "date_format"),
        ({"dates": {"status": "%Y%m%d"}}, "dates.status", "field_unknown"),
        ({"tolerate": ["key"]}, "tolerate.key", "field_unknown"),
        ({"checks": {"key": "uscc"}}, "checks.key", "check_unknown"),
        ({"checks": {"label": "resident_id"}}, "checks.label", "field_unknown"),
        ({"divisions": {"610303": "x"}}, "divisions.610303", "division_code"),
        ({"records": [{"duty": "inspect"}]}, "records.0.duty", "shape"),
        ({"records": [{"done_on": "x"}]}, "records.0.duty", "shape"),
        (
            {"records": [{"duty": "review", "cycle_months": "0"}]},
            "records.0.cycle_months",
            "shape",
        ),
        ({"records": [{"duty": "review"}, {"duty": "review"}]}, "records", "duty_twice"),
        ({"key": "k"}, "key", "key_twice"),
        ({"enterprises": "merge"}, "enterprises", "shape"),
        ({"columns": []}, "columns", "shape"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_place(
    changes: dict[str, Any], place: str, code: str
) -> None:
    assert (place, code) in faults(changes)


def test_what_has_to_be_mapped_is_asked_for() -> None:
    with pytest.raises(MappingBroken, match=r"owner\.key 或 owner\.uscc"):
        mapping_of("mapping: 1\nsource: x\nkind: licence\ncolumns: {key: a, division: b}\n")


def test_an_enterprise_owes_nothing() -> None:
    base = {"mapping": "1", "source": "x", "kind": "enterprise"}
    columns = {"key": "k", "name": "n", "division": "d"}

    with pytest.raises(MappingBroken, match="没有到期义务"):
        mapping_of(
            mapping_text({"columns": columns, "records": [{"duty": "review"}]}, base=base)
        )


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "- 1",
        "a: &x 1\nb: *x",
        "mapping: 1\nmapping: 1",
        "a: !!python/object:x {}",
        "[" * 100_000,
        "{a: " * 5_000,
        "x" * 300_000,
        "\0",
        "",
    ],
    ids=str.__len__,
)
def test_what_is_no_mapping_file_is_refused_and_harms_nothing(text: str) -> None:
    with pytest.raises(MappingBroken) as caught:
        parse_mapping(text, name="x.yaml", today=TODAY)

    assert caught.value.faults[0].code in ("not_yaml", "shape")


@given(st.text(max_size=200))
def test_no_text_makes_the_reading_of_a_mapping_fail(text: str) -> None:
    with pytest.raises(MappingBroken):
        parse_mapping(ELEVATORS + text + "\n? : [", name="x.yaml", today=TODAY)


def test_a_mapping_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_bytes("映射: 1".encode("gb18030"))

    for path in (tmp_path, tmp_path / "none.yaml", tmp_path / "m.yaml"):
        with pytest.raises(MappingBroken, match="UTF-8"):
            read_mapping(path, today=TODAY)


def test_scalars_stay_what_they_are() -> None:
    values = {"status": {"map": {"NO": "stopped", "1": "in_use", "2013-01-01": "closed"}}}
    text = mapping_text({"columns": {"status": "s"}}) + (
        "values: {status: {map: {NO: stopped, 1: in_use, 2013-01-01: closed}}}\n"
    )

    assert mapping_of(text).values["status"].known == values["status"]["map"]


def test_what_is_not_mapped_has_ordinary_values() -> None:
    facts = thing({}, {})

    assert facts.label == "M1"
    assert facts.status is ObjectStatus.IN_USE
    assert facts.traits == facts.records == ()
    assert (facts.number, facts.commissioned_on, facts.maker) == (None, None, None)
    assert facts.owner == EnterpriseFacts(
        "U1", None, None, None, "单位1", "610303", None, None, None, None
    )


def test_several_columns_are_joined_without_their_empty_cells() -> None:
    columns = {"label": {"columns": ["a", "b", "c"], "join": "-"}}

    assert (
        thing({"columns": columns}, {"a": "压力表", "b": " ", "c": "3号"}).label == "压力表-3号"
    )


def test_a_constant_beside_a_column_holds_where_the_cell_is_empty() -> None:
    changes = {"columns": {"maker": "m"}, "constants": {"maker": "不详厂"}}

    assert thing(changes, {"m": "宝鸡仪表厂"}).maker == "宝鸡仪表厂"
    assert thing(changes, {"m": ""}).maker == "不详厂"


@pytest.mark.parametrize("cell", ["", "  ", "/", "／", "无"])
def test_blank_words_state_nothing(cell: str) -> None:
    assert thing({"columns": {"maker": "m"}, "blank": ["/", "无"]}, {"m": cell}).maker is None


@pytest.mark.parametrize(
    ("cell", "status"),
    [("在用", "in_use"), (" 在用 ", "in_use"), ("Ａ", "closed"), ("报废", "scrapped")],
)
def test_words_are_looked_up_trimmed_and_in_half_width(cell: str, status: str) -> None:
    values = {"status": {"map": {"在用": "in_use", "A": "closed", "报废": "scrapped"}}}

    assert thing({"columns": {"status": "s"}, "values": values}, {"s": cell}).status == status


def test_a_word_that_is_not_in_the_map_is_wrong_and_the_known_ones_are_listed() -> None:
    values = {"status": {"map": {"在用": "in_use", "停": "stopped"}}}
    drafted = draft({"columns": {"status": "s"}, "values": values}, {"s": "在用中"})

    [error] = drafted.errors
    assert error_codes(drafted) == [("s", "value_unknown")]
    assert (error.value, error.right) == ("在用中", "已知: 在用、停")


def test_a_default_takes_every_other_word() -> None:
    values = {"status": {"map": {"在用": "in_use"}, "default": "stopped"}}
    changes = {"columns": {"status": "s"}, "values": values}

    assert thing(changes, {"s": "封存"}).status is ObjectStatus.STOPPED


def test_without_a_map_the_usual_words_are_read() -> None:
    changes = {"columns": {"status": "s"}}

    assert thing(changes, {"s": "停用"}).status is ObjectStatus.STOPPED
    assert thing(changes, {"s": "scrapped"}).status is ObjectStatus.SCRAPPED
    assert error_codes(draft(changes, {"s": "坏"})) == [("s", "word_unknown")]


def dates(formats: Any) -> dict[str, Any]:
    return {
        "columns": {"commissioned_on": "t"},
        "dates": {"commissioned_on": formats} if formats else {},
    }


@pytest.mark.parametrize(
    ("formats", "cell", "day"),
    [
        (None, "2013-03-02", date(2013, 3, 2)),
        (None, "2013/3/2", date(2013, 3, 2)),
        (None, "2013.03.02", date(2013, 3, 2)),
        (None, "2013年3月2日", date(2013, 3, 2)),
        (None, "20130302", date(2013, 3, 2)),
        (None, "２０１３-０３-０２", date(2013, 3, 2)),
        (None, "2013-03-02 00:00:00", date(2013, 3, 2)),
        ("%d.%m.%Y", "2.3.2013", date(2013, 3, 2)),
        ("%d.%m.%Y", "2013-03-02", date(2013, 3, 2)),
        ("excel", "41335", date(2013, 3, 2)),
        ("excel", "41335.75", date(2013, 3, 2)),
        (["%Y%m%d", "excel"], "20130302", date(2013, 3, 2)),
        ("%Y-%m", "2013-02", date(2013, 2, 1)),
        (None, "2012-02-29", date(2012, 2, 29)),
    ],
)
def test_dates_are_read(formats: Any, cell: str, day: date) -> None:
    assert thing(dates(formats), {"t": cell}).commissioned_on == day


@pytest.mark.parametrize(
    ("formats", "cell", "code"),
    [
        (None, "2015-02-30", "date_impossible"),
        (None, "2013-02-29", "date_impossible"),
        (None, "2013-13-01", "date_impossible"),
        (None, "0000-00-00", "date_impossible"),
        (None, "1899-12-31", "date_impossible"),
        (None, "13-03-02", "date_unreadable"),
        (None, "2013-3", "date_unreadable"),
        (None, "41335", "date_unreadable"),
        ("%Y%m%d", "2013302", "date_unreadable"),
        ("%Y%m%d", "2013-3-2x", "date_unreadable"),
        ("excel", "-1", "date_unreadable"),
        (None, "去年", "date_unreadable"),
    ],
)
def test_what_is_no_date_is_wrong(formats: Any, cell: str, code: str) -> None:
    assert error_codes(draft(dates(formats), {"t": cell})) == [("t", code)]


def test_a_tolerated_field_is_left_out_and_is_a_finding() -> None:
    drafted = draft(dates(None) | {"tolerate": ["commissioned_on"]}, {"t": "2015-02-30"})

    assert finding_codes(drafted) == [("t", "date_impossible")]
    assert isinstance(drafted.thing, ObjectFacts)
    assert drafted.thing.commissioned_on is None


def records(**columns: Any) -> dict[str, Any]:
    return {"records": [{"duty": "verification", **columns}]}


def test_a_record_is_read_with_its_dates_and_cycle() -> None:
    changes = records(
        done_on="done", stated_due_on="due", cycle_months={"column": "months"}, basis="JJG 52"
    )

    [record] = thing(
        changes, {"done": "2013-03-02", "due": "2013-09-01", "months": "6"}
    ).records
    assert record == DutyRecord(
        duty=DutyKind.VERIFICATION,
        done_on=date(2013, 3, 2),
        stated_due_on=date(2013, 9, 1),
        cycle_months=6,
    )


def test_a_missing_date_is_no_error_the_object_has_none() -> None:
    [record] = thing(records(done_on="done", cycle_months="12"), {"done": ""}).records

    assert (record.done_on, record.stated_due_on, record.cycle_months) == (None, None, 12)


def test_a_month_means_its_last_day_where_it_is_the_next_date() -> None:
    changes = records(done_on="done", stated_due_on="due") | {"dates": {"*": "%Y-%m"}}

    [record] = thing(changes, {"done": "2013-02", "due": "2014-02"}).records
    assert (record.done_on, record.stated_due_on) == (date(2013, 2, 1), date(2014, 2, 28))


def test_what_was_done_after_today_is_wrong() -> None:
    changes = records(done_on="done")

    assert error_codes(draft(changes, {"done": "2013-12-14"})) == [("done", "date_in_future")]
    assert thing(changes, {"done": "2013-12-13"}).records[0].done_on == TODAY


def test_a_next_date_before_the_last_is_a_finding() -> None:
    drafted = draft(
        records(done_on="done", stated_due_on="due"),
        {"done": "2013-03-02", "due": "2012-03-02"},
    )

    assert finding_codes(drafted) == [("due", "due_before_done")]


@pytest.mark.parametrize("cell", ["0", "601", "一年", "12年", "1.5", "-6"])
def test_a_cycle_that_is_no_number_of_months_is_wrong(cell: str) -> None:
    changes = records(cycle_months={"column": "months"})

    assert error_codes(draft(changes, {"months": cell})) == [("months", "cycle_unreadable")]


@pytest.mark.parametrize(
    ("map_", "cells", "traits"),
    [
        (None, {"a": "3级", "b": "介质: 氨"}, ("3级", "介质: 氨")),
        (None, {"a": "3级；易燃、有毒", "b": ""}, ("3级", "易燃", "有毒")),
        ({"map": {"3级": "grade 3"}, "default": ""}, {"a": "3级", "b": "氨"}, ("grade 3",)),
    ],
)
def test_traits_are_the_pieces_of_their_cells(
    map_: Any, cells: dict[str, str], traits: tuple[str, ...]
) -> None:
    changes: dict[str, Any] = {"columns": {"traits": {"columns": ["a", "b"]}}}
    if map_:
        changes["values"] = {"traits": map_}

    assert thing(changes, cells).traits == traits


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
