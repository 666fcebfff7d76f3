"""Dates as sources write them. Only what is certain is read: no two-digit years, no guessing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

EXCEL = "excel"
USUAL = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
EARLIEST = date(1900, 1, 1)

_EXCEL_DAY_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"\d{1,6}(\.\d+)?")
_DIRECTIVES = {"%Y": r"(?P<Y>\d{4})", "%m": r"(?P<m>\d{1,2})", "%d": r"(?P<d>\d{1,2})"}
_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"


class NotADay(Exception):
    """A text is no date. *code* is stable, *reason* is Chinese."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class FormatBroken(Exception):
    """A date format that cannot be read without guessing."""


@dataclass(frozen=True)
class DayReader:
    """Reads dates written in one of some formats. Without a day: first or last of the month."""

    formats: tuple[str, ...]
    last_of_month: bool
    _patterns: tuple[re.Pattern[str] | None, ...]

    @classmethod
    def of(cls, formats: Sequence[str], *, last_of_month: bool) -> DayReader:
        """Raises FormatBroken. ISO dates are always read: date cells of XLSX come as such."""
        patterns = tuple(None if one == EXCEL else _pattern(one) for one in formats)
        return cls(tuple(formats), last_of_month, (*patterns, _pattern("%Y-%m-%d")))

    def read(self, text: str) -> date:
        """Raises NotADay."""
        for pattern in self._patterns:
            if pattern is None:
                if _SERIAL.fullmatch(text):
                    return _plausible(_EXCEL_DAY_ZERO + timedelta(days=int(float(text))), text)
            elif found := pattern.fullmatch(text):
                return _plausible(self._day(found.groupdict(), text), text)
        raise NotADay("date_unreadable", "不是约定写法的日期")

    def _day(self, parts: dict[str, str], text: str) -> date:
        try:
            day = date(int(parts["Y"]), int(parts["m"]), int(parts.get("d") or 1))
        except ValueError:
            raise NotADay("date_impossible", "没有这一天") from None
        if "d" not in parts and self.last_of_month:
            return day + relativedelta(months=1, days=-1)
        return day


def _plausible(day: date, text: str) -> date:
    if day < EARLIEST:
        raise NotADay("date_impossible", f"{text}早于{EARLIEST.year}年")
    return day


def _pattern(one: str) -> re.Pattern[str]:
    """Adjacent digits (%Y%m%d) have fixed widths; with something between, 2015-3-2 is read."""
    pieces = re.split(r"(%.)", one)
    named = [piece for piece in pieces if piece.startswith("%")]
    if unknown := sorted(set(named) - set(_DIRECTIVES)):
        raise FormatBroken(f"{unknown[0]}: only %Y, %m and %d are read (no two-digit years)")
    if sorted(named) not in (["%Y", "%d", "%m"], ["%Y", "%m"]):
        raise FormatBroken(f"{one!r} must name %Y and %m once, and %d at most once")
    packed = "%m%d" in one or "%Y%m" in one or "%d%m" in one or "%m%Y" in one
    body = "".join(_DIRECTIVES.get(piece) or re.escape(piece) for piece in pieces)
    return re.compile((body.replace("{1,2}", "{2}") if packed else body) + _TIME)
