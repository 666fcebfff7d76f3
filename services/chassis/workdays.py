"""Working days in mainland China, with the days that the yearly notices move.

Days are Beijing days. data/working_days.csv has the days of 2004 to 2026 on
which a notice departs from Monday to Friday. A year without a notice is
Monday to Friday minus the statutory days of data/statutory_days.yaml, and
every day of it is provisional: a deadline in it is to be counted again when
the notice is loaded. Counting never fails, whatever the year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import structlog
import yaml

from services.chassis.workday_table import AdjustedDay, WorkingDaysBroken, read

__all__ = [
    "AdjustedDay",
    "StatutoryDays",
    "WorkingDays",
    "WorkingDaysBroken",
    "add_working_days",
    "follow",
    "in_use",
    "is_provisional",
    "is_working_day",
    "load",
    "next_working_day",
    "read",
    "shipped",
    "statutory",
    "statutory_days_a_year",
]

_DATA = Path(__file__).parent / "data"
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_DECEMBER = 12

log = structlog.get_logger()


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


@cache
def _law() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (_DATA / "statutory_days.yaml").read_text(encoding="utf-8")
    )
    return found


@cache
def statutory() -> StatutoryDays:
    """The days that the law itself rests."""
    law = _law()
    every_year = [day for days in law["every_year"].values() for day in days]
    computed = [
        day for lists in law["computed"]["days"].values() for days in lists for day in days
    ]
    return StatutoryDays(
        every_year=frozenset((int(day[:2]), int(day[3:])) for day in every_year),
        computed=frozenset(computed),
        in_force_from=law["rule"]["in_force_from"],
    )


def statutory_days_a_year() -> int:
    """How many days off the law gives in a year."""
    return int(_law()["rule"]["days_a_year"])


@cache
def shipped() -> WorkingDays:
    """The calendar that comes with the product, read once."""
    return WorkingDays(read(_DATA / "working_days.csv"), statutory())


_loaded: WorkingDays | None = None
_followed: Path | None = None
_stamp: tuple[int, int] | None = None


def load(path: Path | None) -> None:
    """Lay a bureau's own CSV of a newer notice over the shipped calendar, for this process.

    The call before is replaced; None goes back to the shipped calendar alone.
    Raises WorkingDaysBroken, and then nothing has changed.
    """
    global _loaded, _followed
    _loaded = None if path is None else shipped().over(read(path))
    _followed = None


def follow(path: Path) -> None:
    """As `load`, and again whenever the file changes, appears or goes.

    Raises WorkingDaysBroken now; later a broken table is logged and the last good one holds:
    counting never fails.
    """
    global _followed, _stamp
    stamp = _stamp_of(path)
    load(path if stamp else None)
    _followed, _stamp = path, stamp


def in_use() -> WorkingDays:
    """The calendar that the functions below ask."""
    if _followed is not None and (stamp := _stamp_of(_followed)) != _stamp:
        _read_again(_followed, stamp)
    return _loaded or shipped()


def _read_again(path: Path, stamp: tuple[int, int] | None) -> None:
    global _loaded, _stamp
    _stamp = stamp
    try:
        _loaded = shipped().over(read(path)) if stamp else None
    except (WorkingDaysBroken, OSError) as error:
        log.error("working_days_broken", path=str(path), reason=str(error))
    else:
        log.info("working_days_read_again", path=str(path))


def _stamp_of(path: Path) -> tuple[int, int] | None:
    """What tells one state of a file from the next; None: there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino)


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
