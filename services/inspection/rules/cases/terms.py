"""办案期限 — what must be done next, by which day, and what is told of it, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.events.inspection import CaseTerm
from services.inspection.model.cases import Case, CaseState
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.months import days_earlier
from services.inspection.rules.terms import ended_by, looked_at_again_on, looked_at_on

WORDS = {
    CaseTerm.VERIFY: "核查线索",
    CaseTerm.DECIDE: "作出处理决定",
    CaseTerm.STATEMENT: "陈述申辩和申请听证",
    CaseTerm.HEARING: "举行听证",
    CaseTerm.SERVE: "送达处罚决定书",
    CaseTerm.PERFORM: "履行处罚决定",
}


def current(case: Case, *, today: date) -> tuple[CaseTerm, date] | None:
    """每个阶段只有一个正在计算的期限: 核查、陈述申辩、听证、作出决定、送达、履行."""
    decision = case.decision
    running: dict[CaseState, tuple[CaseTerm, date | None]] = {
        CaseState.CLUE: (CaseTerm.VERIFY, case.verify_by),
        CaseState.FILED: (CaseTerm.DECIDE, case.decide_by),
        CaseState.NOTIFIED: _while_notified(case, today=today),
        CaseState.HEARING: _while_heard(case),
        CaseState.DECIDED: (CaseTerm.SERVE, decision.serve_by if decision else None),
        CaseState.SERVED: (CaseTerm.PERFORM, case.pay_by),
    }
    term, last_day = running.get(case.state, (CaseTerm.VERIFY, None))
    return (term, last_day) if last_day else None


def with_term(before: Case | None, case: Case, *, today: date, policy: Policy) -> Case:
    """进入新的期限或者期限改变的,重新提醒;退回后再次进入同一阶段的,也重新提醒."""
    running = current(case, today=today)
    if running is None:
        return replace(case, term=None, last_day=None, next_change_on=None)
    term, last_day = running
    same = before is not None and (before.term, before.last_day) == running
    case = replace(
        case,
        term=term,
        last_day=last_day,
        told_near=case.told_near and same,
        told_passed=case.told_passed and same,
    )
    return replace(case, next_change_on=_looked_at(case, term, last_day, today, policy))


def remind(case: Case, *, today: date, policy: Policy) -> Taken[Case]:
    """期限临近时提醒一次,过期时提醒一次;平台停用期间错过的,只提醒最后一次."""
    if case.term is None or case.last_day is None or case.next_change_on is None:
        return Taken(case, ())
    acts: tuple[Act, ...] = ()
    reminded = case
    if ended_by(case.last_day, today=today):
        reminded = replace(case, told_near=True, told_passed=True)
        acts = (_told(case.term, case.last_day, passed=True),)
    elif not case.told_near and today >= _near(case.term, case.last_day, today, policy):
        reminded = replace(case, told_near=True)
        acts = (_told(case.term, case.last_day, passed=False),)
    return Taken(with_term(case, reminded, today=today, policy=policy), acts)


def _while_notified(case: Case, *, today: date) -> tuple[CaseTerm, date | None]:
    """The party's time to answer; when it is over, waived or used for a hearing: to decide."""
    answered = case.waived_on is not None or case.hearing is not None
    if case.notice is None or answered or ended_by(case.notice.respond_by, today=today):
        return CaseTerm.DECIDE, case.decide_by
    return CaseTerm.STATEMENT, case.notice.respond_by


def _while_heard(case: Case) -> tuple[CaseTerm, date | None]:
    if case.hearing is not None and case.hearing.hold_on is not None:
        return CaseTerm.HEARING, case.hearing.hold_on
    return CaseTerm.DECIDE, case.decide_by


def _near(term: CaseTerm, last_day: date, today: date, policy: Policy) -> date:
    """The officers wait for the party to answer: nothing is told before that time is over."""
    if term is CaseTerm.STATEMENT:
        return looked_at_on(last_day)
    return days_earlier(last_day, policy.number("term_near_days", on=today))


def _looked_at(
    case: Case, term: CaseTerm, last_day: date, today: date, policy: Policy
) -> date | None:
    if case.told_passed:
        return None
    near = _near(term, last_day, today, policy)
    if not case.told_near and near < looked_at_on(last_day):
        return near
    return max(looked_at_on(last_day), looked_at_again_on(last_day))


def _told(term: CaseTerm, last_day: date, *, passed: bool) -> Act:
    how = "已过" if passed else "将到"
    return Act(
        what="remind",
        rule="remind",
        words=f"{WORDS[term]}的期限{how}: {last_day}",
        particulars={"term": term.value, "last_day": str(last_day), "passed": passed},
    )
