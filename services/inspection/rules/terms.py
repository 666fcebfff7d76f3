"""期限的计算 — from which day a term runs, and on which it ends. Numbers: policy.yaml."""

from __future__ import annotations

from datetime import date, timedelta

from services.chassis import workdays
from services.chassis.policy import Policy
from services.inspection.model import Colour
from services.inspection.model.procedure import LastDay
from services.inspection.rules.months import day_after, days_earlier, months_later


def calendar_days(start: date, days: int) -> LastDay:
    """期限按自然日计算,开始当日不计入;最后一日是法定休假日的,以其后第一个工作日为最后一日.

    《行政处罚法》第八十五条只把二日、三日、五日、七日定为工作日;
    《民法典》第二百零一条、第二百零三条.
    """
    return falls_on(start + timedelta(days=days))


def calendar_months(start: date, months: int) -> LastDay:
    """期限按月计算,到期月的对应日为最后一日,没有对应日的为月末日 (《民法典》第二百零二条)."""
    return falls_on(months_later(start, months))


def working_days(start: date, days: int) -> LastDay:
    """期限按工作日计算,开始当日不计入 (《行政处罚法》第八十五条)."""
    last = workdays.add_working_days(start, days)
    return LastDay(last, workdays.is_provisional(last))


def falls_on(day: date) -> LastDay:
    """最后一日是法定休假日的,以法定休假日结束的次日为最后一日 (《民法典》第二百零三条)."""
    last = workdays.next_working_day(day)
    return LastDay(last, workdays.is_provisional(day) or workdays.is_provisional(last))


def ended_by(last_day: date, *, today: date) -> bool:
    """最后一日当天仍在期限内,次日起为逾期 (《民法典》第一千二百五十九条).

    Asked again on the day itself: the notice that moves holidays may have come meanwhile.
    """
    return today > workdays.next_working_day(last_day)


def looked_at_on(last_day: date) -> date:
    """The first day on which a term can have ended."""
    return day_after(last_day)


def looked_at_again_on(last_day: date) -> date:
    """The same under the calendar as it is known now."""
    return day_after(workdays.next_working_day(last_day))


def colour_of(last_day: date, *, today: date, policy: Policy) -> Colour:
    """办案和复查期限: 临近的为黄色,过期的为红色,其余为绿色."""
    if ended_by(last_day, today=today):
        return Colour.RED
    near = days_earlier(last_day, policy.number("term_near_days", on=today))
    return Colour.YELLOW if today >= near else Colour.GREEN
