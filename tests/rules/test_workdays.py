"""Working days, against the case book, the notices and themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
import yaml
from hypothesis import given, strategies as st

from services.chassis import workdays
from services.chassis.workdays import (
    AdjustedDay,
    StatutoryDays,
    WorkingDays,
    WorkingDaysBroken,
)

BOOK = Path(__file__).parent / "cases" / "working_days.yaml"
CASES = yaml.safe_load(BOOK.read_text(encoding="utf-8"))["案例"]
DATA = Path(workdays.__file__).parent / "data"
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
NUMBERS = st.integers(0, 90)


@pytest.fixture(autouse=True)
def _the_shipped_calendar() -> Iterator[None]:
    yield
    workdays.load(None)


def notice(tmp_path: Path, *lines: str, head: str = "day,works,name,source") -> Path:
    path = tmp_path / "2027.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["情形"])
def test_a_case_of_the_book(case: dict[str, object]) -> None:
    day, answers = case["日期"], dict(case)
    assert isinstance(day, date)
    n = answers.pop("加工作日", 0)
    assert isinstance(n, int)
    found = {
        "上班": "是" if workdays.is_working_day(day) else "否",
        "暂定": "是" if workdays.is_provisional(day) else "否",
        "得": workdays.add_working_days(day, n),
        "顺延到": workdays.next_working_day(day),
    }
    expected = {name: answers[name] for name in found if name in answers}

    assert expected
    assert expected == {name: found[name] for name in expected}


def test_every_day_of_2004_to_2026_is_as_chinesecalendar_has_it() -> None:
    days = every_day(date(2004, 1, 1), date(2026, 12, 31))

    assert [day for day in days if workdays.is_working_day(day)] == [
        day for day in days if chinese_calendar.is_workday(day)
    ]
    assert not any(workdays.is_provisional(day) for day in days)


def test_the_table_has_only_days_that_depart_from_the_week() -> None:
    rows = workdays.read(DATA / "working_days.csv")

    assert [row for row in rows if row.works == (row.day.weekday() < 5)] == []
    assert rows == sorted(rows, key=lambda row: row.day)


def test_a_moved_day_names_its_notice() -> None:
    moved = workdays.in_use().adjustment(date(2018, 12, 29))

    assert moved is not None
    assert (moved.works, moved.name) == (True, "元旦")
    assert moved.source.startswith("国务院办公厅关于2019年部分节假日安排的通知")
    assert workdays.in_use().adjustment(date(2018, 12, 28)) is None


@given(DAYS)
def test_the_next_working_day_works_and_none_before_it_does(day: date) -> None:
    found = workdays.next_working_day(day)

    assert workdays.is_working_day(found)
    assert not any(workdays.is_working_day(each) for each in every_day(day, found)[:-1])


@given(DAYS, NUMBERS)
def test_between_a_day_and_the_nth_working_day_after_it_lie_n_working_days(
    day: date, n: int
) -> None:
    last = workdays.add_working_days(day, n)
    counted = [each for each in every_day(day, last)[1:] if workdays.is_working_day(each)]

    assert len(counted) == n
    assert n == 0 or counted[-1] == last


@given(DAYS, NUMBERS, NUMBERS)
def test_counting_in_two_steps_is_counting_in_one(day: date, n: int, m: int) -> None:
    halfway = workdays.add_working_days(day, n)

    assert workdays.add_working_days(halfway, m) == workdays.add_working_days(day, n + m)


@given(DAYS, NUMBERS)
def test_counting_back_undoes_counting_on(day: date, n: int) -> None:
    start = workdays.next_working_day(day)

    assert workdays.add_working_days(workdays.add_working_days(start, n), -n) == start


@given(st.dates(date(1990, 1, 1), date(2003, 12, 31)) | st.dates(date(2027, 1, 1)))
def test_a_year_without_a_notice_is_provisional_and_has_no_working_weekend(day: date) -> None:
    assert workdays.is_provisional(day)
    assert day.weekday() < 5 or not workdays.is_working_day(day)


def test_a_bureaus_notice_makes_its_year_known(tmp_path: Path) -> None:
    newer = notice(tmp_path, f"2027-02-08,否,春节,{NOTICE}", f"2027-02-20,是,春节,{NOTICE}")

    workdays.load(newer)

    assert not workdays.is_working_day(date(2027, 2, 8))
    assert workdays.is_working_day(date(2027, 2, 20))
    assert not workdays.is_provisional(date(2027, 7, 1))
    assert workdays.is_provisional(date(2028, 7, 1))
    assert not workdays.is_provisional(date(2026, 7, 1))


def test_a_newer_notice_moves_a_day_of_a_known_year(tmp_path: Path) -> None:
    newer = notice(
        tmp_path,
        "2026-09-03,否,临时放假,国务院办公厅通知",
        "2026-10-10,否,国庆节,国务院办公厅通知",
    )

    workdays.load(newer)

    assert not workdays.is_working_day(date(2026, 9, 3))
    assert not workdays.is_working_day(date(2026, 10, 10))
    assert not workdays.is_working_day(date(2026, 10, 1))


def test_a_notice_typed_in_by_half_leaves_the_statutory_days_at_rest(tmp_path: Path) -> None:
    workdays.load(notice(tmp_path, f"2027-02-20,是,春节,{NOTICE}"))

    assert not workdays.is_provisional(date(2027, 10, 1))
    assert not workdays.is_working_day(date(2027, 10, 1))


def test_a_december_day_does_not_make_its_own_year_known(tmp_path: Path) -> None:
    workdays.load(
        notice(tmp_path, "2027-12-31,否,元旦,国务院办公厅关于2028年部分节假日安排的通知")
    )

    assert workdays.is_provisional(date(2027, 12, 31))
    assert not workdays.is_working_day(date(2027, 12, 31))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "2027.csv"
    path.write_bytes(f"day,works,name,source\r\n2027/2/8,否,春节,{NOTICE}\r\n".encode(encoding))

    assert workdays.read(path) == [AdjustedDay(date(2027, 2, 8), False, "春节", NOTICE)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2027-02-30,否,春节,通知", "第2行: 日期 '2027-02-30' 应写成"),
        ("二月八日,否,春节,通知", "第2行: 日期 '二月八日' 应写成"),
        ("2027-02-08,休息,春节,通知", "第2行: works 是 '休息', 应为 是 (上班) 或 否 (休息)"),
        ("2027-02-08,否,春节,", "第2行: 缺少 source"),
        ("2027-02-08,否", "第2行: 应为 4 列"),
        ("2027-02-08,否,春节,通知,多", "第2行: 应为 4 列"),
        ("2027-02-08,否,春节,甲\n2027-02-08,是,春节,乙", "同一天写了两次: 2027-02-08"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    path = notice(tmp_path, line)

    with pytest.raises(WorkingDaysBroken) as refused:
        workdays.load(path)

    assert str(refused.value).startswith(f"{path}: {said}")
    assert workdays.is_provisional(date(2027, 2, 8))


def test_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkingDaysBroken, match="第一行应为 day,works,name,source"):
        workdays.read(notice(tmp_path, "2027-02-08,春节", head="日期,名称"))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_bytes(b"\xff\xff\xff")

    with pytest.raises(WorkingDaysBroken, match="既不是 UTF-8 也不是 GB 18030"):
        workdays.read(path)


def test_working_days_can_be_made_of_a_few_rows() -> None:
    closed = AdjustedDay(date(2031, 3, 3), works=False, name="停电", source="本局通知")
    days = WorkingDays([closed], StatutoryDays(every_year=frozenset({(3, 4)})))

    assert days.next_working_day(date(2031, 3, 1)) == date(2031, 3, 4)
    assert days.over([]).adjustment(closed.day) == closed
