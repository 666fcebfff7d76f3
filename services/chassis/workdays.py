"""Working days in mainland China, with the days that the yearly notices move.

Days are Beijing days. data/working_days.csv has the days of 2004 to 2026 on
which a notice departs from Monday to Friday. A year without a notice is
Monday to Friday minus the statutory days of data/statutory_days.yaml, and
every day of it is provisional: a deadline in it is to be counted again when
the notice is loaded. Counting never fails, whatever the year.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

_DATA = Path(__file__).parent / "data"
_COLUMNS = ["day", "works", "name", "source"]
_WORKS = {"是": True, "否": False}
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_DECEMBER = 12


class WorkingDaysBroken(ValueError):
    """A table of adjusted days cannot be read; the message says where and what is right."""

    code = "working_days_broken"


@dataclass(frozen=True, slots=True)
class AdjustedDay:
    """One day on which a notice departs from Monday to Friday.

    works   True for a weekend that works, False for a weekday that rests
    name    the holiday it belongs to
    source  the notice
    """

    day: date
    works: bool
    name: str
    source: str


@dataclass(frozen=True)
class StatutoryDays:
    """The days off that the law itself names; where they fall needs no notice.

    every_year     (month, day) of those bound to the solar year
    computed       those bound to moon and sun, for the years that are tabulated
    in_force_from  from this day the law rests them also in a year with a notice
    """

    every_year: frozenset[tuple[int, int]] = frozenset()
    computed: frozenset[date] = frozenset()
    in_force_from: date = date.max

    def __contains__(self, day: date) -> bool:
        return (day.month, day.day) in self.every_year or day in self.computed


class WorkingDays:
    """Which days work. Built from adjusted days; of two for one day, the later one holds."""

    def __init__(
        self, adjusted: Iterable[AdjustedDay], statutory: StatutoryDays | None = None
    ) -> None:
        self._adjusted = {row.day: row for row in adjusted}
        self._statutory = statutory or StatutoryDays()
        self._announced = {
            # a notice reaches back into the December before its year, so that says nothing
            day.year
            for day in self._adjusted
            if day.month != _DECEMBER
        }

    def over(self, newer: Iterable[AdjustedDay]) -> WorkingDays:
        """These working days with newer adjusted days laid over them."""
        return WorkingDays([*self._adjusted.values(), *newer], self._statutory)

    def adjustment(self, day: date) -> AdjustedDay | None:
        """The notice that moved this day, to show beside a deadline; None if none did."""
        return self._adjusted.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on a day."""
        adjusted = self._adjusted.get(day)
        if adjusted is not None:
            return adjusted.works
        return day.weekday() < _SATURDAY and not self._rests_by_law(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the notice for the year of a day is still missing."""
        return day.year not in self._announced

    def next_working_day(self, day: date) -> date:
        """The day itself if it works, otherwise the first working day after it."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after a day, which is not counted; before it if n is negative.

        n = 0 is the day itself, whether it works or not.
        """
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def _rests_by_law(self, day: date) -> bool:
        # A notice typed in only half must not turn a statutory day into a working day;
        # before the present law other days rested, and those years have complete notices.
        governed = day >= self._statutory.in_force_from or self.is_provisional(day)
        return governed and day in self._statutory


def read(path: Path) -> list[AdjustedDay]:
    """The adjusted days of a CSV file with the columns day, works (是 or 否), name, source.

    UTF-8 or GB 18030, as spreadsheets save it. Raises WorkingDaysBroken.
    """
    lines = csv.DictReader(_text(path).splitlines(), strict=True)
    if lines.fieldnames != _COLUMNS:
        raise WorkingDaysBroken(f"{path}: 第一行应为 {','.join(_COLUMNS)}")
    rows = list(_rows(path, lines))
    if len({row.day for row in rows}) < len(rows):
        raise WorkingDaysBroken(f"{path}: 同一天写了两次: {_repeated(rows)}, 每天只应有一行")
    return rows


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise WorkingDaysBroken(f"{path}: 既不是 UTF-8 也不是 GB 18030 编码的文本") from error


def _rows(path: Path, lines: csv.DictReader[str]) -> Iterator[AdjustedDay]:
    try:
        for line in lines:
            yield _row(line)
    except (ValueError, csv.Error) as error:
        place = f"{path}: 第{lines.line_num}行"
        raise WorkingDaysBroken(f"{place}: {error}") from error


def _row(line: dict[str, str]) -> AdjustedDay:
    if None in line or None in line.values():
        raise ValueError(f"应为 {len(_COLUMNS)} 列: {','.join(_COLUMNS)}")
    filled = {column: value.strip() for column, value in line.items()}
    try:
        # spreadsheets write 2027/2/5 when they save
        year, month, day = (int(part) for part in filled["day"].replace("/", "-").split("-"))
        on = date(year, month, day)
    except ValueError as error:
        raise ValueError(f"日期 {filled['day']!r} 应写成 2027-02-05 这样") from error
    if filled["works"] not in _WORKS:
        raise ValueError(f"works 是 {filled['works']!r}, 应为 是 (上班) 或 否 (休息)")
    if not filled["source"]:
        raise ValueError("缺少 source: 应写通知的名称")
    return AdjustedDay(on, _WORKS[filled["works"]], filled["name"], filled["source"])


def _repeated(rows: list[AdjustedDay]) -> str:
    days = [row.day for row in rows]
    return ", ".join(sorted({day.isoformat() for day in days if days.count(day) > 1}))


@cache
def shipped() -> WorkingDays:
    """The calendar that comes with the product, read once."""
    law = yaml.safe_load((_DATA / "statutory_days.yaml").read_text(encoding="utf-8"))
    every_year = [day for days in law["every_year"].values() for day in days]
    computed = [
        day for lists in law["computed"]["days"].values() for days in lists for day in days
    ]
    statutory = StatutoryDays(
        every_year=frozenset((int(day[:2]), int(day[3:])) for day in every_year),
        computed=frozenset(computed),
        in_force_from=law["rule"]["in_force_from"],
    )
    return WorkingDays(read(_DATA / "working_days.csv"), statutory)


_loaded: WorkingDays | None = None


def load(path: Path | None) -> None:
    """Lay a bureau's own CSV of a newer notice over the shipped calendar, for this process.

    The call before is replaced; None goes back to the shipped calendar alone.
    Raises WorkingDaysBroken, and then nothing has changed.
    """
    global _loaded
    _loaded = None if path is None else shipped().over(read(path))


def in_use() -> WorkingDays:
    """The calendar that the functions below ask."""
    return _loaded or shipped()


def is_working_day(day: date) -> bool:
    """Whether offices work on a Beijing day."""
    return in_use().is_working_day(day)


def is_provisional(day: date) -> bool:
    """Whether the notice for the year of a day is still missing."""
    return in_use().is_provisional(day)


def next_working_day(day: date) -> date:
    """The day itself if it works, otherwise the first working day after it."""
    return in_use().next_working_day(day)


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after a day, which is not counted."""
    return in_use().add_working_days(day, n)
