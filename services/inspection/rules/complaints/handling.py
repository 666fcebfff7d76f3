"""投诉举报的办理 — acceptance, mediation, check, answer, re-opening. Numbers: policy.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.policy import Policy
from services.events.inspection import CaseOrigin
from services.inspection.model.complaints import (
    Channel,
    Complaint,
    ComplaintStep as Step,
    MediationEnd,
)
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.complaints.table import after
from services.inspection.rules.refusal import NotAllowed

_MEDIATED = {
    MediationEnd.AGREED: "达成调解协议",
    MediationEnd.FAILED: "未达成协议, 终止调解",
    MediationEnd.WITHDRAWN: "投诉人撤回投诉, 终止调解",
}
_ORIGINS = {Channel.MEDIA: CaseOrigin.MEDIA, Channel.DEPARTMENT: CaseOrigin.TRANSFERRED}


def accept_complaint(complaint: Complaint, *, today: date) -> Taken[Complaint]:
    """符合规定的投诉予以受理,自受理之日起计算调解期限.

    《市场监督管理投诉举报处理暂行办法》第十四条.
    """
    to = after(complaint, Step.ACCEPT)
    return _taken(replace(complaint, state=to, accepted_on=today), "accept_complaint", "受理")


def refuse_complaint(
    complaint: Complaint, *, ground: str, answer: str, today: date, policy: Policy
) -> Taken[Complaint]:
    """不予受理的,应当属于规定的情形,并将理由告知投诉人.

    《市场监督管理投诉举报处理暂行办法》第十四条、第十五条. Raises NotAllowed.
    """
    to = after(complaint, Step.REFUSE)
    known = {row["code"]: row for row in grounds(policy, on=today)}
    if ground not in known:
        raise NotAllowed(
            "ground_unknown",
            f"没有代码为 {ground} 的不予受理情形。",
            f"可以使用: {'、'.join(known)}。",
        )
    refused = replace(complaint, state=to, answer=answer, answered_on=today)
    words = f"不予受理: {known[ground]['label']}; 告知: {answer}"
    return _taken(refused, "refuse_complaint", words, ground=ground)


def grounds(policy: Policy, *, on: date) -> Sequence[dict[str, Any]]:
    """The grounds on which a complaint may be refused."""
    return policy.table("complaint_refusal_grounds", on=on)


def mediate(
    complaint: Complaint,
    *,
    end: MediationEnd,
    note: str,
    evidence: Sequence[str],
    today: date,
) -> Taken[Complaint]:
    """调解达成协议的,记录协议内容;四十五个工作日内未达成协议或者投诉人撤回的,终止调解.

    《市场监督管理投诉举报处理暂行办法》第二十一条.
    """
    to = after(complaint, Step.MEDIATE)
    ended = replace(complaint, state=to, mediation=end, concluded_on=today)
    words = f"{_MEDIATED[end]}: {note}"
    return _taken(ended, "mediate", words, end=end.value, evidence=list(evidence))


def check_lead(
    complaint: Complaint, *, finding: str, evidence: Sequence[str], today: date
) -> Taken[Complaint]:
    """举报线索应当核查,核查情况记入案卷;核查情况不写投诉举报人的信息.

    《市场监督管理投诉举报处理暂行办法》第三十一条.
    """
    to = after(complaint, Step.CHECK)
    checked = replace(complaint, state=to, finding=finding)
    words = f"核查情况: {finding}"
    return _taken(checked, "check_lead", words, evidence=list(evidence), on=str(today))


def extend_check(complaint: Complaint, *, because: str) -> Taken[Complaint]:
    """特殊情况下,经负责人批准,核查期限可以延长十五个工作日,只延长一次."""
    to = after(complaint, Step.EXTEND_CHECK)
    if complaint.check_extended:
        raise NotAllowed(
            "extended_already", "核查期限只能延长一次。", "请决定立案或者不予立案。"
        )
    longer = replace(complaint, state=to, check_extended=True)
    return _taken(longer, "extend_check", f"延长核查期限: {because}")


def may_open_case(complaint: Complaint) -> UUID:
    """立案应当有明确的当事人. Returns the enterprise. Raises NotAllowed."""
    after(complaint, Step.OPEN_CASE)
    if complaint.enterprise_id is None:
        raise NotAllowed(
            "target_unknown", "还没有确认被举报的单位, 不能立案。", "请先确认单位。"
        )
    return complaint.enterprise_id


def origin_of(complaint: Complaint) -> CaseOrigin:
    """Where the clue of the case came from."""
    return _ORIGINS.get(complaint.channel, CaseOrigin.COMPLAINT)


def open_case_of(
    complaint: Complaint, *, case_id: UUID, number: str, today: date
) -> Taken[Complaint]:
    """核查后符合立案条件的,由负责人决定立案,案件另行办理."""
    to = after(complaint, Step.OPEN_CASE)
    opened = replace(complaint, state=to, case_id=case_id, concluded_on=today)
    words = f"立案, 编号{number}"
    return _taken(opened, "open_case_of", words, case_id=str(case_id))


def no_case(complaint: Complaint, *, because: str, today: date) -> Taken[Complaint]:
    """核查后不符合立案条件的,由负责人决定不予立案,并说明理由."""
    to = after(complaint, Step.NO_CASE)
    return _taken(
        replace(complaint, state=to, concluded_on=today), "no_case", f"不予立案: {because}"
    )


def answer_complaint(complaint: Complaint, *, answer: str, today: date) -> Taken[Complaint]:
    """处理结果应当告知投诉举报人:举报自决定是否立案之日起五个工作日内,投诉自调解结束之日起七个工作日内.

    《市场监督管理投诉举报处理暂行办法》第二十一条、第三十一条.
    """
    to = after(complaint, Step.ANSWER)
    answered = replace(complaint, state=to, answer=answer, answered_on=today)
    return _taken(answered, "answer_complaint", f"答复: {answer}")


def close_complaint(complaint: Complaint, *, today: date) -> Taken[Complaint]:
    """答复或者不予受理以后没有其他事项的,办结."""
    to = after(complaint, Step.CLOSE)
    return _taken(replace(complaint, state=to, closed_on=today), "close_complaint", "办结")


def reopen(complaint: Complaint, *, because: str, today: date) -> Taken[Complaint]:
    """对处理结果不服或者有新情况的,可以说明理由重新办理一次,期限重新计算;再次不服的,依法申请复议或者诉讼."""
    to = after(complaint, Step.REOPEN)
    if complaint.reopened_on is not None:
        raise NotAllowed(
            "reopened_already",
            f"已于{complaint.reopened_on}重新办理过一次, 只能重新办理一次。",
            "可以依法申请行政复议或者提起行政诉讼。",
        )
    again = replace(
        complaint,
        state=to,
        clock_since=today,
        reopened_on=today,
        joined_into=None,
        accepted_on=None,
        mediation=None,
        check_extended=False,
        finding=None,
        concluded_on=None,
        answer=None,
        answered_on=None,
        closed_on=None,
    )
    return _taken(again, "reopen", f"重新办理: {because}")


def identify(
    complaint: Complaint,
    *,
    enterprise_id: UUID,
    object_id: UUID | None,
    division: str,
    name: str,
) -> Taken[Complaint]:
    """核实被投诉举报的单位以后,由该单位所在地的局管辖."""
    to = after(complaint, Step.IDENTIFY)
    known = replace(
        complaint,
        state=to,
        enterprise_id=enterprise_id,
        object_id=object_id,
        division=division,
        target=name,
    )
    words = f"确认单位: {name}"
    return _taken(known, "identify", words, enterprise_id=str(enterprise_id))


def _taken(complaint: Complaint, rule: str, words: str, **particulars: Any) -> Taken[Complaint]:
    act = Act(what=rule, rule=rule, words=words, particulars=particulars)
    return Taken(complaint, (act,))
