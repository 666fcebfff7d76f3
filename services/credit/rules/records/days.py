"""哪一天该看 — the day on which a record changes, or a term of the bureau passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.credit.model import Record, RecordState, RecordStep, What
from services.credit.rules.records.ending import IN_PUBLIC_EYE, expire
from services.credit.rules.records.terms import NEXT_DAY, withdraw_by
from services.events.credit import RecordKind, Term


def terms_of(record: Record, *, policy: Policy) -> dict[Term, date]:
    """The bureau's own terms that run for a record as it stands."""
    if record.state is RecordState.ENDED:
        return {}
    terms: dict[Term, date] = {}
    waits = record.published_on is None and record.kind is RecordKind.PENALTY
    if waits and _would_be_public(record, policy=policy):
        if record.share_by is not None:
            terms[Term.SHARE] = record.share_by
        if record.publish_by is not None:
            terms[Term.PUBLISH] = record.publish_by
    if record.annulled_on is not None and record.published_on is not None:
        terms[Term.WITHDRAW] = withdraw_by(record.annulled_on, policy)
    return terms


def next_step_on(record: Record, *, policy: Policy) -> date | None:
    """The first day on which a sweep has something to do with it."""
    days = [
        last_day + NEXT_DAY
        for term, last_day in terms_of(record, policy=policy).items()
        if term.value not in record.overrun
    ]
    if record.state in IN_PUBLIC_EYE and record.periods.until is not None:
        days.append(record.periods.until + NEXT_DAY)
    return min(days, default=None)


def day_brings(record: Record, *, today: date, policy: Policy) -> list[RecordStep]:
    """期满的不再公示;本局超过公示、报送、撤回期限的,各记一次,提请督办."""
    if ended := expire(record, today=today):
        return [ended]
    steps: list[RecordStep] = []
    for term, last_day in sorted(terms_of(record, policy=policy).items()):
        if today > last_day and term.value not in record.overrun:
            after = replace(record, overrun=(*record.overrun, term.value))
            record = after
            particulars = {"term": term.value, "due_on": last_day.isoformat()}
            steps.append(
                RecordStep(
                    what=What.OVERRUN,
                    record=after,
                    rule="day_brings",
                    on=today,
                    particulars=particulars,
                )
            )
    return steps


def _would_be_public(record: Record, *, policy: Policy) -> bool:
    """仅给予警告、简易程序的处罚不予公示,也就没有公示期限."""
    decided = record.content.decided_on or record.opened_on
    return not record.content.warning_only or policy.flag(
        "warning_only_is_published", on=decided
    )
