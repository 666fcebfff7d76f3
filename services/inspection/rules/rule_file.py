"""How a rule table is written (CSV), and what is said when something else stands in it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from services.events.registry import DutyKind, ObjectKind
from services.inspection.model import DutyRule

COLUMNS = (
    *("id", "label", "object_kind", "class_codes", "traits", "duty", "months", "days"),
    *("first_months", "scheduled_years", "early_months", "aged_years", "aged_months", "met_by"),
    *("required", "apply_by_months", "apply_by_days", "endangers_safety", "valid_from"),
    *("source", "confidence", "note"),
)
_YES_NO = {"yes": True, "no": False}
_MOST_MONTHS = 1200
NEVER_AGAIN = "0"  # a cycle of no months: after this it must not be used any more

E = TypeVar("E", bound=StrEnum)


class RuleTableBroken(ValueError):
    """A rule table cannot be used; names the file, the line, the column and what is right."""

    code = "rule_table_broken"


def read_rules(path: Path) -> list[DutyRule]:
    """The rules of one file (UTF-8 or GB 18030), in its order. Raises RuleTableBroken."""
    rows = csv.DictReader(_text(path).splitlines(), strict=True)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise RuleTableBroken(f"{path}: 第一行应为 {','.join(COLUMNS)}")
    found: dict[str, DutyRule] = {}
    for line, row in _numbered(path, rows):
        rule = _Row(path, line, row).rule()
        if rule.version_id in found:
            raise RuleTableBroken(f"{path}: 第{line}行: {rule.version_id} 写了两次, 只应有一行")
        found[rule.version_id] = rule
    return list(found.values())


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RuleTableBroken(
            f"{path}: 读不到 ({error.strerror}), 应为一个可读的文件"
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise RuleTableBroken(f"{path}: 既不是 UTF-8 也不是 GB 18030 编码的文本") from error


def _numbered(path: Path, rows: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        for row in rows:
            if None in row or None in row.values():
                raise RuleTableBroken(f"{path}: 第{rows.line_num}行: 应为 {len(COLUMNS)} 列")
            yield rows.line_num, {name: cell.strip() for name, cell in row.items()}
    except csv.Error as error:
        raise RuleTableBroken(f"{path}: 第{rows.line_num}行: {error}") from error


class _Row:
    """The reading of one line."""

    def __init__(self, path: Path, line: int, row: dict[str, str]) -> None:
        self.path = path
        self.line = line
        self.row = row

    def rule(self) -> DutyRule:
        years = self._numbers("scheduled_years")
        rule = DutyRule(
            id=self._filled("id"),
            label=self._filled("label"),
            object_kind=self._word("object_kind", ObjectKind),
            classes=tuple(self._filled("class_codes").split("|")),
            traits=frozenset(tidy_trait(t) for t in self.row["traits"].split("|") if t),
            duty=self._word("duty", DutyKind),
            months=0 if self.row["months"] == NEVER_AGAIN else self._number("months"),
            days=self._number("days"),
            first_months=self._number("first_months"),
            schedule_years=years,
            early_months=self._number("early_months") or 0,
            aged_years=self._number("aged_years"),
            aged_months=self._number("aged_months"),
            met_by=self._word("met_by", DutyKind) if self.row["met_by"] else None,
            required=self._one_of("required", _YES_NO),
            apply_by_months=self._number("apply_by_months"),
            apply_by_days=self._number("apply_by_days"),
            endangers_safety=self._one_of("endangers_safety", _YES_NO),
            valid_from=self._day("valid_from"),
            source=self._filled("source"),
            confidence=self._filled("confidence"),
            note=self.row["note"],
        )
        if years and rule.months is None:
            raise self._broken("months", "写了 scheduled_years 的, 还应有其后的周期 (月)")
        if rule.days is not None and (rule.months is not None or years):
            raise self._broken("days", "按日计的周期不能与 months 或 scheduled_years 同写")
        if (rule.aged_years is None) != (rule.aged_months is None):
            raise self._broken("aged_years", "应与 aged_months 同写")
        if rule.met_by is rule.duty:
            raise self._broken("met_by", "应为另一项义务, 或留空")
        return rule

    def _broken(self, column: str, right: str) -> RuleTableBroken:
        place = f"{self.path}: 第{self.line}行 {column} 列"
        return RuleTableBroken(f"{place}: 是 {self.row[column]!r}, {right}")

    def _filled(self, column: str) -> str:
        if not self.row[column]:
            raise self._broken(column, "应填写")
        return self.row[column]

    def _one_of(self, column: str, words: dict[str, Any]) -> Any:
        if self.row[column] not in words:
            raise self._broken(column, f"应为 {' 或 '.join(words)}")
        return words[self.row[column]]

    def _word(self, column: str, words: type[E]) -> E:
        found: E = self._one_of(column, {word.value: word for word in words})
        return found

    def _number(self, column: str) -> int | None:
        cell = self.row[column]
        return self._whole(column, cell) if cell else None

    def _numbers(self, column: str) -> tuple[int, ...]:
        numbers = tuple(self._whole(column, n) for n in self.row[column].split("|") if n)
        if list(numbers) != sorted(set(numbers)):
            raise self._broken(column, "应从小到大, 不重复")
        return numbers

    def _whole(self, column: str, cell: str) -> int:
        if not (cell.isascii() and cell.isdigit() and 0 < int(cell) <= _MOST_MONTHS):
            raise self._broken(column, f"应为 1 至 {_MOST_MONTHS} 的整数, 或留空")
        return int(cell)

    def _day(self, column: str) -> date:
        written = self.row[column].replace("/", "-")  # spreadsheets save 2024/4/2
        try:
            year, month, day = (int(part) for part in written.split("-"))
            return date(year, month, day)
        except ValueError:
            raise self._broken(column, "应写成 2024-04-02 这样的日期") from None


def tidy_trait(trait: str) -> str:
    """As traits are compared: without blanks at the ends, capitals or not."""
    return " ".join(trait.split()).casefold()
