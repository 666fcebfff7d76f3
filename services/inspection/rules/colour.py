"""预警颜色 — green, yellow, red; grey where nothing can be said. Numbers: policy.yaml."""

from __future__ import annotations

from datetime import date

from services.chassis.policy import Policy
from services.inspection.model import Colour, Terms
from services.inspection.rules.months import day_after, days_earlier, months_earlier

_WHOLE = 100


def terms(policy: Policy, *, on: date) -> Terms:
    """The numbers in force on a day, looked up once for many duties."""
    return Terms(
        yellow_lead_months=policy.number("yellow_lead_months", on=on),
        approaching_months=policy.number("approaching_months", on=on),
        lead_cycle_percent=policy.number("lead_cycle_percent", on=on),
        short_cycle_months=policy.number("short_cycle_months", on=on),
        short_cycle_lead_days=policy.number("short_cycle_lead_days", on=on),
    )


def lead_months(cycle_months: int | None, terms: Terms) -> int | None:
    """黄色提前期为半年,但不超过周期的一半; 周期不超过6个月的,按日计 (返回空).

    Months; a cycle that nobody knows gets the full lead.
    """
    if cycle_months is None:
        return terms.yellow_lead_months
    if cycle_months <= terms.short_cycle_months:
        return None
    return min(terms.yellow_lead_months, cycle_months * terms.lead_cycle_percent // _WHOLE)


def lead_days(cycle_days: int, terms: Terms) -> int:
    """短周期的提前期为30日, 同样不超过周期的一半, 不足一日的舍去: 刚完成的总是绿色."""
    return min(terms.short_cycle_lead_days, cycle_days * terms.lead_cycle_percent // _WHOLE)


def yellow_on(
    due_on: date, cycle_months: int | None, terms: Terms, cycle_days: int | None = None
) -> date:
    """转黄日: 到期日之前的提前期开始的那一天,当天即为黄色."""
    months = lead_months(cycle_months, terms) if cycle_days is None else None
    if months is not None:
        return months_earlier(due_on, months)
    if cycle_days is None:
        cycle_days = (due_on - months_earlier(due_on, cycle_months or 0)).days
    return days_earlier(due_on, lead_days(cycle_days, terms))


def red_on(due_on: date) -> date:
    """转红日: 到期日当天仍为黄色,次日转红."""
    return day_after(due_on)


def colour(*, yellow_on: date | None, red_on: date | None, today: date) -> Colour:
    """未到转黄日为绿色; 转黄日起至到期日为黄色; 超过到期日为红色; 没有到期日为灰色."""
    if yellow_on is None or red_on is None:
        return Colour.GREY
    if today >= red_on:
        return Colour.RED
    return Colour.YELLOW if today >= yellow_on else Colour.GREEN


def next_change_on(*, yellow_on: date | None, red_on: date | None, today: date) -> date | None:
    """The next day on which the colour will be another; None: never by itself."""
    if yellow_on is None or red_on is None or today >= red_on:
        return None
    return red_on if today >= yellow_on else yellow_on


def approaching(
    due_on: date | None,
    cycle_months: int | None,
    *,
    today: date,
    terms: Terms,
    cycle_days: int | None = None,
) -> bool:
    """还有6至7个月到期的,显示绿色并标注临近; 正好7个月的不标注.

    Only where the lead is the full half year: short cycles have no such gap.
    """
    if due_on is None or cycle_days is not None:
        return False
    if lead_months(cycle_months, terms) != terms.yellow_lead_months:
        return False
    begins_after = months_earlier(due_on, terms.approaching_months)
    return begins_after < today < yellow_on(due_on, cycle_months, terms)
