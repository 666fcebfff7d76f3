"""逾期未改正 — what follows when the term ends without a correction.

依据: 中国质量新闻网 2013-12-13: 存在不良信息公布后15日内仍不改正的严重失信行为,均升级为黑名单
信息或质量安全预警信息.

Today's law lets nothing follow by itself. 《市场监督管理严重违法失信名单管理办法》
(总局令第44号) lists an enterprise only for a listed violation that drew a heavier penalty
(较重行政处罚), after notice and a chance to state its defence; a warning that stayed red for
fifteen days is neither. So where the policy's `escalation` is `propose`, a proposal is
made, and a person goes on from there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.credit.model import BadInformation, Escalate, Propose, Red, State
from services.credit.rules.refusal import NotAllowed
from services.credit.rules.steps import Taken
from services.credit.rules.term import is_over
from services.events.credit import EscalatedTo

BY_ITSELF = "list"


def escalate(red: Red, entry: BadInformation, *, today: date, policy: Policy) -> Taken:
    """不良信息公布后15日内仍不改正的,升级为黑名单信息;对象本身危及安全的,升级为质量安全预警信息."""
    _overdue(entry, today=today)
    if policy.text("escalation", on=today) != BY_ITSELF:
        raise NotAllowed(
            "proposal_only",
            "按现行规定,逾期未改正本身不足以列入名单或发布预警。",
            "可以提出升级建议,依法定程序决定。",
        )
    to = _target(entry, today=today, policy=policy)
    after = replace(
        entry, state=State.ESCALATED, escalated_to=to, escalated_on=today, next_step_on=None
    )
    return Taken(Escalate(today, to), after, "escalate", red.message_id)


def propose(red: Red, entry: BadInformation, *, today: date, policy: Policy) -> Taken:
    """不良信息公布后15日内仍不改正的,提出升级建议;列入名单须另依总局令第44号规定的条件和程序决定."""
    _overdue(entry, today=today)
    to = _target(entry, today=today, policy=policy)
    after = replace(
        entry, state=State.PROPOSED, escalated_to=to, escalated_on=today, next_step_on=None
    )
    return Taken(Propose(today, to), after, "propose", red.message_id)


def after_the_term(red: Red, entry: BadInformation, *, today: date, policy: Policy) -> Taken:
    """What the policy in force that day makes of an entry whose term has ended."""
    by_itself = policy.text("escalation", on=today) == BY_ITSELF
    step = escalate if by_itself else propose
    return step(red, entry, today=today, policy=policy)


def was_proposed(entry: BadInformation, *, policy: Policy) -> bool:
    """已改正的不良信息,其升级当时只是建议的,对外无可解除."""
    day = entry.escalated_on
    return day is not None and policy.text("escalation", on=day) != BY_ITSELF


def as_told(entry: BadInformation, *, proposed: bool) -> BadInformation:
    """升级建议未经决定,不告知企业和其他部门: 对外仍是已公布的不良信息."""
    if not proposed:
        return entry
    state = State.PUBLISHED if entry.state is State.PROPOSED else entry.state
    return replace(entry, state=state, escalated_to=None, escalated_on=None)


def _overdue(entry: BadInformation, *, today: date) -> None:
    """不良信息已公布、期限已满、仍未改正,三者缺一不可."""
    if entry.state in {State.ESCALATED, State.PROPOSED}:
        raise NotAllowed(
            "escalated_already", "这条不良信息已经升级或已提出建议。", "无需再次升级。"
        )
    if entry.state in {State.CORRECTED, State.WITHDRAWN}:
        raise NotAllowed(
            "closed_already", "这条不良信息已经改正或撤销。", "不得升级;可以查看其办理记录。"
        )
    if entry.state is not State.PUBLISHED:
        raise NotAllowed(
            "not_published", "没有公布的不良信息不得升级。", "请先经审核公布,或者撤销草稿。"
        )
    if not is_over(entry, today=today):
        raise NotAllowed(
            "term_still_runs",
            f"改正期限至{entry.last_day_to_correct}届满,现在不得升级。",
            "期限届满次日起仍未改正的,方可升级。",
        )


def _target(entry: BadInformation, *, today: date, policy: Policy) -> EscalatedTo:
    """对象本身危及人身财产安全的,发布质量安全预警;其余列入黑名单."""
    which = "escalation_of_a_hazard" if entry.endangers_safety else "escalation_of_others"
    return EscalatedTo(policy.text(which, on=today))
