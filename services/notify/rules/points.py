"""信息点的风险设置 — when 质监通 and 工作督察 turn yellow and red."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.chassis.policy import Policy

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class RiskSetting:
    """The two thresholds of one information point."""

    point: str
    label: str
    measure: str
    yellow: int
    red: int


def setting(point: str, policy: Policy, *, on: date) -> RiskSetting:
    """The setting of one point that is in force on a day."""
    (row,) = [r for r in policy.table("information_points", on=on) if r["point"] == point]
    return RiskSetting(**row)


def by_hours(since: Iterable[datetime], now: datetime, given: RiskSetting) -> dict[str, int]:
    """紧急通知无人阅读的小时数达到红色界限的为红色,达到黄色界限的为黄色,其余为绿色."""
    hours = [(now - each) // HOUR for each in since]
    return _counts(
        "red" if h >= given.red else "yellow" if h >= given.yellow else "green" for h in hours
    )


def by_days_left(last_days: Iterable[date], today: date, given: RiskSetting) -> dict[str, int]:
    """距期限的天数少于红色界限的为红色,不多于黄色界限的为黄色,其余为绿色."""
    left = [(each - today).days for each in last_days]
    return _counts(
        "red" if d < given.red else "yellow" if d <= given.yellow else "green" for d in left
    )


def colour(counts: dict[str, int]) -> str:
    """信息点的颜色取其中最差的;没有可计的为灰色."""
    return next((each for each in ("red", "yellow", "green") if counts[each]), "grey")


def _at_least(measured: int, given: RiskSetting) -> str:
    if measured >= given.red:
        return "red"
    return "yellow" if measured >= given.yellow else "green"


def _fewer_than(left: int, given: RiskSetting) -> str:
    if left < given.red:
        return "red"
    return "yellow" if left <= given.yellow else "green"


def _counts(colours: Iterable[str]) -> dict[str, int]:
    found = list(colours)
    return {each: found.count(each) for each in ("green", "yellow", "red", "grey")}
