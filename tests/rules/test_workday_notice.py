"""The notice of a year: the case book, what of it is kept, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from services.chassis import workday_notice, workday_table, workdays
from services.chassis.workday_notice import Notice, NoticeBroken, read_notice

BOOK = Path(__file__).parent / "cases" / "workday_notice.yaml"
CASES = yaml.safe_load(BOOK.read_text(encoding="utf-8"))["案例"]
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知 (测试用)"
# fmt: off
RESTS = [
    "01-01", "02-05", "02-08", "02-09", "02-10", "02-11", "02-12", "04-05", "05-03", "05-04",
    "05-05", "06-09", "09-15", "10-01", "10-04", "10-05", "10-06", "10-07", "10-08",
]
WORKS = ["01-30", "02-20", "05-08", "09-18", "09-26", "10-09"]
# fmt: on
LINES = {
    **{f"2027-{day}": f"2027-{day},休,节日" for day in RESTS},
    **{f"2027-{day}": f"2027-{day},班,节日" for day in WORKS},
    "2027-05-01": "2027-05-01,休,劳动节",
}


@pytest.fixture(autouse=True)
def _the_shipped_calendar() -> Iterator[None]:
    yield
    workdays.load(None)


def text_of(lines: list[str], head: str = "date,kind,name,source") -> str:
    return "\n".join([head, *(f"{line},{SOURCE}" for line in lines)]) + "\n"


def notice() -> Notice:
    return read_notice(text_of(list(LINES.values())))


def said(remarks: Iterator[workday_notice.Remark]) -> list[str]:
    return [f"{remark.value} {remark.code}" for remark in remarks]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["情形"])
def test_the_case_book(case: dict[str, Any]) -> None:
    kept = [line for day, line in LINES.items() if day not in case["去"]]
    found = read_notice(text_of([*kept, *case["加"]]))
    law = workdays.statutory()

    assert said(workday_notice.errors_in(found, law)) == case["退回"]
    if not case["退回"]:
        days = workdays.statutory_days_a_year()
        assert said(workday_notice.doubts_in(found, law, days)) == case["存疑"]


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_shipped_notices_raise_no_doubt(year: int) -> None:
    """The days that the product ships, written as a notice; weekends off are not in it."""
    rows = workday_table.read(Path(workdays.__file__).parent / "data" / "working_days.csv")
    of_year = [row for row in rows if row.day.year == year]
    lines = [f"{row.day},{'班' if row.works else '休'},{row.name}" for row in of_year]
    found = read_notice(text_of(lines))
    law = workdays.statutory()

    assert len(of_year) > 20
    assert said(workday_notice.errors_in(found, law)) == []
    doubts = workday_notice.doubts_in(found, law, workdays.statutory_days_a_year())
    assert said(doubts) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("day,works\n", "1 heading"),
        ("date,kind,name,source\n", "1 empty"),
        ("date,kind,name,source\n2027-02-30,休,春节,通知\n", "2 date_unreadable"),
        ("date,kind,name,source\n2027-02-08,否,春节,通知\n", "2 kind_unknown"),
        ("date,kind,name,source\n2027-02-08,休,春节,\n", "2 source_missing"),
        ("date,kind,name,source\n2027-02-08,休\n", "2 ragged_row"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(NoticeBroken) as refused:
        read_notice(text)

    assert [f"{error.line} {error.code}" for error in refused.value.errors] == [said]


def test_only_days_that_depart_from_the_week_are_kept() -> None:
    kept = workday_notice.laid_over(notice(), [], workdays.shipped())

    assert {row.day.isoformat() for row in kept} == LINES.keys() - {"2027-05-01"}
    assert all(row.works == (row.day.weekday() >= 5) for row in kept)


def test_a_second_notice_of_the_year_replaces_the_first_and_leaves_other_years() -> None:
    other = [workday_table.AdjustedDay(date(2028, 1, 3), False, "元旦", "2028年的通知")]
    first = workday_notice.laid_over(notice(), other, workdays.shipped())
    without = [line for day, line in LINES.items() if day != "2027-02-20"]

    second = workday_notice.laid_over(read_notice(text_of(without)), first, workdays.shipped())

    gone = {row.day for row in first} - {row.day for row in second}
    assert gone == {date(2027, 2, 20)}
    assert other[0] in second


def test_a_corrected_notice_takes_back_what_the_shipped_one_moved() -> None:
    """2026-10-10 works in the shipped table; a notice of 2026 without it makes it a Saturday."""
    rows = workday_table.read(Path(workdays.__file__).parent / "data" / "working_days.csv")
    lines = [
        f"{row.day},{'班' if row.works else '休'},{row.name}"
        for row in rows
        if row.day.year == 2026 and row.day != date(2026, 10, 10)
    ]
    found = read_notice(text_of(lines))

    after = workdays.shipped().over(workday_notice.laid_over(found, [], workdays.shipped()))

    assert workday_notice.changed_days(found, workdays.shipped(), after) == [date(2026, 10, 10)]


def test_what_changes_against_the_computed_year_is_told_day_by_day() -> None:
    after = workdays.shipped().over(workday_notice.laid_over(notice(), [], workdays.shipped()))

    changed = workday_notice.changed_days(notice(), workdays.shipped(), after)

    assert date(2027, 2, 20) in changed
    assert date(2027, 2, 9) in changed
    assert date(2027, 10, 1) not in changed
    assert not after.is_provisional(date(2027, 6, 1))


def test_a_running_process_takes_up_a_table_that_appears_changes_and_goes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "policy" / "working_days.csv"
    workdays.follow(path)
    rows = workday_notice.laid_over(notice(), [], workdays.shipped())

    before = workdays.is_provisional(date(2027, 6, 1))
    workday_table.write(path, rows)
    known = workdays.is_working_day(date(2027, 2, 20))
    workday_table.write(path, [row for row in rows if row.day != date(2027, 2, 20)])
    changed = workdays.is_working_day(date(2027, 2, 20))
    path.unlink()

    assert (before, known, changed) == (True, True, False)
    assert workdays.is_provisional(date(2027, 6, 1))


def test_a_table_that_breaks_later_leaves_the_last_good_one(tmp_path: Path) -> None:
    path = tmp_path / "working_days.csv"
    workday_table.write(path, workday_notice.laid_over(notice(), [], workdays.shipped()))
    workdays.follow(path)

    path.write_bytes(b"\xff\xff")

    assert workdays.is_working_day(date(2027, 2, 20))
    assert workdays.add_working_days(date(2027, 2, 19), 1) == date(2027, 2, 20)


@given(st.text(max_size=200))
def test_any_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(NoticeBroken) as refused:
        read_notice(text)

    assert all(error.reason and error.right for error in refused.value.errors)
