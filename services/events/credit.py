"""What the credit service announces."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from services.events.contract import Audience, Event


class EscalatedTo(StrEnum):
    """What follows when bad information is not corrected in time."""

    BLACKLIST = "blacklist"  # 黑名单信息
    SAFETY_ALERT = "safety_alert"  # 质量安全预警信息


class BadInformationDrafted(Event, announced_by="credit", version=1):
    """不良信息已拟制,待信息协调中心审核. Nothing is public yet."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    warning_id: UUID
    drafted_on: date


class BadInformationPublished(
    Event, announced_by="credit", version=1, audience=Audience.AGENCIES
):
    """不良信息已公布. The period for correction starts the next day."""

    bad_information_id: UUID
    revision: Annotated[int, "grows with every change of this record; the highest holds"]
    enterprise_id: UUID
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    warning_id: UUID
    published_on: date
    last_day_to_correct: Annotated[date, "改正期限的最后一日, still in time on that day"]


class BadInformationCorrected(
    Event, announced_by="credit", version=1, audience=Audience.AGENCIES
):
    """不良信息所涉问题已改正, in time or late."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    corrected_on: date
    in_time: bool


class BadInformationWithdrawn(
    Event, announced_by="credit", version=1, audience=Audience.AGENCIES
):
    """不良信息已撤销: it never held, or it was only a draft. Whoever shows it stops.

    What had followed from it has been lifted, and EscalationLifted says so first.
    """

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    withdrawn_on: date
    reason: Annotated[str, "撤销理由"]


class EnterpriseBlacklisted(
    Event, announced_by="credit", version=1, audience=Audience.AGENCIES
):
    """企业已列入黑名单."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    listed_on: date


class SafetyAlertRaised(Event, announced_by="credit", version=1, audience=Audience.AGENCIES):
    """已发布质量安全预警信息."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    raised_on: date


class EscalationProposed(Event, announced_by="credit", version=1):
    """已提出升级建议,待依法定程序决定. Under today's law nothing follows by itself."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    proposed_on: date
    to: EscalatedTo


class EscalationLifted(Event, announced_by="credit", version=1, audience=Audience.AGENCIES):
    """黑名单或质量安全预警信息已解除: its ground has fallen away. Whoever shows it stops."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    lifted_on: date
    what: EscalatedTo
    reason: Annotated[str, "解除理由"]


class RecordKind(StrEnum):
    """诚信记录的种类, beside the bad information that red warnings make."""

    BAD_INFORMATION = "bad_information"  # 不良信息
    PENALTY = "penalty"  # 行政处罚信息
    SERIOUS_LIST = "serious_list"  # 严重违法失信名单
    SAFETY_ALERT = "safety_alert"  # 质量安全预警信息
    DEMONSTRATION = "demonstration"  # 示范信息
    QUALIFICATION = "qualification"  # 资质信息


class RecordClass(StrEnum):
    """诚信档案的四类公开信息."""

    DEMONSTRATION = "demonstration"  # 示范信息
    QUALIFICATION = "qualification"  # 资质信息
    DISHONESTY = "dishonesty"  # 失信信息
    QUALITY = "quality"  # 产品质量信用记录


class Severity(StrEnum):
    """违法失信程度."""

    SLIGHT = "slight"  # 轻微
    ORDINARY = "ordinary"  # 一般
    SERIOUS = "serious"  # 严重


class RecordSource(StrEnum):
    """诚信信息的来源."""

    ENFORCEMENT = "enforcement"  # 执法办案
    SUPERVISION = "supervision"  # 日常监管
    COMPLAINT = "complaint"  # 投诉举报
    MEDIA = "media"  # 新闻媒体
    SUPERIOR = "superior"  # 上级部门
    DEPARTMENT = "department"  # 其他部门


class CountedFrom(StrEnum):
    """公示期的起算."""

    DECISION = "decision"  # 自决定之日起
    PUBLICATION = "publication"  # 自公示之日起


class Ending(StrEnum):
    """不再公示的缘由."""

    EXPIRED = "expired"  # 公示期满
    REPAIRED = "repaired"  # 信用已修复
    WITHDRAWN = "withdrawn"  # 已撤回
    REMOVED = "removed"  # 已移出名单
    SUSPENDED = "suspended"  # 暂停公示
    MERGED = "merged"  # 并入同一企业的另一条


class RequestKind(StrEnum):
    """企业或公众可以提出的申请."""

    OBJECTION = "objection"  # 异议
    CORRECTION = "correction"  # 更正申请
    ERROR_REPORT = "error_report"  # 纠错
    REPAIR = "repair"  # 信用修复申请
    REMOVAL = "removal"  # 提前移出申请
    TEMPORARY_REPAIR = "temporary_repair"  # 临时修复申请


class Term(StrEnum):
    """本局应遵守的期限."""

    PUBLISH = "publish"  # 公示期限
    SHARE = "share"  # 双公示报送期限
    MARK = "mark"  # 异议标注期限
    DECIDE = "decide"  # 答复期限
    WITHDRAW = "withdraw"  # 撤回期限


class Grade(StrEnum):
    """质量信用等级."""

    A = "A"  # A级
    B = "B"  # B级
    C = "C"  # C级
    D = "D"  # D级


class RecordDrafted(Event, announced_by="credit", version=1):
    """诚信记录已拟制,或媒体线索已登记,待核实和审核. Nothing is public yet."""

    record_id: UUID
    revision: Annotated[int, "grows with every change of this record; the highest holds"]
    enterprise_id: UUID
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    kind: RecordKind
    source: RecordSource
    lead: Annotated[bool, "仅为线索, 未经核实"]
    drafted_on: date


class NoticeServed(Event, announced_by="credit", version=1):
    """拟公示或者拟列入名单的告知书已送达. The enterprise may state its defence until then."""

    record_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    kind: RecordKind
    served_on: date
    statement_until: Annotated[date, "陈述申辩期限的最后一日"]


class PublicationBlocked(Event, announced_by="credit", version=1):
    """公示内容疑含个人信息,已停止公示,待具名人员改写. It names fields, never what stands there."""

    record_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    kind: RecordKind
    fields: Annotated[tuple[str, ...], "which texts"]
    blocked_on: date


class RecordPublished(Event, announced_by="credit", version=1, audience=Audience.AGENCIES):
    """诚信记录已公示,或者公示内容有变化. Said again, whole, with every change."""

    record_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    kind: RecordKind
    record_class: RecordClass
    severity: Annotated[Severity | None, "null: not a violation"]
    source: RecordSource
    content: Annotated[str, "公示内容, 已经隐私筛查"]
    basis: Annotated[str, "依据"]
    document_number: Annotated[str | None, "文号"]
    authority: Annotated[str, "决定机关"]
    decided_on: Annotated[date | None, "决定日期"]
    published_on: date
    public_until: Annotated[date | None, "公示截止日; null: until it is withdrawn or lifted"]
    counted_from: CountedFrom
    under_objection: Annotated[bool, "异议处理中"]
    supersedes: Annotated[UUID | None, "the record that this one stands in for"]
    evidence_sha256: Annotated[str | None, "证据文件摘要"]


class RecordEnded(Event, announced_by="credit", version=1, audience=Audience.AGENCIES):
    """诚信记录不再公示. Whoever shows or uses it stops at once, also where it was copied to.

    `suspended` may begin again, by credit.record_published under a higher revision.
    """

    record_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    kind: RecordKind
    ended_on: date
    ending: Ending


class RequestReceived(Event, announced_by="credit", version=1):
    """已收到异议、更正、纠错、修复或移出申请. The term for the answer has begun."""

    request_id: UUID
    revision: int
    record_id: UUID
    enterprise_id: UUID
    division: str
    kind: RequestKind
    received_on: date
    due_on: Annotated[date, "答复期限的最后一日"]


class RequestDecided(Event, announced_by="credit", version=1):
    """申请已有答复: accepted or not, with its reason on file."""

    request_id: UUID
    revision: int
    record_id: UUID
    enterprise_id: UUID
    division: str
    kind: RequestKind
    accepted: bool
    decided_on: date


class TermOverrun(Event, announced_by="credit", version=1):
    """本局未在期限内办理. Said once for each term that passes."""

    record_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    request_id: Annotated[UUID | None, "null: the term of the record itself"]
    term: Term
    due_on: date


class GradeChanged(Event, announced_by="credit", version=1, audience=Audience.AGENCIES):
    """质量信用等级已变化. Computed from public records alone."""

    enterprise_id: UUID
    revision: int
    division: str
    grade: Grade
    points: Annotated[int, "100 less what the public records count"]
    graded_on: date
