"""质量信用等级 — a hundred points less what the public records count.

Points, bounds and decay are policy; only what is public today counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta

from services.chassis.policy import Policy
from services.events.credit import Grade, RecordKind, Severity

FULL = 100
WHOLE = 100  # per cent
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A public record, as far as the grade goes."""

    record_id: UUID
    kind: RecordKind
    severity: Severity | None
    published_on: date
    until: date | None  # None: until it is ended
    words: str


@dataclass(frozen=True)
class ItemPoints:
    """What one record counts today, and why."""

    item: Counted
    full: int
    percent: int
    points: int
    words: str


@dataclass(frozen=True)
class Graded:
    """A grade with the items it is made of; next_change_on: by the passing of time alone."""

    grade: Grade
    points: int
    items: tuple[ItemPoints, ...]
    next_change_on: date | None


def grade(items: Iterable[Counted], *, today: date, policy: Policy) -> Graded:
    """以一百分为基准,按公开记录逐条减分(示范加分),随公示时间递减;按分数定为A至D级."""
    ordered = sorted(items, key=lambda item: (item.published_on, str(item.record_id)))
    counted = tuple(_points(item, today=today, policy=policy) for item in ordered)
    points = max(0, min(FULL, FULL - sum(one.points for one in counted)))
    return Graded(
        grade=_grade(points, today=today, policy=policy),
        points=points,
        items=counted,
        next_change_on=_next_change(counted, today=today, policy=policy),
    )


def _points(item: Counted, *, today: date, policy: Policy) -> ItemPoints:
    severity = item.severity.value if item.severity else "any"
    full = next(
        (
            row["points"]
            for row in policy.table("grade_points", on=today)
            if row["kind"] == item.kind.value and row["severity"] in {severity, "any"}
        ),
        0,
    )
    percent = WHOLE
    for row in policy.table("grade_decay", on=today):
        if today >= item.published_on + relativedelta(months=row["after_months"]):
            percent = min(percent, row["percent"])
    percent = percent if full > 0 else WHOLE
    points = full * percent // WHOLE
    sign = "加" if points < 0 else "减"
    words = f"{item.words}: {sign}{abs(points)}分"
    if percent != WHOLE:
        words += f"(原减{full}分,公示已久按百分之{percent}计)"
    return ItemPoints(item, full, percent, points, words)


def _grade(points: int, *, today: date, policy: Policy) -> Grade:
    rows = sorted(
        policy.table("grade_bounds", on=today), key=lambda row: row["at_least"], reverse=True
    )
    reached = (row["grade"] for row in rows if points >= row["at_least"])
    return Grade(next(reached, Grade.D.value))


def _next_change(items: Iterable[ItemPoints], *, today: date, policy: Policy) -> date | None:
    days = [
        day
        for one in items
        if one.full > 0
        for row in policy.table("grade_decay", on=today)
        if (day := one.item.published_on + relativedelta(months=row["after_months"])) > today
    ]
    days += [one.item.until + ONE_DAY for one in items if one.item.until]
    return min((day for day in days if day > today), default=None)
