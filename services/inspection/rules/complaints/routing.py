"""投诉举报的移送与合并 — to another county, into an earlier one about the same thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.inspection.model.complaints import (
    Complaint,
    ComplaintState as State,
    ComplaintStep as Step,
)
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.complaints.table import STATES, after
from services.inspection.rules.refusal import NotAllowed

_ENDED = frozenset({State.ANSWERED, State.REFUSED, State.CLOSED})
_RESTARTS = "restart"


def transfer_complaint(
    complaint: Complaint, *, to: str, bureau: str, because: str, today: date, policy: Policy
) -> Taken[Complaint]:
    """不属于本局管辖的,移送有管辖权的局,管辖随之转移;期限是否重新计算由政策确定."""
    state = after(complaint, Step.TRANSFER)
    if to == complaint.division:
        raise NotAllowed("there_already", f"这件投诉举报已由{bureau}管辖。", "请直接办理。")
    moved = replace(complaint, state=state, division=to)
    if policy.text("complaint_transfer_term", on=today) == _RESTARTS:
        moved = replace(moved, clock_since=today)
    act = Act(
        what="transfer_complaint",
        rule="transfer_complaint",
        words=f"移送{bureau}: {because}",
        particulars={"from": complaint.division, "to": to},
    )
    return Taken(moved, (act,))


def join(complaint: Complaint, into: Complaint, *, has_joined: bool) -> Taken[Complaint]:
    """同一单位同一事项的重复投诉举报,经办人核对后可以并入较早的一件,答复对各件都有效."""
    state = after(complaint, Step.JOIN)
    if into.complaint_id == complaint.complaint_id or has_joined:
        raise NotAllowed(
            "others_joined", "不能并入自身, 已有其他件并入的也不能再并入。", "请反向合并。"
        )
    if (into.kind, into.division) != (complaint.kind, complaint.division):
        raise NotAllowed(
            "of_another_kind",
            "投诉和举报、不同局管辖的, 不能合并。",
            "请分别办理, 或者先移送。",
        )
    if into.state is State.JOINED or into.state in _ENDED:
        raise NotAllowed(
            "not_open",
            f"{into.number}{STATES[into.state]}, 不能再并入。",
            "请分别办理, 或者并入仍在办理的一件。",
        )
    if (into.received_on, into.number) > (complaint.received_on, complaint.number):
        raise NotAllowed(
            "later_one", f"{into.number}收到在后, 期限更晚。", "请把较晚的一件并入较早的。"
        )
    joined = replace(complaint, state=state, joined_into=into.complaint_id)
    act = Act(
        what="join",
        rule="join",
        words=f"并入{into.number}",
        particulars={"into": str(into.complaint_id)},
    )
    return Taken(joined, (act,))


def separate(complaint: Complaint, *, because: str) -> Taken[Complaint]:
    """并错的,分出单独办理,期限仍自收到之日起计算."""
    state = after(complaint, Step.SEPARATE)
    apart = replace(complaint, state=state, joined_into=None)
    act = Act(what="separate", rule="separate", words=f"分出单独办理: {because}")
    return Taken(apart, (act,))


def follow(joined: Complaint, into: Complaint) -> Taken[Complaint]:
    """并入的各件,随所并入的一件移送、答复和办结."""
    ends = into.state in _ENDED
    followed = joined
    if ends:
        followed = replace(
            joined,
            state=into.state,
            answer=into.answer,
            answered_on=into.answered_on,
            closed_on=into.closed_on,
        )
    if joined.state is State.JOINED:
        followed = replace(followed, division=into.division)
    if followed == joined:
        return Taken(joined, ())
    how = STATES[into.state] if ends else "移送"
    said = f": {into.answer}" if into.answer != joined.answer else ""
    act = Act(what="follow", rule="follow", words=f"随{into.number}{how}{said}")
    return Taken(followed, (act,))
