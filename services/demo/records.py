"""When things were last done and are due again, seen from the day of the census.

Days are ordinals here (`date.toordinal`): far cheaper than dates, over 100,000 rows and more.
"""

from calendar import monthrange
from datetime import date
from functools import cache
from random import Random
from typing import NamedTuple


class Custom(NamedTuple):
    """How one kind of thing is looked after.

    `months`: the cycle. `stated`: of 100, how many carry the next date. `short`: it is the last
    day of validity (检定证书“有效期至”), the day before the cycle is full.
    """

    months: int
    stated: int
    short: bool = False


class Record(NamedTuple):
    """The last time, and the next. `renewed_after`: days, 0 for what is not overdue."""

    done: int
    due: int
    stated: bool
    renewed_after: int
    custom: Custom


@cache
def month_end(day: int) -> int:
    """The last day of the month of `day`."""
    then = date.fromordinal(day)
    return day - then.day + monthrange(then.year, then.month)[1]


@cache
def plus_months(day: int, months: int) -> int:
    """`months` calendar months after (before, if negative), clipped to the end of the month."""
    then = date.fromordinal(day)
    year, month = divmod(then.year * 12 + then.month - 1 + months, 12)
    return date(year, month + 1, min(then.day, monthrange(year, month + 1)[1])).toordinal()


def due(done: int, custom: Custom) -> int:
    """The next date, as a body writes it."""
    return plus_months(done, custom.months) - custom.short


LATE_OWNERS = 0.10
"""Every tenth owner tends to be late: what is overdue stands together, as in life."""
_OVERDUE = {True: 0.42, False: 0.032}
_UNKNOWN = 0.013
_HABIT = 0.28


class Past:
    """What happened before the day of the census, `on`."""

    def __init__(self, on: date) -> None:
        self.on = on.toordinal()

    def record(self, chance: Random, custom: Custom, *, late: bool) -> Record | None:
        """The last record of a thing; None where nobody knows one."""
        where = chance.random()
        if where < _UNKNOWN:
            return None
        overdue = where < _UNKNOWN + _OVERDUE[late]
        done = self._missed(chance, custom) if overdue else self._kept(chance, custom)
        stated = chance.random() * 100 < custom.stated
        renewed_after = 1 + int(chance.expovariate(1 / 25)) if overdue else 0
        return Record(done, due(done, custom), stated, renewed_after, custom)

    def renewed(self, record: Record) -> Record:
        """The record of the passing that ends an overdue one."""
        done = self.on + record.renewed_after
        return record._replace(done=done, due=due(done, record.custom), renewed_after=0)

    def checked(self, chance: Random, *, late: bool) -> int:
        """The last of the owner's own yearly checks; when `late`, it may be older."""
        return self.on - int(chance.random() * (500 if late else 330))

    def seen_inside(self, chance: Random, *, late: bool) -> int:
        """The last internal inspection of a boiler; when `late`, it may be older."""
        return self.on - int(chance.random() * (850 if late else 700))

    def maintained(self, chance: Random, *, late: bool) -> int:
        """The last maintenance of an elevator; when `late`, it may be older."""
        return self.on - int(chance.random() * (25 if late else 14))

    def begun(self, chance: Random, record: Record | None, life: int) -> int:
        """Day of first use: before the last record, and not more than `life` years ago."""
        latest = record.done if record else self.on
        earliest = max(self.on - life * 365, 0)
        return latest - int(chance.random() ** 2 * max(latest - earliest, 30))

    def _kept(self, chance: Random, custom: Custom) -> int:
        window = self.on - plus_months(self.on, -custom.months)
        done = self.on - int(chance.random() * window)
        end = month_end(done)
        if chance.random() < _HABIT and end <= self.on:
            done = end
        else:
            done = min(done + _days_to_monday(done), self.on)
        return done if due(done, custom) >= self.on else done + 1 + custom.short

    def _missed(self, chance: Random, custom: Custom) -> int:
        days = min(int(chance.expovariate(1 / 70)), 900)
        done = plus_months(self.on, -custom.months) - 1 - days
        if chance.random() < _HABIT:
            return month_end(plus_months(done, -1))
        return done - _days_since_friday(done)


def _days_to_monday(day: int) -> int:
    """0 from Monday to Friday: the bodies do not work on weekends."""
    return (0, 0, 0, 0, 0, 2, 1)[(day - 1) % 7]


def _days_since_friday(day: int) -> int:
    return (0, 0, 0, 0, 0, 1, 2)[(day - 1) % 7]


@cache
def text_of(day: int, style: str) -> str:
    """A day as a file writes it, e.g. `%Y/%m/%d`."""
    return date.fromordinal(day).strftime(style)
