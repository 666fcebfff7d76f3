"""到期日 — when a duty falls due.

依据顺序: 来源载明的到期日,来源载明的周期,规则的周期,首次期限; 都没有的,没有到期日 (灰色).
"""

from __future__ import annotations

from datetime import date

from services.events.registry import DutyRecord
from services.inspection.model import Basis, Due, DutyRule, Stop
from services.inspection.rules.months import (
    days_later,
    months_earlier,
    months_later,
    whole_months,
)

YEAR = 12
NOBODY_KNOWS = Due(None, Basis.UNKNOWN, None)


def due(record: DutyRecord | None, commissioned_on: date | None, rule: DutyRule | None) -> Due:
    """检验机构或发证机关载明的到期日优先于任何周期; 来源自己的周期优先于规则的周期."""
    if record is not None and stated_holds(record):
        return Due(record.stated_due_on, Basis.STATED, *_stated_cycle(record, rule))
    if record is not None and record.done_on is not None:
        return _again(record.done_on, record.cycle_months, commissioned_on, rule)
    if commissioned_on is not None:
        return _first(record.cycle_months if record else None, commissioned_on, rule)
    return NOBODY_KNOWS


def before_reuse(
    when: Due, done_on: date | None, stop: Stop | None, stopped_months: int | None
) -> Due:
    """停用超过规定期间重新启用的, 启用前应当检验: 停用以后没有检验合格的, 启用之日即为到期日."""
    if stop is None or stop.resumed_on is None or stopped_months is None:
        return when
    if stop.resumed_on <= months_later(stop.stopped_on, stopped_months):
        return when
    if done_on is not None and done_on > stop.stopped_on:
        return when
    if when.due_on is not None and when.due_on <= stop.resumed_on:
        return when
    return Due(stop.resumed_on, Basis.REUSE, when.cycle_months, when.cycle_days)


def stated_holds(record: DutyRecord) -> bool:
    """载明的到期日须晚于上次完成日期; 不晚于的是上一次留下的旧日期,不采用."""
    if record.stated_due_on is None:
        return False
    return record.done_on is None or record.stated_due_on > record.done_on


def scheduled(commissioned_on: date, done_on: date | None, rule: DutyRule) -> date | None:
    """自投入使用之月起第若干年检验,以后每一周期一次; 提前不超过规定月数的,不改变基准日.

    The schedule hangs on the day of being put to use: late or early work does not move it.
    """
    after_last = 0
    for years in rule.schedule_years:
        after_last = years * YEAR
        if _is_open(day := months_later(commissioned_on, after_last), done_on, rule):
            return day
    while rule.months:
        after_last += rule.months
        day = months_later(commissioned_on, after_last)
        if day == date.max or _is_open(day, done_on, rule):
            return day
    return None


def _is_open(scheduled_on: date, done_on: date | None, rule: DutyRule) -> bool:
    """Whether a scheduled day has not been met by the last work done."""
    return done_on is None or done_on < months_earlier(scheduled_on, rule.early_months)


def _again(
    done_on: date, own_cycle: int | None, commissioned_on: date | None, rule: DutyRule | None
) -> Due:
    if own_cycle is not None:
        return Due(months_later(done_on, own_cycle), Basis.OWN_CYCLE, own_cycle)
    if rule is not None and rule.schedule_years and commissioned_on is not None:
        return _by_schedule(commissioned_on, done_on, rule)
    if rule is not None and rule.days is not None:
        return Due(days_later(done_on, rule.days), Basis.CYCLE, None, rule.days)
    if rule is None or (months := _cycle(done_on, commissioned_on, rule)) is None:
        return NOBODY_KNOWS
    return Due(months_later(done_on, months), Basis.CYCLE, months)


def _cycle(done_on: date, commissioned_on: date | None, rule: DutyRule) -> int | None:
    """使用满规定年数以后完成的, 下一次按年久的周期; 投入使用日期不明的, 按一般周期."""
    if rule.aged_years is None or commissioned_on is None:
        return rule.months
    aged_on = months_later(commissioned_on, rule.aged_years * YEAR)
    return rule.aged_months if done_on > aged_on else rule.months


def _first(own_cycle: int | None, commissioned_on: date, rule: DutyRule | None) -> Due:
    """首次期限由规则规定的,从其规定; 来源载明的周期说的是以后各次."""
    if rule is not None and rule.schedule_years:
        return _by_schedule(commissioned_on, None, rule)
    if rule is not None and rule.days is not None:
        return Due(days_later(commissioned_on, rule.days), Basis.FIRST, None, rule.days)
    of_rule = (rule.first_months, rule.months) if rule else (None, None)
    known = [months for months in (of_rule[0], own_cycle, of_rule[1]) if months is not None]
    if not known:
        return NOBODY_KNOWS
    return Due(months_later(commissioned_on, known[0]), Basis.FIRST, known[0])


def _by_schedule(commissioned_on: date, done_on: date | None, rule: DutyRule) -> Due:
    day = scheduled(commissioned_on, done_on, rule)
    return Due(day, Basis.SCHEDULE, rule.months) if day else NOBODY_KNOWS


def _stated_cycle(record: DutyRecord, rule: DutyRule | None) -> tuple[int | None, int | None]:
    """How long the period is that ends on a stated day: what the yellow lead goes by.

    (months, None), or (None, days) where it is shorter than a month.
    """
    if record.cycle_months is not None:
        return record.cycle_months, None
    if record.done_on is not None and record.stated_due_on is not None:
        months = whole_months(record.done_on, record.stated_due_on)
        if months == 0:
            return None, (record.stated_due_on - record.done_on).days
        return months, None
    return (rule.months, rule.days) if rule else (None, None)
