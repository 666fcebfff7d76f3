"""处理决定 — a penalty, none, and what becomes of a decision later. Numbers: policy.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.chassis.policy import Policy
from services.events.inspection import CaseEnd, DecisionChange, PenaltyKind
from services.inspection.model.cases import (
    Case,
    CaseState,
    CaseStep,
    Decision,
    Leniency,
    Penalty,
)
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.cases import grounds
from services.inspection.rules.cases.notifying import check_penalty, harsher, summary
from services.inspection.rules.cases.table import after
from services.inspection.rules.leniency import Assessment, Proposal
from services.inspection.rules.orders.issuing import enough_officers
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.terms import calendar_days, ended_by, working_days

_AT_ONCE = frozenset({PenaltyKind.WARNING, PenaltyKind.FINE})


def assess(case: Case, found: Leniency, assessment: Assessment) -> Taken[Case]:
    """首违不罚的评估逐项写明条件是否具备,只提出意见,由具名人员决定."""
    to = after(case, CaseStep.ASSESS)
    if found.corrected_on is not None and found.corrected_on > found.assessed_on:
        raise NotAllowed(
            "day_in_the_future", "改正的日期晚于今天,承诺不算改正。", "请填写已经改正的日期。"
        )
    told = {
        "proposal": assessment.proposal.value,
        "grounds": [
            {
                "words": ground.words,
                "met": ground.met,
                "conditions": [vars(condition) for condition in ground.conditions],
            }
            for ground in assessment.grounds
        ],
    }
    assessed = replace(case, state=to, leniency=found)
    return _taken(assessed, "assess", f"评估: {assessment.words}", **told)


def may_decide(
    case: Case,
    penalty: Penalty,
    *,
    statement_answer: str | None,
    today: date,
    policy: Policy,
) -> None:
    """Asked before a number is taken. Raises NotAllowed."""
    after(case, CaseStep.DECIDE)
    grounds.check(case, penalty, statement_answer=statement_answer, today=today, policy=policy)


def decide(
    case: Case,
    penalty: Penalty,
    *,
    number: str,
    statement_answer: str | None,
    today: date,
    policy: Policy,
) -> Taken[Case]:
    """前提齐备的,依法作出处罚决定,七个工作日内送达;超过办案期限的,记入案卷.

    《行政处罚法》第五十七条、第六十条、第六十一条.
    """
    may_decide(case, penalty, statement_answer=statement_answer, today=today, policy=policy)
    late = case.decide_by is not None and ended_by(case.decide_by, today=today)
    decision = Decision(
        number=number,
        decided_on=today,
        penalty=penalty,
        ordinary=True,
        heavier=grounds.is_heavier(penalty, today=today, policy=policy),
        serve_by=working_days(today, policy.number("serve_days", on=today)).day,
        late=late,
    )
    decided = replace(case, state=CaseState.DECIDED, decision=decision, standing=penalty)
    words = f"作出处罚决定{number}: {penalty.content}" + (",已超过办案期限" if late else "")
    told = {**summary(penalty), "late": late, "statement_answer": statement_answer}
    return _taken(decided, "decide", words, **told)


def may_decide_at_once(
    case: Case, penalty: Penalty, officers: Sequence[str], *, today: date, policy: Policy
) -> None:
    """Asked before a number is taken. Raises NotAllowed."""
    after(case, CaseStep.DECIDE_AT_ONCE)
    check_penalty(penalty)
    enough_officers(officers, today=today, policy=policy)
    most = policy.number("at_once_most_fen", on=today)
    if set(penalty.kinds) - _AT_ONCE or penalty.fine_fen > most:
        raise NotAllowed(
            "not_at_once",
            "该处罚超出可以当场作出的范围。",
            f"当场只能给予警告或者{most}分以下的罚款;其他的请立案,按普通程序办理。",
        )


def decide_at_once(
    case: Case,
    penalty: Penalty,
    *,
    number: str,
    officers: Sequence[str],
    today: date,
    policy: Policy,
) -> Taken[Case]:
    """违法事实确凿并有法定依据,给予警告或者小额罚款的,可以当场作出决定并当场交付.

    《行政处罚法》第五十一条、第五十二条.
    """
    may_decide_at_once(case, penalty, officers, today=today, policy=policy)
    decision = Decision(
        number=number,
        decided_on=today,
        penalty=penalty,
        ordinary=False,
        heavier=False,
        serve_by=None,
        late=False,
    )
    pay_by = calendar_days(today, policy.number("pay_days", on=today)).day
    decided = replace(
        case,
        state=CaseState.SERVED,
        officers=tuple(officers),
        decision=decision,
        standing=penalty,
        served_on=today,
        pay_by=pay_by,
    )
    words = f"当场作出处罚决定{number}并交付: {penalty.content}"
    return _taken(decided, "decide_at_once", words, **summary(penalty))


def drop(
    case: Case,
    *,
    proven: bool,
    assessment: Assessment,
    education: str,
    because: str,
    today: date,
) -> Taken[Case]:
    """违法事实不能成立的,不予处罚;依法不予处罚的,应当有评估依据,并对当事人进行教育.

    《行政处罚法》第三十三条、第五十七条.
    """
    to = after(case, CaseStep.DROP)
    if proven:
        _lenient(assessment, education)
    end = CaseEnd.NO_PENALTY if proven else CaseEnd.NOT_PROVEN
    words = "不予行政处罚" if proven else "违法事实不能成立"
    closed = replace(case, state=to, end=end, closed_on=today)
    told = {"proposal": assessment.proposal.value, "education": education}
    return _taken(closed, "drop", f"{words}: {because}", **told)


def _lenient(assessment: Assessment, education: str) -> None:
    if assessment.proposal not in {Proposal.SHALL_NOT, Proposal.MAY_NOT}:
        raise NotAllowed(
            "leniency_missing",
            f"不予处罚没有依据: {assessment.words}。",
            "请先评估并查清第三十三条的各项条件,或者依程序作出处罚决定。",
        )
    if not education.strip():
        raise NotAllowed(
            "education_missing", "不予处罚的,应当对当事人进行教育。", "请写明教育的内容和时间。"
        )


def change(
    case: Case,
    *,
    what: DecisionChange,
    remains: Penalty | None,
    by: str,
    because: str,
    today: date,
) -> Taken[Case]:
    """处罚决定被撤销、变更或者确认违法的,写明由谁作出和理由;撤销的案件即行结案."""
    to = after(case, CaseStep.CHANGE)
    if case.decision is None or case.standing is None:
        raise NotAllowed(
            "no_decision",
            "案件没有有效的处罚决定。",
            "只有作出过处罚决定的案件可以撤销或变更。",
        )
    changed = replace(case, state=to, standing=_remaining(case.standing, what, remains))
    if what is DecisionChange.ANNULLED:
        closed_on = case.closed_on or today
        changed = replace(
            changed, state=CaseState.CLOSED, end=CaseEnd.ANNULLED, closed_on=closed_on
        )
    labels = {
        DecisionChange.ANNULLED: "撤销",
        DecisionChange.CHANGED: "变更",
        DecisionChange.UNLAWFUL: "确认违法",
    }
    words = f"处罚决定{case.decision.number}被{by}{labels[what]}: {because}"
    return _taken(changed, "change", words, what=what.value, by=by, because=because)


def _remaining(
    standing: Penalty, what: DecisionChange, remains: Penalty | None
) -> Penalty | None:
    match what:
        case DecisionChange.ANNULLED:
            return None
        case DecisionChange.UNLAWFUL:
            return standing
        case DecisionChange.CHANGED:
            if remains is None:
                raise NotAllowed(
                    "penalty_missing", "变更没有写明变更后的处罚。", "请写明变更后的处罚。"
                )
            check_penalty(remains)
            if harsher(remains, standing):
                raise NotAllowed(
                    "harsher_afterwards",
                    "变更后的处罚比原决定更重。",
                    "对当事人不利的变更,请撤销后依程序重新决定。",
                )
            return remains


def _taken(case: Case, rule: str, words: str, **particulars: Any) -> Taken[Case]:
    return Taken(case, (Act(what=rule, rule=rule, words=words, particulars=particulars),))
