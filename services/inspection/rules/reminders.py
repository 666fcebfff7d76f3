"""到期提醒 — which rung of the ladder a duty has reached, and when it reaches the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.chassis.policy import Policy
from services.inspection.rules.months import days_earlier, days_later


@dataclass(frozen=True)
class Ladder:
    """The rungs, in the order in which they are reached; see policy.yaml.

    rungs           days left before the due date; below zero: days overdue
    digest_days     days between two digests of what is overdue beyond the last rung
    least_lead_days what turns yellow later than so many days before its due date is not
                    reminded of until it is overdue
    """

    rungs: tuple[int, ...]
    digest_days: int
    least_lead_days: int = 0


@dataclass(frozen=True)
class Step:
    """What is to be told of a duty on a day, and when to look at it again.

    rung    the rung to be told, unless it was told for this due date; None: none
    digest  long overdue: it belongs into the digest of its enterprise
    """

    rung: int | None
    digest: bool
    next_on: date | None


def ladder(policy: Policy, *, on: date) -> Ladder:
    """The ladder in force on a day."""
    rungs = {int(row["days"]) for row in policy.table("reminder_ladder", on=on)}
    return Ladder(
        rungs=tuple(sorted(rungs, reverse=True)),
        digest_days=policy.number("overdue_digest_days", on=on),
        least_lead_days=policy.number("reminder_least_lead_days", on=on),
    )


def step(due_on: date, yellow_on: date, ladder: Ladder, *, today: date) -> Step:
    """到达哪一级就提醒哪一级; 错过几天的只提醒最近到达的一级, 不逐级补发; 不早于黄色预警期.

    每半月一次之类的短周期义务, 预警期过短的, 到期前不逐次提醒, 逾期才提醒。
    逾期超过最后一级的, 列入所在企业的逾期汇总, 每隔规定天数一次; 平台启用前多年已逾期的,
    同样只进汇总.
    """
    days = list(_days_of(due_on, yellow_on, ladder))
    reached = [(day, rung) for day, rung in days if day <= today]
    coming = [day for day, _ in days if day > today]
    if not reached:
        return Step(None, digest=False, next_on=coming[0] if coming else None)
    day, rung = reached[-1]
    if coming:
        return Step(rung, digest=False, next_on=coming[0])
    digest_on = days_later(day, ladder.digest_days)
    if today < digest_on:
        return Step(rung, digest=False, next_on=digest_on)
    return Step(None, digest=True, next_on=days_later(today, ladder.digest_days))


def is_long_overdue_since(ladder: Ladder, *, today: date) -> date:
    """逾期超过最后一级又满一个汇总间隔的为长期逾期: the latest due date that is."""
    last = ladder.rungs[-1]
    shifted = days_later(today, last) if last >= 0 else days_earlier(today, -last)
    return days_earlier(shifted, ladder.digest_days)


def _days_of(due_on: date, yellow_on: date, ladder: Ladder) -> Iterator[tuple[date, int]]:
    """The days of the rungs that lie in the yellow period or after it."""
    short = (due_on - yellow_on).days < ladder.least_lead_days
    for rung in ladder.rungs:
        if short and rung >= 0:
            continue
        day = days_earlier(due_on, rung) if rung >= 0 else days_later(due_on, -rung)
        if day >= yellow_on:
            yield day, rung
