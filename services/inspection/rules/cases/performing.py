"""执行 — service, payment, surcharge, performance. Amounts in fen; numbers: policy.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.chassis.policy import Policy
from services.events.inspection import CaseEnd
from services.inspection.model.cases import Case, CaseStep, Payment, Penalty
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.cases.table import after
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.terms import calendar_days, ended_by

_WHOLE = 100


def serve(case: Case, *, how: str, today: date, policy: Policy) -> Taken[Case]:
    """处罚决定书送达后,当事人应当自收到之日起十五日内缴纳罚款.

    《行政处罚法》第六十一条、第六十七条.
    """
    to = after(case, CaseStep.SERVE)
    last = calendar_days(today, policy.number("pay_days", on=today))
    served = replace(case, state=to, served_on=today, pay_by=last.day)
    return _taken(served, "serve", f"送达处罚决定书({how}),缴款期限至{last.day}", how=how)


def pay(case: Case, *, fen: int, today: date, policy: Policy) -> Taken[Case]:
    """缴纳的款项逐笔记入案卷,超过应缴数额的不收."""
    to = after(case, CaseStep.PAY)
    owed = owed_on(case, today=today, policy=policy)
    if not 0 < fen <= owed:
        raise NotAllowed(
            "payment_wrong", f"应缴{owed}分,不能记录{fen}分。", "请核对缴款凭证上的数额。"
        )
    paid = replace(case, state=to, payments=(*case.payments, Payment(on=today, fen=fen)))
    return _taken(paid, "pay", f"缴纳{fen}分", fen=fen)


def defer(case: Case, *, until: date, because: str, today: date) -> Taken[Case]:
    """确有经济困难的,经当事人申请和批准,可以暂缓或者分期缴纳 (《行政处罚法》第六十六条)."""
    to = after(case, CaseStep.DEFER)
    if case.pay_by is None or ended_by(case.pay_by, today=today) or until <= case.pay_by:
        raise NotAllowed(
            "deferral_wrong",
            "暂缓缴纳应当在缴款期限届满前批准,并且晚于原期限。",
            f"现在的缴款期限为{case.pay_by}。",
        )
    longer = replace(case, state=to, pay_by=until)
    return _taken(longer, "defer", f"缴款期限由{case.pay_by}延至{until}: {because}")


def perform(
    case: Case, *, statement: str, surcharge_waived: bool, today: date, policy: Policy
) -> Taken[Case]:
    """罚没款缴清、其他处罚已经执行的,结案;加处罚款减免的应当写明."""
    to = after(case, CaseStep.PERFORM)
    rest = (
        principal_left(case) if surcharge_waived else owed_on(case, today=today, policy=policy)
    )
    if rest:
        raise NotAllowed(
            "not_paid", f"还有{rest}分没有缴清。", "请先记录缴纳,或者申请人民法院强制执行。"
        )
    closed = replace(case, state=to, end=CaseEnd.PERFORMED, closed_on=today)
    return _taken(closed, "perform", f"处罚决定已履行: {statement}", waived=surcharge_waived)


def enforce(case: Case, *, court: str, today: date) -> Taken[Case]:
    """当事人逾期不履行的,可以依法申请人民法院强制执行 (《行政处罚法》第七十二条)."""
    to = after(case, CaseStep.ENFORCE)
    if case.pay_by is None or not ended_by(case.pay_by, today=today):
        raise NotAllowed(
            "term_running", f"履行期限至{case.pay_by}届满。", "期满仍不履行的,方可申请。"
        )
    closed = replace(case, state=to, end=CaseEnd.ENFORCED, closed_on=today)
    return _taken(closed, "enforce", f"申请{court}强制执行", court=court)


def surcharge(
    fine_fen: int,
    payments: Sequence[Payment],
    *,
    pay_by: date,
    today: date,
    percent_a_day: int,
) -> int:
    """到期不缴纳罚款的,每日按罚款数额的百分之三加处罚款,加处罚款的数额不得超出罚款的数额.

    《行政处罚法》第七十二条. 按尚未缴纳的罚款计算.
    """
    left, grown, since = fine_fen, 0, pay_by
    for payment in sorted(payments, key=lambda each: each.on):
        if payment.on > pay_by:
            grown += left * percent_a_day * (min(payment.on, today) - since).days // _WHOLE
            since = payment.on
        left = max(left - payment.fen, 0)
    if today > since:
        grown += left * percent_a_day * (today - since).days // _WHOLE
    return min(grown, fine_fen)


def surcharge_of(case: Case, *, today: date, policy: Policy) -> int:
    """The surcharge that a case has grown by a day."""
    if case.pay_by is None or case.standing is None or not ended_by(case.pay_by, today=today):
        return 0
    return surcharge(
        case.standing.fine_fen,
        case.payments,
        pay_by=case.pay_by,
        today=today,
        percent_a_day=policy.number("surcharge_percent", on=today),
    )


def principal_left(case: Case) -> int:
    """罚款和没收款中还没有缴纳的部分."""
    paid = sum(payment.fen for payment in case.payments)
    return max(_principal(case.standing) - paid, 0)


def owed_on(case: Case, *, today: date, policy: Policy) -> int:
    """应缴总额: 罚没款加上加处罚款,减去已经缴纳的."""
    grown = surcharge_of(case, today=today, policy=policy)
    paid = sum(payment.fen for payment in case.payments)
    return max(_principal(case.standing) + grown - paid, 0)


def _principal(standing: Penalty | None) -> int:
    return standing.fine_fen + standing.confiscated_fen if standing else 0


def _taken(case: Case, rule: str, words: str, **particulars: Any) -> Taken[Case]:
    return Taken(case, (Act(what=rule, rule=rule, words=words, particulars=particulars),))
