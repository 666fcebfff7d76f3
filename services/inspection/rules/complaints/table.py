"""投诉举报程序 — what can happen to a complaint in which state; the rest is refused in words."""

from __future__ import annotations

from services.inspection.model.complaints import (
    Complaint,
    ComplaintKind,
    ComplaintState as State,
    ComplaintStep as Step,
)
from services.inspection.rules.refusal import NotAllowed

_Steps = dict[tuple[State, Step], State]
_IN_HAND = (State.RECEIVED, State.ACCEPTED, State.CHECKED)

_OF_BOTH: _Steps = {
    **{(state, step): state for state in _IN_HAND for step in (Step.IDENTIFY, Step.TRANSFER)},
    (State.RECEIVED, Step.JOIN): State.JOINED,
    (State.JOINED, Step.SEPARATE): State.RECEIVED,
    (State.CHECKED, Step.CHECK): State.CHECKED,
    (State.CHECKED, Step.OPEN_CASE): State.CASE_OPENED,
    (State.CHECKED, Step.NO_CASE): State.NO_CASE,
    (State.CASE_OPENED, Step.ANSWER): State.ANSWERED,
    (State.NO_CASE, Step.ANSWER): State.ANSWERED,
    (State.ANSWERED, Step.CLOSE): State.CLOSED,
    (State.REFUSED, Step.CLOSE): State.CLOSED,
    (State.ANSWERED, Step.REOPEN): State.RECEIVED,
    (State.REFUSED, Step.REOPEN): State.RECEIVED,
    (State.CLOSED, Step.REOPEN): State.RECEIVED,
}

AFTER: dict[ComplaintKind, _Steps] = {
    ComplaintKind.COMPLAINT: {
        (State.RECEIVED, Step.ACCEPT): State.ACCEPTED,
        (State.RECEIVED, Step.REFUSE): State.REFUSED,
        (State.ACCEPTED, Step.MEDIATE): State.MEDIATED,
        (State.ACCEPTED, Step.CHECK): State.CHECKED,  # 调解中发现违法线索
        (State.CHECKED, Step.MEDIATE): State.MEDIATED,
        (State.MEDIATED, Step.ANSWER): State.ANSWERED,
        **_OF_BOTH,
    },
    ComplaintKind.LEAD: {
        (State.RECEIVED, Step.CHECK): State.CHECKED,
        (State.RECEIVED, Step.EXTEND_CHECK): State.RECEIVED,
        (State.CHECKED, Step.EXTEND_CHECK): State.CHECKED,
        **_OF_BOTH,
    },
}

STATES = {
    State.RECEIVED: "已收到",
    State.ACCEPTED: "已受理, 在调解",
    State.REFUSED: "不予受理",
    State.MEDIATED: "调解已结束, 待答复",
    State.CHECKED: "已核查, 待决定是否立案",
    State.CASE_OPENED: "已立案, 待答复",
    State.NO_CASE: "不予立案, 待答复",
    State.ANSWERED: "已答复",
    State.CLOSED: "已办结",
    State.JOINED: "已并入另一件",
}

STEPS = {
    Step.IDENTIFY: "确认单位",
    Step.TRANSFER: "移送其他县区",
    Step.JOIN: "并入另一件",
    Step.SEPARATE: "从另一件分出",
    Step.ACCEPT: "受理",
    Step.REFUSE: "不予受理",
    Step.MEDIATE: "记录调解结果",
    Step.CHECK: "记录核查情况",
    Step.EXTEND_CHECK: "延长核查期限",
    Step.OPEN_CASE: "立案",
    Step.NO_CASE: "不予立案",
    Step.ANSWER: "答复",
    Step.CLOSE: "办结",
    Step.REOPEN: "重新办理",
}

KINDS = {ComplaintKind.COMPLAINT: "投诉", ComplaintKind.LEAD: "举报"}


def possible(complaint: Complaint) -> list[Step]:
    """What can be done with it now."""
    steps = [step for state, step in AFTER[complaint.kind] if state is complaint.state]
    once = complaint.reopened_on is not None
    return [step for step in steps if not (step is Step.REOPEN and once)]


def after(complaint: Complaint, step: Step) -> State:
    """投诉和举报分别按各自的程序办理,没有规定的步骤不能进行. Raises NotAllowed."""
    to = AFTER[complaint.kind].get((complaint.state, step))
    if to is None:
        now = [STEPS[each] for each in possible(complaint)]
        raise NotAllowed(
            "step_not_possible",
            f"这件{KINDS[complaint.kind]}{STATES[complaint.state]}, 不能{STEPS[step]}。",
            f"现在可以: {'、'.join(now) or '无'}。",
        )
    return to
