"""告知与听证 — notice, statement and defence, hearing. Numbers: policy.yaml."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.chassis import workdays
from services.chassis.policy import Policy
from services.events.inspection import PenaltyKind
from services.inspection.model.cases import Case, CaseState, CaseStep, Hearing, Notice, Penalty
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.cases.falling import ground_stands
from services.inspection.rules.cases.table import after
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.terms import ended_by, working_days

HEARD = frozenset(
    {
        PenaltyKind.DOWNGRADED,
        PenaltyKind.REVOKED,
        PenaltyKind.STOPPED,
        PenaltyKind.SHUT,
        PenaltyKind.BARRED,
        PenaltyKind.RESTRICTED,
    }
)


def has_hearing_right(penalty: Penalty, *, today: date, policy: Policy) -> bool:
    """较大数额罚款、没收,降低资质等级、吊销许可证件,责令停产停业、责令关闭、限制从业等,
    当事人有权要求听证 (《行政处罚法》第六十三条).
    """
    large = policy.number("hearing_from_fen", on=today)
    sums = max(penalty.fine_fen, penalty.confiscated_fen)
    return sums >= large or bool(HEARD & set(penalty.kinds))


def notify(case: Case, penalty: Penalty, *, today: date, policy: Policy) -> Taken[Case]:
    """作出处罚决定之前,应当告知拟处罚的内容及事实、理由、依据,以及陈述、申辩和要求听证的权利;
    不得因陈述申辩而给予更重的处罚 (《行政处罚法》第四十四条、第四十五条).
    """
    to = after(case, CaseStep.NOTIFY)
    check_penalty(penalty)
    ground_stands(case)
    if not case.evidence:
        raise NotAllowed(
            "evidence_missing",
            "案卷中没有两名执法人员取得的证据,不能告知。",
            "请先调查取证。",
        )
    _not_harsher_for_answering(case, penalty)
    days = policy.number("statement_days", on=today)
    last = working_days(today, days)
    right = has_hearing_right(penalty, today=today, policy=policy)
    answered = _has_answered(case) and len(case.evidence) == _evidence_then(case)
    notice = Notice(
        served_on=today,
        penalty=penalty,
        hearing_right=right,
        respond_by=last.day,
        evidence_then=len(case.evidence),
        answered=answered,
    )
    told = replace(case, state=to, notice=notice, statement=None, waived_on=None, hearing=None)
    also = "和要求听证" if right else ""
    words = f"告知拟{penalty.content},可以在{last.day}前陈述申辩{also}"
    return _taken(told, "notify", words, **summary(penalty))


def return_(case: Case, *, because: str) -> Taken[Case]:
    """事实不清、证据不足的,退回补充调查;办案期限继续计算,补充后应当重新告知."""
    to = after(case, CaseStep.RETURN)
    return _taken(replace(case, state=to), "return", f"退回补充调查: {because}", "return_")


def hear(case: Case, *, statement: str, today: date) -> Taken[Case]:
    """应当充分听取当事人的意见,对提出的事实、理由和证据进行复核;超过期限提出的,也记入案卷."""
    to = after(case, CaseStep.HEAR)
    said = f"{case.statement}\n{statement}" if case.statement else statement
    return _taken(replace(case, state=to, statement=said), "hear", f"陈述申辩: {statement}")


def waive(case: Case, *, statement: str, today: date) -> Taken[Case]:
    """当事人明确放弃陈述申辩、撤回听证申请的,记入案卷 (《行政处罚法》第六十二条)."""
    to = after(case, CaseStep.WAIVE)
    hearing = case.hearing and replace(case.hearing, withdrawn_on=today)
    waived = replace(case, state=to, waived_on=today, hearing=hearing)
    return _taken(waived, "waive", f"当事人放弃陈述申辩或撤回听证申请: {statement}")


def request_hearing(case: Case, *, today: date) -> Taken[Case]:
    """当事人要求听证的,应当在告知后五个工作日内提出 (《行政处罚法》第六十四条)."""
    to = after(case, CaseStep.REQUEST_HEARING)
    notice = _notice(case)
    if not notice.hearing_right:
        raise NotAllowed(
            "no_hearing_right",
            "拟作出的处罚不在听证范围内。",
            "可以陈述和申辩;本局也可以重新告知听证权利。",
        )
    if ended_by(notice.respond_by, today=today):
        raise NotAllowed(
            "term_has_passed",
            f"要求听证的期限已于{notice.respond_by}届满。",
            "可以陈述和申辩。",
        )
    asked = replace(case, state=to, hearing=Hearing(requested_on=today), waived_on=None)
    return _taken(asked, "request_hearing", "当事人要求听证")


def call_hearing(case: Case, *, hold_on: date, today: date, policy: Policy) -> Taken[Case]:
    """应当在举行听证的七个工作日前,通知当事人听证的时间、地点 (《行政处罚法》第六十四条)."""
    to = after(case, CaseStep.CALL_HEARING)
    days = policy.number("hearing_notice_days", on=today)
    earliest = workdays.add_working_days(today, days)
    if hold_on < earliest:
        raise NotAllowed(
            "hearing_too_early",
            f"听证定在{hold_on},通知不足{days}个工作日。",
            f"最早可以定在{earliest}。",
        )
    hearing = replace(_hearing(case), called_on=today, hold_on=hold_on)
    words = f"通知于{hold_on}举行听证"
    return _taken(replace(case, state=to, hearing=hearing), "call_hearing", words)


def hold_hearing(case: Case, *, record: str, today: date) -> Taken[Case]:
    """听证按通知的时间举行,制作笔录;听证结束后,根据笔录依法作出决定 (《行政处罚法》第六十五条)."""
    to = after(case, CaseStep.HOLD_HEARING)
    hearing = _hearing(case)
    if hearing.hold_on is None or today < hearing.hold_on:
        raise NotAllowed(
            "hearing_not_called",
            "还没有到通知的听证时间,或者没有通知。",
            "请先通知听证的时间、地点。",
        )
    held = replace(case, state=to, hearing=replace(hearing, held_on=today, record=record))
    return _taken(held, "hold_hearing", f"举行听证: {record}")


def check_penalty(penalty: Penalty) -> None:
    """处罚的种类与数额应当一致,并写明事实、依据和内容. Raises NotAllowed."""
    fined = PenaltyKind.FINE in penalty.kinds
    taken = {PenaltyKind.CONFISCATED_GAINS, PenaltyKind.CONFISCATED_GOODS} & set(penalty.kinds)
    if not penalty.kinds or fined != (penalty.fine_fen > 0):
        raise NotAllowed(
            "penalty_wrong", "处罚种类与罚款数额不一致。", "罚款的写明数额;不罚款的数额为零。"
        )
    if penalty.fine_fen < 0 or penalty.confiscated_fen < 0:
        raise NotAllowed("penalty_wrong", "金额不能为负。", "请填写以分为单位的金额。")
    if penalty.confiscated_fen and not taken:
        raise NotAllowed(
            "penalty_wrong", "有没收金额而处罚种类中没有没收。", "请补充处罚种类。"
        )


def harsher(one: Penalty, other: Penalty) -> bool:
    """一项处罚比另一项更重: 种类更多,或者金额更高."""
    return (
        bool(set(one.kinds) - set(other.kinds))
        or one.fine_fen > other.fine_fen
        or one.confiscated_fen > other.confiscated_fen
    )


def summary(penalty: Penalty) -> dict[str, Any]:
    """A penalty in the file, fit for JSON."""
    return {
        "kinds": [kind.value for kind in penalty.kinds],
        "fine_fen": penalty.fine_fen,
        "confiscated_fen": penalty.confiscated_fen,
        "violation_class": penalty.violation_class.value,
        "legal_basis": penalty.legal_basis,
    }


def _not_harsher_for_answering(case: Case, penalty: Penalty) -> None:
    before = case.notice
    if before is None or not harsher(penalty, before.penalty):
        return
    if _has_answered(case) and len(case.evidence) <= _evidence_then(case):
        raise NotAllowed(
            "harsher_after_defence",
            "当事人已经陈述申辩,又没有新的证据,不得给予更重的处罚。",
            "可以按原告知或者更轻的处罚处理;有新的事实和证据的,先补充入卷。",
        )


def _has_answered(case: Case) -> bool:
    before = case.notice
    return bool(case.statement or case.hearing or (before and before.answered))


def _evidence_then(case: Case) -> int:
    return case.notice.evidence_then if case.notice else 0


def _notice(case: Case) -> Notice:
    if case.notice is None or case.state is CaseState.FILED:
        raise NotAllowed("notice_missing", "没有告知。", "请先告知拟作出的处罚。")
    return case.notice


def _hearing(case: Case) -> Hearing:
    if case.hearing is None:
        raise NotAllowed("hearing_not_requested", "当事人没有要求听证。", "可以作出决定。")
    return case.hearing


def _taken(
    case: Case, what: str, words: str, rule: str = "", **particulars: Any
) -> Taken[Case]:
    act = Act(what=what, rule=rule or what, words=words, particulars=particulars)
    return Taken(case, (act,))
