"""One cell: from its text to a value, or the reason why not. Answers are remembered.

A register repeats itself: statuses, dates, places, makers come again and again. Each
reader is a dictionary that computes what it has not seen yet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from services.registry.mapping.language import ValueMap, same_word
from services.registry.mapping.units import NotANumber, alike, converted
from services.registry.rules.days import DayReader, NotADay
from services.registry.rules.former_names import packed
from services.registry.rules.verdict import Standing, Verdict, eaten

LONGEST_TEXT = 500
LONGEST_KEY = 200
REMEMBERED = 20_000
MOST_MONTHS = 600

_MONTHS = re.compile(r"(\d{1,4})(?:\.0+)?\s*(?:个月|月)?", re.ASCII)
_TRAIT_ENDS = re.compile(r"[;；、]")
_ODD = re.compile(r"  |[+＋]")  # double blanks; what a spreadsheet may have eaten


class Fault(NamedTuple):
    """What is wrong with a cell. *refused*: the row cannot go in; else it is a finding."""

    code: str
    reason: str
    right: str
    refused: bool


class Read(NamedTuple):
    """What a cell says. With a refusing fault the value means nothing."""

    value: Any
    fault: Fault | None


EMPTY = Read(None, None)  # nothing stated: what holds then is for the asker to say


class Flawed(NamedTuple):
    """What is found where something is wrong. The value means nothing if the fault refuses."""

    value: Any
    fault: Fault


class Reader(dict[str, Any]):
    """From the text of a cell to its value, to None if it states nothing, or to a Flawed.

    *blank* words state nothing. Up to *plain* characters of ordinary text need no further
    look and are their own value.
    """

    def __init__(
        self, read: Callable[[str], Read], blank: frozenset[str], *, plain: int = 0
    ) -> None:
        super().__init__()
        self._read = read
        self._blank = blank | {""}
        self._longest_blank = max(map(len, self._blank))
        self._plain = plain

    def __missing__(self, text: str) -> Any:
        if len(self) >= REMEMBERED:
            self.clear()
        cell = text.strip()
        if len(cell) <= self._longest_blank and same_word(cell) in self._blank:
            value: Any = None
        elif len(cell) <= self._plain and cell.isprintable() and not _ODD.search(cell):
            value = cell
        else:
            found = self._read(cell)
            value = found.value if found.fault is None else Flawed(found.value, found.fault)
        self[text] = value
        return value


def refuse(code: str, reason: str, right: str = "") -> Read:
    return Read(None, Fault(code, reason, right, True))


def tolerant(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """What cannot be read is left out, and is a finding."""

    def left_out(text: str) -> Read:
        found = read(text)
        if found.fault is None or not found.fault.refused:
            return found
        return Read(None, found.fault._replace(refused=False))

    return left_out


def text_of(longest: int = LONGEST_TEXT) -> Callable[[str], Read]:
    """Free text on one line."""

    def read(text: str) -> Read:
        if not text.isprintable() or "  " in text:
            text = " ".join(text.split())
            if bad := next((c for c in text if unicodedata.category(c) in ("Cc", "Cs")), None):
                return refuse(
                    "control_character",
                    f"含有控制字符 U+{ord(bad):04X}",
                    "请在原系统删去后重新导出",
                )
        if len(text) > longest:
            return refuse(
                "too_long", f"超过{longest}字(这里{len(text)}字)", "可能是列错位或引号没有配对"
            )
        return Read(text, None) if text else EMPTY

    return read


def names_of(text: str) -> Read:
    """Former names, several to a cell."""
    names = packed(text)
    return text_of()(names) if names else EMPTY


def key_of(check: Callable[[str], Verdict] | None) -> Callable[[str], Read]:
    """A number or key. Without a check only what a spreadsheet has eaten is seen."""
    plain_text = text_of(LONGEST_KEY)

    def read(text: str) -> Read:
        if lost := eaten(text):
            return judged(lost)
        if check is None:
            return plain_text(text)
        return judged(check(text))

    return read


def judged(verdict: Verdict) -> Read:
    """The verdict of a rule, as a cell."""
    if verdict.standing is Standing.OK:
        return Read(verdict.value, None)
    refused = verdict.standing is Standing.IMPOSSIBLE
    fault = Fault(verdict.code, verdict.reason, verdict.right, refused)
    return Read(verdict.value or None, fault)


def checked_by(check: Callable[[str], Verdict]) -> Callable[[str], Read]:
    return lambda text: judged(check(text))


def text_checked_by(check: Callable[[str], Verdict]) -> Callable[[str], Read]:
    """Free text on one line that a rule then looks at."""
    plain_text = text_of()

    def read(text: str) -> Read:
        found = plain_text(text)
        return found if found.value is None else judged(check(found.value))

    return read


def word_of(words: Any) -> Callable[[str], Read]:
    """One of few known words, e.g. a status."""

    def read(text: str) -> Read:
        word = words.get(same_word(text))
        if word is None:
            return refuse("word_unknown", "不是约定的词", f"可用: {'、'.join(words)}")
        return Read(word, None)

    return read


def mapped(values: ValueMap, read: Callable[[str], Read]) -> Callable[[str], Read]:
    """The cell's word is looked up first."""

    def looked_up(text: str) -> Read:
        ours = values.known.get(same_word(text), values.default)
        if ours is None:
            return refuse(
                "value_unknown", "映射文件没有说明这个词", f"已知: {'、'.join(values.known)}"
            )
        return read(ours) if ours else EMPTY

    return looked_up


def day_of(days: DayReader, *, latest: date | None) -> Callable[[str], Read]:
    """A date, not after *latest*."""
    example = "写法: " + "、".join(days.formats)

    def read(text: str) -> Read:
        try:
            day = days.read(text)
        except NotADay as error:
            return refuse(error.code, error.reason, example)
        if latest is not None and day > latest:
            return refuse("date_in_future", f"完成日期{day}在今天({latest})之后", "请核对年份")
        return Read(day, None)

    return read


def months_of(text: str) -> Read:
    """A number of months."""
    found = _MONTHS.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= MOST_MONTHS:
        return refuse("cycle_unreadable", "不是月数", f"1 至 {MOST_MONTHS} 的整数")
    return Read(int(found[1]), None)


def measured(unit: str, to: str, read: Callable[[str], Read]) -> Callable[[str], Read]:
    """The number of a cell is turned into the other unit first."""

    def turned(text: str) -> Read:
        try:
            return read(converted(text, unit, to))
        except NotANumber:
            return refuse(
                "number_unreadable",
                f"不是以{unit}为单位的数",
                f"数字,或数字后写明单位: {'、'.join(alike(unit))}",
            )

    return turned


def traits_of(
    values: ValueMap | None, both: tuple[str, str] | None = None
) -> Callable[[str], Read]:
    """Conditions, cut at ; and 、; each piece is turned into the other unit, or looked up."""
    one = measured(*both, text_of()) if both else text_of()
    piece_of = mapped(values, one) if values else one

    def read(text: str) -> Read:
        pieces = [piece_of(piece.strip()) for piece in _TRAIT_ENDS.split(text) if piece.strip()]
        fault = next((piece.fault for piece in pieces if piece.fault), None)
        words = [word for piece in pieces for word in _TRAIT_ENDS.split(piece.value or "")]
        return Read(tuple(word.strip() for word in words if word.strip()), fault)

    return read
