"""质量投诉 — the words of complaints and leads: where they come from, how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class ComplaintKind(StrEnum):
    """投诉请求解决争议, 举报反映违法线索."""

    COMPLAINT = "complaint"  # 投诉
    LEAD = "lead"  # 举报线索


class Channel(StrEnum):
    """How it came in."""

    PAGE = "page"  # 公众页面
    CLERK = "clerk"  # 来电来访
    MEDIA = "media"  # 新闻媒体
    DEPARTMENT = "department"  # 其他部门


class ComplaintState(StrEnum):
    """投诉举报所处阶段."""

    RECEIVED = "received"  # 已收到, 待受理或者待核查
    ACCEPTED = "accepted"  # 已受理, 调解中
    REFUSED = "refused"  # 不予受理
    MEDIATED = "mediated"  # 调解已结束, 待答复
    CHECKED = "checked"  # 已核查, 待决定是否立案
    CASE_OPENED = "case_opened"  # 已立案, 待答复
    NO_CASE = "no_case"  # 不予立案, 待答复
    ANSWERED = "answered"  # 已答复
    CLOSED = "closed"  # 已办结
    JOINED = "joined"  # 已并入另一件


class ComplaintStep(StrEnum):
    """What can happen to a complaint or a lead."""

    IDENTIFY = "identify"  # 确认被投诉举报的单位
    TRANSFER = "transfer"  # 移送其他县区
    JOIN = "join"  # 并入另一件
    SEPARATE = "separate"  # 从另一件分出
    ACCEPT = "accept"  # 受理
    REFUSE = "refuse"  # 不予受理
    MEDIATE = "mediate"  # 记录调解结果
    CHECK = "check"  # 记录核查情况
    EXTEND_CHECK = "extend_check"  # 延长核查期限
    OPEN_CASE = "open_case"  # 立案
    NO_CASE = "no_case"  # 不予立案
    ANSWER = "answer"  # 答复
    CLOSE = "close"  # 办结
    REOPEN = "reopen"  # 重新办理


class ComplaintTerm(StrEnum):
    """What must be done next by a day."""

    ACCEPT = "accept"  # 决定是否受理
    MEDIATE = "mediate"  # 调解
    CHECK = "check"  # 核查并决定是否立案
    TELL = "tell"  # 告知处理结果


class MediationEnd(StrEnum):
    """How a mediation ended."""

    AGREED = "agreed"  # 达成调解协议
    FAILED = "failed"  # 未达成协议, 终止调解
    WITHDRAWN = "withdrawn"  # 投诉人撤回投诉


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """A complaint or a lead with its file; who sent it is kept apart, and sealed.

    number         given to whoever sent it
    division       whose bureau deals with it
    enterprise_id  None: not found out yet; *target* says it in the words of who sent it
    anonymous      no name was left
    clock_since    the day from which the first term runs
    concluded_on   the day on which mediation ended, or on which a case was opened or not
    finding        what the officers found out, without words about who sent it
    answer         what whoever sent it is told
    wanted         what its sender asks for; *source* which newspaper or department
    joined_into    the earlier one about the same thing that this one went into
    term           what must be done next by a day, and which day; None: nothing
    provisional    the day rests on a year whose holidays are not known yet
    """

    complaint_id: UUID
    number: str
    kind: ComplaintKind
    channel: Channel
    division: str
    received_on: date
    clock_since: date
    state: ComplaintState
    target: str
    words: str
    anonymous: bool
    wanted: str | None = None
    source: str | None = None
    enterprise_id: UUID | None = None
    object_id: UUID | None = None
    evidence: tuple[str, ...] = ()
    acts: int = 0
    accepted_on: date | None = None
    mediation: MediationEnd | None = None
    check_extended: bool = False
    finding: str | None = None
    concluded_on: date | None = None
    case_id: UUID | None = None
    answer: str | None = None
    answered_on: date | None = None
    closed_on: date | None = None
    reopened_on: date | None = None
    joined_into: UUID | None = None
    term: ComplaintTerm | None = None
    last_day: date | None = None
    provisional: bool = False
