"""信息点的风险设置 — each information point has its own thresholds, dated and sourced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.chassis.policy import Policy
from services.inspection.model import Colour, ColourCounts
from services.inspection.model.points import Measure, Point, RiskSetting
from services.inspection.rules.months import days_earlier, days_later


@dataclass(frozen=True)
class Bounds:
    """Last days of a due date: up to *red_until* it is red, up to *yellow_until* yellow."""

    red_until: date
    yellow_until: date


def settings(policy: Policy, *, on: date) -> dict[Point, RiskSetting]:
    """The risk settings of the points that this service answers for, in force on a day."""
    return {
        Point(row["point"]): RiskSetting(
            point=Point(row["point"]),
            label=row["label"],
            measure=Measure(row["measure"]),
            yellow=int(row["yellow"]),
            red=int(row["red"]),
        )
        for row in policy.table("information_points", on=on)
    }


def bounds(setting: RiskSetting, *, today: date) -> Bounds:
    """剩余天数少于红色界限的为红色, 不多于黄色界限的为黄色, 其余为绿色."""
    before = setting.red - 1
    red_until = days_later(today, before) if before >= 0 else days_earlier(today, -before)
    return Bounds(red_until, days_later(today, setting.yellow))


def colour_of(last_day: date | None, within: Bounds) -> Colour:
    """没有期限的为灰色."""
    if last_day is None:
        return Colour.GREY
    if last_day <= within.red_until:
        return Colour.RED
    return Colour.YELLOW if last_day <= within.yellow_until else Colour.GREEN


def at_least(setting: RiskSetting, measured: int) -> Colour:
    """达到红色界限的为红色, 达到黄色界限的为黄色, 其余为绿色."""
    if measured >= setting.red:
        return Colour.RED
    return Colour.YELLOW if measured >= setting.yellow else Colour.GREEN


def tally(colours: Iterable[Colour]) -> ColourCounts:
    """How many are of each colour."""
    found = list(colours)
    return ColourCounts(**{colour.value: found.count(colour) for colour in Colour})


def together(*counts: ColourCounts) -> ColourCounts:
    """What several counts make together."""
    return ColourCounts(
        **{each.value: sum(getattr(c, each.value) for c in counts) for each in Colour}
    )


def percent(part: int, whole: int) -> int:
    """A share in whole percent, rounded down; of nothing it is none."""
    return part * 100 // whole if whole else 0
