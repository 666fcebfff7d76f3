"""Numbers that a bureau decides, each with a source and the day it took effect.

Which value is in force on a day, nearest first:

1. the bureau's own file: the series of the installation's profile, then its `all`;
2. the shipped file: the series of the profile, then `all`.

The first of these that has begun by that day decides, with its latest value. So a
profile's own value goes before a later one under `all`, and a bureau's own before both;
`overtaken` names those of a bureau's values that are older than a shipped one.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from services.chassis.policy_file import (
    ALL,
    KINDS,
    DatedValue,
    Entry,
    PolicyBroken,
    read_entries,
)
from services.chassis.profiles import UnknownProfile, profile as known_profile

__all__ = ["DatedValue", "NotInForce", "Policy", "PolicyBroken", "UnknownProfile"]

_VERSION_DIGITS = 12


class NotInForce(LookupError):
    """The policy has no such name, or no value for it on that day."""

    code = "policy_not_in_force"


@dataclass(frozen=True, slots=True)
class _Timeline:
    """decided[i] is in force from days[i] until the next of the days."""

    days: tuple[date, ...]
    decided: tuple[DatedValue, ...]

    @classmethod
    def of(cls, *series: Sequence[DatedValue]) -> _Timeline:
        """Of several series, the nearest first: a series decides as soon as it has begun."""
        decided: list[DatedValue] = []
        until = date.max
        for one in series:
            decided += [dated for dated in one if dated.since < until]
            until = min([until, *(dated.since for dated in one)])
        decided.sort(key=lambda dated: dated.since)
        return cls(tuple(dated.since for dated in decided), tuple(decided))

    def on(self, day: date) -> DatedValue | None:
        index = bisect_right(self.days, day)
        return self.decided[index - 1] if index else None


class Policy:
    """The policy.yaml of one service under one profile. It never changes once read."""

    def __init__(
        self, profile: str, shipped: Mapping[str, Entry], own: Mapping[str, Entry]
    ) -> None:
        self.profile = profile
        self._shipped = shipped
        self._own = own
        self._timelines = {
            name: _Timeline.of(*self._series(own.get(name)), *self._series(entry))
            for name, entry in shipped.items()
        }
        self._change_days = sorted({day for t in self._timelines.values() for day in t.days})
        self._versions: dict[int, str] = {}

    @classmethod
    def read(
        cls, path: Path, profile: str = "cn-current", overrides: Path | None = None
    ) -> Policy:
        """A service's policy, with a bureau's own file over it.

        Raises UnknownProfile, or PolicyBroken if a file is not as policy_file says.
        """
        known_profile(profile)
        shipped = read_entries(path)
        own = {} if overrides is None else read_entries(overrides, beneath=shipped)
        return cls(profile, shipped, own)

    @property
    def names(self) -> list[str]:
        """All names, in the order of the file."""
        return list(self._shipped)

    def label(self, name: str) -> str:
        """What a clerk calls it. Raises NotInForce if the name is unknown."""
        self._timeline(name)
        return self._shipped[name].label

    def unit(self, name: str) -> str:
        """What the value counts or may be. Raises NotInForce if the name is unknown."""
        self._timeline(name)
        return self._shipped[name].unit

    def number(self, name: str, *, on: date) -> int:
        """The whole number in force on a day. Raises NotInForce, PolicyBroken if it is none."""
        value = self._in_force(name, on).value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._is_not("number", name, on)
        return value

    def text(self, name: str, *, on: date) -> str:
        """The text in force on a day. Raises NotInForce, PolicyBroken if it is none."""
        value = self._in_force(name, on).value
        if not isinstance(value, str):
            raise self._is_not("text", name, on)
        return value

    def flag(self, name: str, *, on: date) -> bool:
        """Whether something holds on a day. Raises NotInForce, PolicyBroken if no flag."""
        value = self._in_force(name, on).value
        if not isinstance(value, bool):
            raise self._is_not("flag", name, on)
        return value

    def table(self, name: str, *, on: date) -> list[dict[str, Any]]:
        """The rows in force on a day: the same list at every call, to be read and not changed.

        Raises NotInForce, or PolicyBroken if it is no table.
        """
        value = self._in_force(name, on).value
        if not isinstance(value, list):
            raise self._is_not("table", name, on)
        return value

    def source(self, name: str, *, on: date) -> str:
        """Where the value in force on a day comes from. Raises NotInForce."""
        return self._in_force(name, on).source

    def explain(self, name: str, *, on: date) -> dict[str, Any]:
        """What to show a person about the value in force on a day; fit for JSON.

        Keys: name, label, unit, value, in_force_since (ISO day), source, silent_on,
        own (whether the bureau itself decided it). Raises NotInForce.
        """
        decided = self._in_force(name, on)
        entry = self._shipped[name]
        return {
            "name": name,
            "label": entry.label,
            "unit": entry.unit,
            "value": json.loads(_canonical(decided.value)),
            "in_force_since": decided.since.isoformat(),
            "source": decided.source,
            "silent_on": decided.silent_on,
            "own": decided.own,
        }

    def history(self, name: str) -> list[DatedValue]:
        """The values of a name that ever decide under this profile, in the order of days.

        Raises NotInForce if the name is unknown.
        """
        return list(self._timeline(name).decided)

    def version(self, *, on: date) -> str:
        """Twelve hex digits for all values in force on a day, and for nothing else."""
        stretch = bisect_right(self._change_days, on)
        if stretch not in self._versions:
            in_force = {
                name: decided.value
                for name, timeline in self._timelines.items()
                if (decided := timeline.on(on)) is not None
            }
            digest = sha256(_canonical(in_force).encode()).hexdigest()
            self._versions[stretch] = digest[:_VERSION_DIGITS]
        return self._versions[stretch]

    def overtaken(self, *, on: date) -> list[str]:
        """Names whose value the bureau set before the shipped one beneath it took effect.

        The bureau's value is in force; somebody should look whether it still should be.
        """
        return [
            name
            for name in self._own
            if (decided := self._timelines[name].on(on)) is not None
            and decided.own
            and (beneath := _Timeline.of(*self._series(self._shipped[name])).on(on)) is not None
            and beneath.since > decided.since
        ]

    def _in_force(self, name: str, on: date) -> DatedValue:
        timeline = self._timelines.get(name) or self._timeline(name)
        decided = timeline.on(on)
        if decided is None:
            raise NotInForce(self._why_none(name, on))
        return decided

    def _timeline(self, name: str) -> _Timeline:
        timeline = self._timelines.get(name)
        if timeline is None:
            near = get_close_matches(name, self._shipped, n=1)
            meant = f"; 是否为 {near[0]}" if near else ""
            raise NotInForce(f"政策中没有 {name}{meant}")
        return timeline

    def _why_none(self, name: str, on: date) -> str:
        place = f"{self._shipped[name].label} ({name}) 在 {on} 没有有效的值"
        if days := self._timelines[name].days:
            return f"{place}: 取值方案 {self.profile} 中最早自 {days[0]} 起"
        held = ", ".join(self._shipped[name].series)
        return f"{place}: 取值方案 {self.profile} 中没有任何值, 只有 {held} 有"

    def _is_not(self, kind: str, name: str, on: date) -> PolicyBroken:
        decided = self._in_force(name, on)
        wrong = f"{decided.since} 的值是 {decided.value!r}"
        return PolicyBroken(decided.file, name, wrong, KINDS[kind])

    def _series(self, entry: Entry | None) -> list[tuple[DatedValue, ...]]:
        series: Mapping[str, tuple[DatedValue, ...]] = {} if entry is None else entry.series
        return [series[under] for under in (self.profile, ALL) if under in series]


def _canonical(value: object) -> str:
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
