"""月份运算 — calendar months: the same day of another month, or that month's last day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

_MONTHS = 12
_FIRST = date.min.year * _MONTHS
_LAST = date.max.year * _MONTHS + _MONTHS - 1
_SAFE_DAY = 28  # every month has it


def months_later(day: date, months: int) -> date:
    """月份运算按日历月,没有对应日的取月末日: 8月31日加6个月是2月28日 (闰年29日).

    Stops at the first and last day that a date can hold: 9999-12-31 means 长期有效.
    """
    count = day.year * _MONTHS + day.month - 1 + months
    if count > _LAST:
        return date.max
    if count < _FIRST:
        return date.min
    year, month = divmod(count, _MONTHS)
    if day.day <= _SAFE_DAY:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_earlier(day: date, months: int) -> date:
    """The same, backwards."""
    return months_later(day, -months)


def days_earlier(day: date, days: int) -> date:
    """So many days before, but not before the first day that a date can hold."""
    return date.min if day.toordinal() <= days else day - timedelta(days=days)


def days_later(day: date, days: int) -> date:
    """So many days after, but not after the last day that a date can hold."""
    left = date.max.toordinal() - day.toordinal()
    return date.max if days >= left else day + timedelta(days=days)


def day_after(day: date) -> date:
    """The next day; the last day that a date can hold has none and stays."""
    return day if day == date.max else day + timedelta(days=1)


def whole_months(start: date, until: date) -> int:
    """How many whole months a period has whose last day is *until*.

    Certificates run to the day before the anniversary as often as to the anniversary itself:
    from 2026-01-15 both to 2027-01-14 and to 2027-01-15 is 12.
    """
    end = day_after(until)
    months = (end.year - start.year) * _MONTHS + end.month - start.month
    while months > 0 and months_later(start, months) > end:
        months -= 1
    return max(months, 0)
