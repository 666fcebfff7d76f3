"""投诉举报的期限 — which term runs, from which day, until which. Numbers: policy.yaml."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.inspection.model.complaints import (
    Complaint,
    ComplaintKind,
    ComplaintState as State,
    ComplaintTerm as Term,
)
from services.inspection.model.procedure import Act
from services.inspection.rules.terms import ended_by, working_days

WORDS = {
    Term.ACCEPT: "决定是否受理",
    Term.MEDIATE: "调解",
    Term.CHECK: "核查并决定是否立案",
    Term.TELL: "告知处理结果",
}


def with_term(complaint: Complaint, *, policy: Policy) -> Complaint:
    """投诉自收到之日起七个工作日内决定是否受理,受理后四十五个工作日内调解;举报自收到之日起十五个工作日内核查并决定是否立案;结果在作出后的规定工作日内告知.

    Out of facts on file and the policy of the day on which the term began: counted again, it
    changes only when the calendar does.
    """
    running = _running(complaint, policy)
    if running is None:
        return replace(complaint, term=None, last_day=None, provisional=False)
    term, since, days = running
    last = working_days(since, days)
    return replace(complaint, term=term, last_day=last.day, provisional=last.provisional)


def clocked(act: Act, before: Complaint | None, *, today: date) -> Act:
    """每一步都记明当时的期限,逾期的注明逾期."""
    if before is None or before.term is None or before.last_day is None:
        return act
    late = ended_by(before.last_day, today=today)
    said = f"{WORDS[before.term]}的期限为{before.last_day}{', 已逾期' if late else ''}"
    clock = {"term": before.term.value, "last_day": str(before.last_day), "late": late}
    return replace(
        act, words=f"{act.words} ({said})", particulars={**act.particulars, "clock": clock}
    )


def _running(complaint: Complaint, policy: Policy) -> tuple[Term, date, int] | None:
    """The term, the day from which it is counted, and its working days."""
    if complaint.state in (State.MEDIATED, State.CASE_OPENED, State.NO_CASE):
        return _telling(complaint, policy)
    if complaint.kind is ComplaintKind.LEAD:
        return _checking(complaint, policy)
    since = complaint.clock_since
    if complaint.state is State.RECEIVED:
        return Term.ACCEPT, since, policy.number("complaint_accept_days", on=since)
    if complaint.state in (State.ACCEPTED, State.CHECKED) and complaint.accepted_on:
        since = complaint.accepted_on
        return Term.MEDIATE, since, policy.number("complaint_mediate_days", on=since)
    return None


def _checking(complaint: Complaint, policy: Policy) -> tuple[Term, date, int] | None:
    if complaint.state not in (State.RECEIVED, State.CHECKED):
        return None
    since = complaint.clock_since
    days = policy.number("complaint_check_days", on=since)
    if complaint.check_extended:
        days += policy.number("complaint_check_extension_days", on=since)
    return Term.CHECK, since, days


def _telling(complaint: Complaint, policy: Policy) -> tuple[Term, date, int] | None:
    since = complaint.concluded_on
    if since is None:
        return None
    if complaint.state is State.MEDIATED:
        return Term.TELL, since, policy.number("complaint_mediation_told_days", on=since)
    return Term.TELL, since, policy.number("complaint_result_told_days", on=since)
