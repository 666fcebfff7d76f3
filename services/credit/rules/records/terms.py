"""期限 — working-day terms and months of publication. Numbers: policy.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from services.chassis import workdays
from services.chassis.policy import Policy
from services.credit.model import Content, Periods
from services.events.credit import CountedFrom, RecordKind, RequestKind

ANY = "any"
NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RequestTerm:
    """Until when a request is to be marked (None: need not be) and answered."""

    mark_by: date | None
    due_on: date
    provisional: bool


def statement_until(served_on: date, policy: Policy) -> date:
    """事先告知书送达次日起五个工作日内,可以陈述、申辩和申请听证."""
    return workdays.add_working_days(served_on, policy.number("statement_days", on=served_on))


def publish_by(decided_on: date, policy: Policy) -> date:
    """行政处罚信息自决定之日起二十个工作日内公示."""
    days = policy.number("publish_within_days", on=decided_on)
    return workdays.add_working_days(decided_on, days)


def share_by(decided_on: date, policy: Policy) -> date:
    """双公示自决定之日起七个工作日内报送."""
    return workdays.add_working_days(
        decided_on, policy.number("share_within_days", on=decided_on)
    )


def withdraw_by(annulled_on: date, policy: Policy) -> date:
    """处罚决定被撤销或变更的,三个工作日内撤回公示信息."""
    days = policy.number("withdraw_within_days", on=annulled_on)
    return workdays.add_working_days(annulled_on, days)


def request_term(kind: RequestKind, received_on: date, policy: Policy) -> RequestTerm:
    """异议一个工作日内标注、五个工作日内处理;修复七个工作日内决定;更正、纠错二十个工作日内答复."""
    [row] = [
        row
        for row in policy.table("request_terms", on=received_on)
        if row["request"] == kind.value
    ]
    due = workdays.add_working_days(received_on, row["decide"])
    mark = row.get("mark")
    return RequestTerm(
        mark_by=workdays.add_working_days(received_on, mark) if mark else None,
        due_on=due,
        provisional=workdays.is_provisional(due),
    )


def periods(
    kind: RecordKind, content: Content, *, published_on: date, policy: Policy
) -> Periods:
    """公示期按种类和程度计算;自决定之日起和自公示之日起的届满日都存档,以公示当日的规定为准."""
    counted = CountedFrom(policy.text("period_counted_from", on=published_on))
    row = _row(kind, content, on=published_on, policy=policy)
    if row is None:
        return Periods(
            from_publication=content.valid_until,
            counted_from=counted,
            until=content.valid_until,
        )
    months = relativedelta(months=row["months"])
    by_publication = published_on + months
    by_decision = content.decided_on + months if content.decided_on else None
    counts = by_decision if counted is CountedFrom.DECISION else by_publication
    return Periods(
        from_decision=by_decision,
        from_publication=by_publication,
        counted_from=counted if counts else CountedFrom.PUBLICATION,
        until=counts or by_publication,
    )


def repairable_from(
    kind: RecordKind, content: Content, *, published_on: date, policy: Policy
) -> date | None:
    """公示满最短公示期后方可申请修复;没有最短公示期的种类不适用修复."""
    row = _row(kind, content, on=published_on, policy=policy)
    if row is None:
        return None
    after: date = published_on + relativedelta(months=row["repair_after"])
    return after


def _row(
    kind: RecordKind, content: Content, *, on: date, policy: Policy
) -> dict[str, int] | None:
    severity = content.severity.value if content.severity else ANY
    for row in policy.table("publication_periods", on=on):
        if row["kind"] == kind.value and row["severity"] in {severity, ANY}:
            return row
    return None
