"""办案程序 — what can happen to a case in which state; the rest is refused in words."""

from __future__ import annotations

from services.inspection.model.cases import Case, CaseState, CaseStep
from services.inspection.rules.refusal import NotAllowed

_AT_ANY_TIME_BEFORE_THE_DECISION = (
    CaseStep.TAKE_EVIDENCE,
    CaseStep.EXCLUDE,
    CaseStep.EXTEND_DECIDE,
    CaseStep.REVIEW,
    CaseStep.DISCUSS,
    CaseStep.ASSESS,
)

AFTER = {
    (CaseState.PROPOSED, CaseStep.ACCEPT): CaseState.CLUE,
    (CaseState.PROPOSED, CaseStep.NOT_FILE): CaseState.CLOSED,
    (CaseState.PROPOSED, CaseStep.TRANSFER): CaseState.CLOSED,
    (CaseState.CLUE, CaseStep.EXTEND_VERIFY): CaseState.CLUE,
    (CaseState.CLUE, CaseStep.TAKE_EVIDENCE): CaseState.CLUE,
    (CaseState.CLUE, CaseStep.ASSESS): CaseState.CLUE,
    (CaseState.CLUE, CaseStep.FILE): CaseState.FILED,
    (CaseState.CLUE, CaseStep.NOT_FILE): CaseState.CLOSED,
    (CaseState.CLUE, CaseStep.TRANSFER): CaseState.CLOSED,
    (CaseState.CLUE, CaseStep.DECIDE_AT_ONCE): CaseState.SERVED,  # 简易程序
    **{
        (state, step): state
        for state in (CaseState.FILED, CaseState.NOTIFIED, CaseState.HEARING)
        for step in _AT_ANY_TIME_BEFORE_THE_DECISION
    },
    **{
        (state, step): CaseState.CLOSED
        for state in (CaseState.FILED, CaseState.NOTIFIED, CaseState.HEARING)
        for step in (CaseStep.DROP, CaseStep.TRANSFER)
    },
    (CaseState.FILED, CaseStep.NOTIFY): CaseState.NOTIFIED,
    (
        CaseState.NOTIFIED,
        CaseStep.NOTIFY,
    ): CaseState.NOTIFIED,  # 事实、理由或处罚有变化的, 重新告知
    (CaseState.NOTIFIED, CaseStep.RETURN): CaseState.FILED,
    (CaseState.NOTIFIED, CaseStep.HEAR): CaseState.NOTIFIED,
    (CaseState.NOTIFIED, CaseStep.WAIVE): CaseState.NOTIFIED,
    (CaseState.NOTIFIED, CaseStep.REQUEST_HEARING): CaseState.HEARING,
    (CaseState.HEARING, CaseStep.HEAR): CaseState.HEARING,
    (CaseState.HEARING, CaseStep.CALL_HEARING): CaseState.HEARING,
    (CaseState.HEARING, CaseStep.HOLD_HEARING): CaseState.NOTIFIED,
    (CaseState.HEARING, CaseStep.WAIVE): CaseState.NOTIFIED,  # 撤回听证申请
    (CaseState.NOTIFIED, CaseStep.DECIDE): CaseState.DECIDED,
    (CaseState.DECIDED, CaseStep.SERVE): CaseState.SERVED,
    (CaseState.DECIDED, CaseStep.CHANGE): CaseState.DECIDED,
    (CaseState.SERVED, CaseStep.PAY): CaseState.SERVED,
    (CaseState.SERVED, CaseStep.DEFER): CaseState.SERVED,
    (CaseState.SERVED, CaseStep.PERFORM): CaseState.CLOSED,
    (CaseState.SERVED, CaseStep.ENFORCE): CaseState.CLOSED,
    (CaseState.SERVED, CaseStep.CHANGE): CaseState.SERVED,
    (CaseState.CLOSED, CaseStep.CHANGE): CaseState.CLOSED,
}

STATES = {
    CaseState.PROPOSED: "为建议, 待决定是否作为线索",
    CaseState.CLUE: "在线索核查阶段",
    CaseState.FILED: "在调查取证阶段",
    CaseState.NOTIFIED: "已告知, 在听取陈述申辩阶段",
    CaseState.HEARING: "在听证阶段",
    CaseState.DECIDED: "已作出处罚决定, 待送达",
    CaseState.SERVED: "处罚决定已送达, 待履行",
    CaseState.CLOSED: "已结案",
}

STEPS = {
    CaseStep.ACCEPT: "作为线索核查",
    CaseStep.EXTEND_VERIFY: "延长核查期限",
    CaseStep.TAKE_EVIDENCE: "调查取证",
    CaseStep.FILE: "立案",
    CaseStep.NOT_FILE: "不予立案",
    CaseStep.TRANSFER: "移送",
    CaseStep.EXCLUDE: "扣除不计入期限的时间",
    CaseStep.EXTEND_DECIDE: "延长办案期限",
    CaseStep.NOTIFY: "告知",
    CaseStep.RETURN: "退回补充调查",
    CaseStep.HEAR: "听取陈述申辩",
    CaseStep.WAIVE: "记录放弃陈述申辩或撤回听证申请",
    CaseStep.REQUEST_HEARING: "申请听证",
    CaseStep.CALL_HEARING: "通知听证",
    CaseStep.HOLD_HEARING: "举行听证",
    CaseStep.REVIEW: "法制审核",
    CaseStep.DISCUSS: "集体讨论",
    CaseStep.ASSESS: "评估是否不予处罚",
    CaseStep.DECIDE: "作出处罚决定",
    CaseStep.DECIDE_AT_ONCE: "当场作出处罚决定",
    CaseStep.DROP: "不予处罚",
    CaseStep.SERVE: "送达处罚决定书",
    CaseStep.PAY: "记录缴纳",
    CaseStep.DEFER: "延期或分期缴纳",
    CaseStep.PERFORM: "记录履行完毕",
    CaseStep.ENFORCE: "申请强制执行",
    CaseStep.CHANGE: "撤销或变更处罚决定",
}


def after(case: Case, step: CaseStep) -> CaseState:
    """案件的每一步只能按法定程序进行. Raises NotAllowed."""
    to = AFTER.get((case.state, step))
    if to is None:
        possible = [STEPS[other] for at, other in AFTER if at is case.state]
        raise NotAllowed(
            "step_not_possible",
            f"案件{STATES[case.state]}, 不能{STEPS[step]}。",
            f"现在可以: {'、'.join(possible)}。",
        )
    return to
