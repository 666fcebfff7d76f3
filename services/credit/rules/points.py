"""信息点 — how the bureau's own credit work stands: green, yellow, red."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.chassis.policy import Policy


@dataclass(frozen=True)
class PointCounts:
    """Matters by colour."""

    green: int
    yellow: int
    red: int

    @property
    def colour(self) -> str:
        """The worst colour that anything has; nothing counted: grey."""
        shown = (("red", self.red), ("yellow", self.yellow), ("green", self.green))
        return next((name for name, number in shown if number), "grey")


def setting(*, on: date, policy: Policy) -> dict[str, Any]:
    """The risk setting of the point, with its source."""
    [row] = policy.table("information_points", on=on)
    return row | {"source": policy.source("information_points", on=on)}


def count(last_days: Mapping[date, int], *, today: date, policy: Policy) -> PointCounts:
    """期限尚早的为绿色,临近的为黄色,已过的为红色."""
    row = setting(on=today, policy=policy)
    green = yellow = red = 0
    for last_day, number in last_days.items():
        left = (last_day - today).days
        if left < row["red"]:
            red += number
        elif left <= row["yellow"]:
            yellow += number
        else:
            green += number
    return PointCounts(green, yellow, red)
