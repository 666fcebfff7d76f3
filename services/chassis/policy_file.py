"""How a policy.yaml is written, and what is said when something else stands in it.

    days_to_correct:
      label: 不良信息公布后的改正期限
      unit: 日
      source: 中国质量新闻网 2013-12-13
      silent_on: 未说明期满日为休假日时是否顺延
      values:
        2013-12-13: 15
        2026-01-01: {value: 20, source: ..., silent_on: ...}

`values` holds days, or such a list of days for each profile and under `all` for every
profile. A bureau's own file has the same shape; it may only add values, with a source,
to names that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from services.chassis.profiles import profiles

Value = str | int | bool | list[dict[str, Any]]

ALL = "all"
KINDS = {
    "number": "整数",
    "text": "文字",
    "flag": "true 或 false",
    "table": "表 (每行一个映射)",
}
_ENTRY_KEYS = ("label", "unit", "source", "silent_on", "values")
_VALUE_KEYS = ("value", "source", "silent_on")
_SHAPE = "values: {2013-12-13: 15} 或 values: {all: {2013-12-13: 15}}"


class PolicyBroken(ValueError):
    """A policy file cannot be used: names the file, the entry and what would be right."""

    code = "policy_broken"

    def __init__(self, file: Path, entry: str, wrong: str, right: str) -> None:
        super().__init__(f"{file}: {entry}: {wrong}; 应为 {right}")
        self.file = file
        self.entry = entry


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from the day it took effect. `own`: the bureau itself set it."""

    since: date
    value: Value
    source: str
    silent_on: str
    own: bool
    file: Path


@dataclass(frozen=True)
class Entry:
    """One name in one file. Its series by profile or `all`, each in the order of days."""

    name: str
    label: str
    unit: str
    file: Path
    series: Mapping[str, tuple[DatedValue, ...]]


def kind_of(value: object) -> str | None:
    """number, text, flag or table; None for what a policy cannot hold."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "number"
    if isinstance(value, str):
        return "text"
    return "table" if isinstance(value, list) and all(map(_is_row, value)) else None


def read_entries(path: Path, *, beneath: Mapping[str, Entry] | None = None) -> dict[str, Entry]:
    """The entries of a file; with `beneath`, of a bureau's file that lies over those.

    Raises PolicyBroken at the first thing that is wrong.
    """
    written = _load(path)
    return {name: _Reading(path, name, beneath).entry(raw) for name, raw in written.items()}


@dataclass(frozen=True)
class _Reading:
    """The reading of one entry of a file."""

    file: Path
    name: str
    beneath: Mapping[str, Entry] | None

    def entry(self, raw: object) -> Entry:
        if not isinstance(raw, dict) or not isinstance(raw.get("values"), dict):
            raise self.broken("没有 values", f"一个带有 values 的映射, 例如 {_SHAPE}")
        self._known_keys(raw, _ENTRY_KEYS)
        label, unit = self._named(raw)
        series = {
            under: tuple(sorted(self._dated(days, under, raw), key=lambda dated: dated.since))
            for under, days in self._by_series(raw["values"]).items()
        }
        self._one_kind(series)
        return Entry(self.name, label, unit, self.file, series)

    def broken(self, wrong: str, right: str) -> PolicyBroken:
        return PolicyBroken(self.file, self.name, wrong, right)

    def _known_keys(self, raw: Mapping[Any, object], known: tuple[str, ...]) -> None:
        unknown = sorted(str(key) for key in raw if key not in known)
        if unknown:
            raise self.broken(f"不认识 {', '.join(unknown)}", f"只写 {', '.join(known)}")

    def _named(self, raw: Mapping[str, object]) -> tuple[str, str]:
        if self.beneath is None:
            return self._text(raw, "label"), self._text(raw, "unit")
        known = self.beneath.get(self.name)
        if known is None:
            raise self.broken("没有这一项", f"下列之一: {', '.join(sorted(self.beneath))}")
        for key, shipped in (("label", known.label), ("unit", known.unit)):
            if raw.get(key, shipped) != shipped:
                raise self.broken(f"改了 {key}", f"{shipped} (本局文件只能增加带日期的值)")
        return known.label, known.unit

    def _text(self, raw: Mapping[str, object], key: str) -> str:
        text = raw.get(key)
        if not isinstance(text, str) or not text.strip():
            raise self.broken(f"没有 {key}", f"{key}: 一段不空的文字")
        return text.strip()

    def _by_series(self, values: dict[Any, Any]) -> dict[str, Any]:
        if not values:
            raise self.broken("values 是空的", _SHAPE)
        if all(_is_day(key) for key in values):
            return {ALL: values}
        known = [*profiles(), ALL]
        for key, days in values.items():
            if key not in known:
                right = f"不加引号的日期 2013-12-13, 或全部写成 {', '.join(known)} 之一"
                raise self.broken(f"values 里有 {key}", right)
            if not isinstance(days, dict) or not days:
                raise self.broken(f"{key} 下没有带日期的值", f"{key}: {{2013-12-13: 15}}")
        return values

    def _dated(
        self, days: dict[Any, object], under: str, raw: Mapping[str, object]
    ) -> Iterator[DatedValue]:
        for day, value in days.items():
            if not _is_day(day):
                raise self.broken(f"{under} 下有 {day}", "不加引号的日期 2013-12-13")
            long: dict[str, Any] = value if isinstance(value, dict) else {"value": value}
            self._known_keys(long, _VALUE_KEYS)
            if kind_of(long.get("value")) is None:
                right = f"{'、'.join(KINDS.values())}之一"
                raise self.broken(f"{day} 的值是 {long.get('value')!r}", right)
            source, silent_on = self._told(day, long, raw)
            own = self.beneath is not None
            yield DatedValue(day, long["value"], source, silent_on, own, self.file)

    def _told(
        self, day: date, long: Mapping[str, object], raw: Mapping[str, object]
    ) -> tuple[str, str]:
        source, silent_on = (long.get(key, raw.get(key, "")) for key in ("source", "silent_on"))
        if not isinstance(source, str) or not source.strip():
            raise self.broken(f"{day} 的值没有 source", "source: 文件名称和日期")
        if not isinstance(silent_on, str):
            raise self.broken(f"silent_on 是 {silent_on!r}", "一段文字, 出处无遗漏时不写")
        return source.strip(), silent_on.strip()

    def _one_kind(self, series: Mapping[str, tuple[DatedValue, ...]]) -> None:
        known = series if self.beneath is None else self.beneath[self.name].series
        first = next(iter(known.values()))[0]
        for dated in (dated for days in series.values() for dated in days):
            if kind_of(dated.value) != kind_of(first.value):
                right = f"{KINDS[str(kind_of(first.value))]}, 与 {first.since} 的值一样"
                raise self.broken(f"{dated.since} 的值是 {dated.value!r}", right)


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and all(isinstance(column, str) for column in row)


def _is_day(key: object) -> bool:
    return isinstance(key, date) and not isinstance(key, datetime)


def _load(path: Path) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        twice = _written_twice(yaml.compose(text, Loader=yaml.SafeLoader))
        written = yaml.safe_load(text)
    except OSError as error:
        raise PolicyBroken(path, "文件", "读不到", "一个可读的文件") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: 2013-02-30, or not UTF-8
        raise PolicyBroken(path, "文件", str(error), "UTF-8 编码的 YAML") from error
    if twice is not None:  # YAML itself would keep the last one and say nothing
        line = twice.start_mark.line + 1
        raise PolicyBroken(path, f"第{line}行", f"{twice.value} 写了两次", "只写一次")
    if not isinstance(written, dict | None) or not _is_row(written or {}):
        right = "名称: {label, unit, source, values}, 名称是文字"
        raise PolicyBroken(path, "文件", "不是由名称到条目的映射", right)
    return written or {}


def _written_twice(node: yaml.Node | None) -> yaml.ScalarNode | None:
    if isinstance(node, yaml.SequenceNode):
        parts = list(node.value)
    elif isinstance(node, yaml.MappingNode):
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        seen: set[str] = set()
        for key in keys:
            if key.value in seen:
                return key
            seen.add(key.value)
        parts = [part for _, part in node.value]
    else:
        return None
    return next((found for part in parts if (found := _written_twice(part))), None)
