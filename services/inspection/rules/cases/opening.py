"""立案 — from a proposal or a clue to a filed case, or to none. Numbers: policy.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.chassis.policy import Policy
from services.events.inspection import CaseEnd
from services.inspection.model.cases import Case, CaseState, CaseStep
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.cases.table import after
from services.inspection.rules.offences import matter
from services.inspection.rules.orders.issuing import enough_officers
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.terms import calendar_days, working_days

_OPEN = "open"


def open_by_rule(case: Case, *, today: date, policy: Policy) -> Taken[Case]:
    """到期未整改、拒绝整改的进入执法程序: 按本局口径自动作为线索,或者只提出建议,由具名人员决定."""
    if policy.text("overdue_leads_to", on=today) == _OPEN:
        return open_clue(case, today=today, policy=policy)
    proposed = replace(case, state=CaseState.PROPOSED)
    words = f"建议作为线索核查: {case.description}"
    return Taken(proposed, (Act(what="propose", rule="open_by_rule", words=words),))


def open_clue(case: Case, *, today: date, policy: Policy) -> Taken[Case]:
    """违法行为线索应当自发现或者收到材料之日起十五个工作日内核查,由负责人决定是否立案.

    《市场监督管理行政处罚程序规定》第十八条.
    """
    matter(case.matter, policy, on=today)
    last = working_days(today, policy.number("case_verify_days", on=today))
    opened = replace(case, state=CaseState.CLUE, verify_by=last.day)
    words = f"作为线索核查,期限至{last.day}: {case.description}"
    return Taken(opened, (Act(what="open_clue", rule="open_clue", words=words),))


def accept(case: Case, *, today: date, policy: Policy) -> Taken[Case]:
    """建议由具名人员决定作为线索的,自决定之日起计算核查期限."""
    after(case, CaseStep.ACCEPT)
    return open_clue(case, today=today, policy=policy)


def extend_verify(case: Case, *, because: str, today: date, policy: Policy) -> Taken[Case]:
    """特殊情况下,经负责人批准,核查期限可以延长十五个工作日,只延长一次."""
    to = after(case, CaseStep.EXTEND_VERIFY)
    if case.verify_by is None or case.verify_extended:
        raise NotAllowed(
            "extended_already", "核查期限只能延长一次。", "请决定立案、不予立案或者移送。"
        )
    last = working_days(case.verify_by, policy.number("case_verify_extension_days", on=today))
    longer = replace(case, state=to, verify_by=last.day, verify_extended=True)
    words = f"核查期限由{case.verify_by}延长至{last.day}: {because}"
    return _taken(longer, "extend_verify", words, because=because)


def file(
    case: Case, *, number: str, officers: Sequence[str], today: date, policy: Policy
) -> Taken[Case]:
    """符合立案条件的,由负责人批准立案,并指定两名以上办案人员;自立案之日起九十日内作出处理决定."""
    may_file(case, officers, today=today, policy=policy)
    last = calendar_days(today, policy.number("case_decide_days", on=today))
    filed = replace(
        case,
        state=CaseState.FILED,
        number=number,
        filed_on=today,
        officers=tuple(officers),
        decide_by=last.day,
    )
    words = f"立案,编号{number},应于{last.day}前作出处理决定"
    return _taken(filed, "file", words, officers=list(officers))


def may_file(case: Case, officers: Sequence[str], *, today: date, policy: Policy) -> None:
    """Asked before a number is taken. Raises NotAllowed."""
    after(case, CaseStep.FILE)
    enough_officers(officers, today=today, policy=policy)


def not_file(case: Case, *, because: str, today: date) -> Taken[Case]:
    """不符合立案条件的,由负责人决定不予立案,并说明理由."""
    to = after(case, CaseStep.NOT_FILE)
    closed = replace(case, state=to, end=CaseEnd.NOT_FILED, closed_on=today)
    return _taken(closed, "not_file", f"不予立案: {because}", because=because)


def transfer(case: Case, *, to_body: str, because: str, today: date) -> Taken[Case]:
    """不属于本机关管辖或者涉嫌犯罪的,移送有管辖权的机关."""
    to = after(case, CaseStep.TRANSFER)
    closed = replace(
        case, state=to, end=CaseEnd.TRANSFERRED, closed_on=today, transferred_to=to_body
    )
    return _taken(closed, "transfer", f"移送{to_body}: {because}", to=to_body)


def _taken(case: Case, what: str, words: str, **particulars: Any) -> Taken[Case]:
    return Taken(case, (Act(what=what, rule=what, words=words, particulars=particulars),))
