"""一企一策打包检查 — the fewest visits for all that falls due at one enterprise or group.

每项到期义务有一个可以安排检查的时间窗; 按窗口结束日由早到晚排列, 每次检查定在尚未覆盖的窗口中
最早结束的一个之内, 凡窗口包含该日的一并检查。对时间窗, 这一排法得到的检查次数最少。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.chassis.policy import Policy
from services.events.registry import DutyKind
from services.inspection.rules.months import days_earlier, days_later

# 维护保养由维护保养单位进行, 未逾期的不占用检查; 已经逾期的, 和其他义务一样列入检查计划。
DONE_BY_OTHERS = frozenset({DutyKind.MAINTENANCE})


@dataclass(frozen=True, kw_only=True)
class Window:
    """A duty that falls due, and the days on which a visit can see to it."""

    duty_id: UUID
    object_id: UUID
    enterprise_id: UUID
    label: str
    duty: DutyKind
    due_on: date
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class Bundle:
    """One visit: its day, the days on which it could be as well, what it sees to."""

    on: date
    opens_on: date
    closes_on: date
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Reach:
    """How many days before and after the due date a visit can see to a duty."""

    before: int
    after: int


def reach(policy: Policy, *, on: date) -> Reach:
    """The days in force on a day."""
    return Reach(
        policy.number("bundle_days_before", on=on), policy.number("bundle_days_after", on=on)
    )


def span(due_on: date, reach: Reach, *, today: date) -> tuple[date, date]:
    """时间窗为到期日前后各若干天, 不早于今天; 已经逾期、窗口已过的, 自今天起同样长的时间内安排."""
    opens = max(today, days_earlier(due_on, reach.before))
    closes = days_later(due_on, reach.after)
    return opens, closes if closes >= today else days_later(today, reach.after)


def bundled(
    windows: Iterable[Window], *, works: Callable[[date], bool], at_most: int | None = None
) -> list[Bundle]:
    """最少的检查次数; 检查日取各窗口共有的日子中不晚于最早到期日的最后一个工作日.

    at_most  duties that one visit can see to; None: any number
    """
    groups: list[list[Window]] = []
    for window in sorted(windows, key=lambda each: (each.closes_on, each.opens_on)):
        last = groups[-1] if groups else []
        full = at_most is not None and len(last) >= at_most
        if last and window.opens_on <= last[0].closes_on and not full:
            last.append(window)
        else:
            groups.append([window])
    return [_bundle(group, works) for group in groups]


def saved(bundles: Sequence[Bundle]) -> int:
    """节省的检查次数: 逐项各去一次的次数减去打包后的次数."""
    return sum(len(bundle.windows) for bundle in bundles) - len(bundles)


def _bundle(group: Sequence[Window], works: Callable[[date], bool]) -> Bundle:
    opens = max(window.opens_on for window in group)
    closes = min(window.closes_on for window in group)
    latest = min(closes, max(opens, min(window.due_on for window in group)))
    return Bundle(_day(opens, latest, closes, works), opens, closes, tuple(group))


def _day(opens: date, latest: date, closes: date, works: Callable[[date], bool]) -> date:
    before = (latest - timedelta(days) for days in range((latest - opens).days + 1))
    after = (latest + timedelta(days) for days in range(1, (closes - latest).days + 1))
    return next((day for day in (*before, *after) if works(day)), latest)
