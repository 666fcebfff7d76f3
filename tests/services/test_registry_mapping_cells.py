"""What a right mapping makes of cells: words, dates, records, traits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.events.registry import DutyKind, DutyRecord, ObjectStatus
from services.registry.model import EnterpriseFacts, ObjectFacts
from tests.services.mapping_stories import (
    draft,
    error_codes,
    finding_codes,
    mapping_text,
    records,
    thing,
)
from tests.services.registry_stories import TODAY, mapping_of


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
