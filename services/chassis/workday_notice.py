"""The yearly notice of the State Council on days off, as a bureau types it in.

One line for each day that the notice names: date, kind (休 or 班), name, source. Days off
that fall on a weekend may be named too. A notice is held against the week and the law
before it is taken: what cannot be is an error, what is unusual is a doubt for a person.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.chassis.workday_table import AdjustedDay
from services.chassis.workdays import StatutoryDays, WorkingDays

HEADING = ["date", "kind", "name", "source"]
WORKS = {"班": True, "休": False}
_SATURDAY = 5
_DECEMBER = 12
_NEAR = timedelta(days=14)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Remark:
    """What is wrong or odd in a line. *code* never changes; the rest is for a clerk."""

    line: int
    column: str
    value: str
    code: str
    reason: str
    right: str


@dataclass(frozen=True)
class Named:
    """One line of a notice."""

    line: int
    day: date
    works: bool
    name: str
    source: str

    @property
    def on_weekend(self) -> bool:
        return self.day.weekday() >= _SATURDAY


class NoticeBroken(ValueError):
    """A notice that cannot be taken; *errors* say where and what would be right."""

    code = "notice_broken"

    def __init__(self, errors: Sequence[Remark]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(f"放假通知不能采用: 第{first.line}行 {first.column}: {first.reason}")


@dataclass(frozen=True)
class Notice:
    """A notice that has been read: the year it is for, and its lines in the order of days."""

    year: int
    named: tuple[Named, ...]

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(line.source for line in self.named)


def read_notice(text: str) -> Notice:
    """The notice of a CSV text. Raises NoticeBroken with all lines that cannot be read."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    errors: list[Remark] = []
    named: list[Named] = []
    try:
        if [cell.strip() for cell in next(reader, [])] != HEADING:
            raise NoticeBroken([_heading()])
        for cells in reader:
            found = _line(reader.line_num, [cell.strip() for cell in cells])
            if isinstance(found, Named):
                named.append(found)
            elif found is not None:
                errors.append(found)
    except csv.Error as error:
        errors.append(
            Remark(reader.line_num, "", "", "not_csv", f"不是 CSV: {error}", "双引号要配对")
        )
    if not named and not errors:
        errors.append(Remark(1, "", "", "empty", "一天也没有", "逐日写明休息和上班的日子"))
    if errors:
        raise NoticeBroken(errors)
    years = Counter(line.day.year for line in named)
    named.sort(key=lambda line: (line.day, line.line))
    return Notice(years.most_common(1)[0][0], tuple(named))


def _heading() -> Remark:
    right = f"应为 {','.join(HEADING)}"
    return Remark(1, "", "", "heading", "第一行的列不对", right)


def _line(line: int, cells: list[str]) -> Named | Remark | None:
    if not any(cells):
        return None
    if len(cells) != len(HEADING):
        return Remark(line, "", "", "ragged_row", f"有{len(cells)}列", "应为四列")
    on, kind, name, source = cells
    try:
        # spreadsheets write 2027/2/5 when they save
        year, month, day = (int(part) for part in on.replace("/", "-").split("-"))
        found = date(year, month, day)
    except ValueError:
        return Remark(line, "date", on, "date_unreadable", "不是日期", "应写成 2027-02-05")
    if kind not in WORKS:
        return Remark(line, "kind", kind, "kind_unknown", "不是休或班", "休息写休, 上班写班")
    if not source:
        return Remark(line, "source", "", "source_missing", "没有来源", "写明通知的名称")
    return Named(line, found, WORKS[kind], name, source)


def errors_in(notice: Notice, statutory: StatutoryDays) -> Iterator[Remark]:
    """What cannot be: days of other years, a day twice, work on a day that the law rests."""
    seen: dict[date, Named] = {}
    for line in notice.named:
        on = line.day.isoformat()
        if (first := seen.setdefault(line.day, line)) is not line:
            reason = f"第{first.line}行已写过这一天"
            yield Remark(line.line, "date", on, "day_twice", reason, "每天只写一行")
        if not _belongs(line.day, notice.year):
            reason = f"不在{notice.year}年, 也不在前一年12月"
            yield Remark(line.line, "date", on, "other_year", reason, "一次只装一年的通知")
        if line.works and not line.on_weekend:
            right = "周一至周五本来上班; 通知写的是休息吗?"
            yield Remark(line.line, "kind", on, "works_on_weekday", "班写在了工作日", right)
        if line.works and (line.day.month, line.day.day) in statutory.every_year:
            reason = "法定节假日不能上班"
            yield Remark(line.line, "kind", on, "works_on_statutory_day", reason, "请核对通知")
    yield from _missing_statutory(notice, statutory)


def _missing_statutory(notice: Notice, statutory: StatutoryDays) -> Iterator[Remark]:
    """整年的通知必有每个法定节日: a fixed day on a weekday that is not named is forgotten."""
    rests = {line.day for line in notice.named if not line.works}
    fixed = (date(notice.year, *day) for day in sorted(statutory.every_year))
    for day in fixed:
        if day < statutory.in_force_from or day.weekday() >= _SATURDAY or day in rests:
            continue
        right = "要装入整年的通知, 不是其中一段"
        reason = "没有写这个法定节假日"
        yield Remark(1, "date", day.isoformat(), "year_incomplete", reason, right)


def doubts_in(
    notice: Notice, statutory: StatutoryDays, statutory_days_a_year: int
) -> Iterator[Remark]:
    """What is unusual: a person looks, and can take the notice all the same."""
    rests = {line.day for line in notice.named if not line.works}
    for line in notice.named:
        if line.works and not any(abs(line.day - day) <= _NEAR for day in rests):
            on = line.day.isoformat()
            reason = f"前后{_NEAR.days}天内没有休息的日子, 不像调休"
            yield Remark(line.line, "date", on, "far_from_holiday", reason, "请核对月份")
    for day in sorted(statutory.computed):
        if day.year == notice.year and day.weekday() < _SATURDAY and day not in rests:
            reason = "按推算应是法定节假日, 通知里没有"
            right = "请核对; 推算可能差一天"
            yield Remark(1, "date", day.isoformat(), "computed_day_missing", reason, right)
    yield from _balance(notice, statutory, statutory_days_a_year)


def _balance(
    notice: Notice, statutory: StatutoryDays, statutory_days_a_year: int
) -> Iterator[Remark]:
    """调休不增减休息日: weekdays off less weekends that work are the days that the law gives."""
    if date(notice.year, 1, 1) < statutory.in_force_from:
        return
    off = sum(not line.works and not line.on_weekend for line in notice.named)
    on = sum(line.works for line in notice.named)
    if off - on != statutory_days_a_year:
        reason = f"工作日休息{off}天, 周末上班{on}天, 相差{off - on}天"
        right = f"全年法定为{statutory_days_a_year}天: 可能漏了或多了一天, 请逐日核对"
        yield Remark(1, "kind", f"{off}-{on}", "balance", reason, right)


def _belongs(day: date, year: int) -> bool:
    return day.year == year or (day.year == year - 1 and day.month == _DECEMBER)


def laid_over(
    notice: Notice, own: Sequence[AdjustedDay], shipped: WorkingDays
) -> list[AdjustedDay]:
    """A bureau's own table with this notice in it, in place of what it had of that year.

    Days that an older notice moved and this one does not name are as in any week again.
    """
    adjusted = {
        line.day: AdjustedDay(line.day, line.works, line.name, line.source)
        for line in notice.named
        if line.works == line.on_weekend
    }
    unmoved = {line.day for line in notice.named} - adjusted.keys()
    source = notice.named[0].source
    for day in _days(notice.year):
        older = shipped.adjustment(day)
        if older is not None and day not in adjusted and day not in unmoved:
            adjusted[day] = AdjustedDay(day, day.weekday() < _SATURDAY, "照常", source)
    kept = [
        row
        for row in own
        if row.day not in adjusted
        and row.source not in notice.sources
        and not (row.day.year == notice.year and row.day.month != _DECEMBER)
    ]
    return sorted([*kept, *adjusted.values()], key=lambda row: row.day)


def _days(year: int) -> Iterator[date]:
    """The days that only the notice of a year decides: December can be the next one's."""
    day = date(year, 1, 1)
    while day.month != _DECEMBER:
        yield day
        day += _ONE_DAY


def changed_days(notice: Notice, before: WorkingDays, after: WorkingDays) -> list[date]:
    """The days around the year on which offices work under one table and not the other."""
    first, last = date(notice.year - 1, _DECEMBER, 1), date(notice.year, _DECEMBER, 31)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if before.is_working_day(day) != after.is_working_day(day)]
