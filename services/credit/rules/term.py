"""改正期限 — how long an enterprise has to put things right.

依据: 中国质量新闻网 2013-12-13 (15 日); 起算与顺延参照《民法典》. Numbers: policy.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from services.chassis import workdays
from services.chassis.policy import Policy
from services.credit.model import BadInformation


@dataclass(frozen=True)
class LastDay:
    """改正期限的最后一日.

    Provisional: the day lies in a year whose holidays the State Council has not yet
    published; it is looked at again when the term ends.
    """

    day: date
    provisional: bool


def last_day_to_correct(published_on: date, policy: Policy) -> LastDay:
    """改正期限按自然日计算,公布当日不计入,自次日起算;最后一日不是工作日的,顺延至其后第一个工作日.

    参照《民法典》第二百零一条、第二百零三条;
    《行政处罚法》第八十五条只把二日、三日、五日、七日定为工作日.
    """
    days = policy.number("days_to_correct", on=published_on)
    fifteenth = published_on + timedelta(days=days)
    if not policy.flag("last_day_moves_to_a_working_day", on=published_on):
        return LastDay(fifteenth, provisional=False)
    last = workdays.next_working_day(fifteenth)
    return LastDay(last, workdays.is_provisional(fifteenth) or workdays.is_provisional(last))


def is_over(entry: BadInformation, *, today: date) -> bool:
    """期限届满之日当天改正仍算按期,次日起才算逾期 (《民法典》第一千二百五十九条)."""
    return entry.last_day_to_correct is not None and today > entry.last_day_to_correct


def in_time(entry: BadInformation, *, corrected_on: date) -> bool:
    """最后一日及以前改正的,算按期改正."""
    return not is_over(entry, today=corrected_on)
