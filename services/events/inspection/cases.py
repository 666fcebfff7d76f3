"""Enforcement cases, their terms, and what was decided."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from services.events.contract import Event


class ViolationClass(StrEnum):
    """How grave a violation is; publication and repair go by it."""

    SLIGHT = "slight"  # 轻微违法
    ORDINARY = "ordinary"  # 一般违法
    SERIOUS = "serious"  # 严重违法


class CaseOrigin(StrEnum):
    """Where the clue of a case came from."""

    OVERDUE_ORDER = "overdue_order"  # 逾期未整改
    REFUSAL = "refusal"  # 拒绝整改
    VISIT = "visit"  # 检查发现
    SAMPLING = "sampling"  # 监督抽查不合格
    COMPLAINT = "complaint"  # 投诉举报
    MEDIA = "media"  # 新闻媒体
    SUPERIOR = "superior"  # 上级交办
    TRANSFERRED = "transferred"  # 其他部门移送


class PenaltyKind(StrEnum):
    """行政处罚的种类, 《行政处罚法》第九条."""

    WARNING = "warning"  # 警告
    CRITICISM = "criticism"  # 通报批评
    FINE = "fine"  # 罚款
    CONFISCATED_GAINS = "confiscated_gains"  # 没收违法所得
    CONFISCATED_GOODS = "confiscated_goods"  # 没收非法财物
    SUSPENDED = "suspended"  # 暂扣许可证件
    DOWNGRADED = "downgraded"  # 降低资质等级
    REVOKED = "revoked"  # 吊销许可证件
    RESTRICTED = "restricted"  # 限制开展生产经营活动
    STOPPED = "stopped"  # 责令停产停业
    SHUT = "shut"  # 责令关闭
    BARRED = "barred"  # 限制从业


class CaseEnd(StrEnum):
    """How a case ended."""

    NOT_FILED = "not_filed"  # 不予立案
    TRANSFERRED = "transferred"  # 移送其他机关
    NOT_PROVEN = "not_proven"  # 违法事实不能成立
    NO_PENALTY = "no_penalty"  # 不予行政处罚
    PERFORMED = "performed"  # 处罚决定已履行
    ENFORCED = "enforced"  # 已申请人民法院强制执行
    ANNULLED = "annulled"  # 处罚决定已撤销


class CaseTerm(StrEnum):
    """办案期限: what must be done by a day."""

    VERIFY = "verify"  # 核查线索
    DECIDE = "decide"  # 作出处理决定
    STATEMENT = "statement"  # 陈述申辩和申请听证
    HEARING = "hearing"  # 举行听证
    SERVE = "serve"  # 送达处罚决定书
    PERFORM = "perform"  # 履行处罚决定


class DecisionChange(StrEnum):
    """What became of a decision after it was made."""

    ANNULLED = "annulled"  # 处罚决定被撤销
    CHANGED = "changed"  # 处罚决定被变更
    UNLAWFUL = "unlawful"  # 处罚决定被确认违法


class CaseFiled(Event, announced_by="inspection", version=1):
    """案件已立案. Nothing is proven yet, and nothing may be published."""

    case_id: UUID
    revision: Annotated[int, "grows with every change of this case; the highest holds"]
    enterprise_id: UUID
    division: str
    number: Annotated[str, "立案编号"]
    origin: CaseOrigin
    order_id: UUID | None
    matter: str
    filed_on: date
    decide_by: Annotated[date, "办案期限的最后一日"]


class CaseTermNear(Event, announced_by="inspection", version=1):
    """办案期限将到或已过. Said once when it is near and once when it has passed.

    When a case comes back to a step, its term begins anew, and so do its reminders.
    """

    case_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    term: CaseTerm
    last_day: date
    passed: bool


class CaseDecided(Event, announced_by="inspection", version=1):
    """行政处罚决定已作出. Whether it may be published is for who publishes to check.

    Not for agencies: facts and content are as decided and may name persons.
    """

    case_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    number: Annotated[str, "处罚决定书文号"]
    decided_on: date
    authority: Annotated[str, "作出处罚决定的机关"]
    authority_uscc: Annotated[str | None, "该机关的统一社会信用代码"]
    ordinary_procedure: Annotated[bool, "普通程序; false: 简易程序, is not published"]
    warning_only: Annotated[bool, "仅给予警告, is not published"]
    violation_class: ViolationClass
    heavier: Annotated[bool, "较重行政处罚"]
    kinds: tuple[PenaltyKind, ...]
    fine_fen: Annotated[int, "罚款金额, 分"]
    confiscated_fen: Annotated[int, "没收违法所得、没收非法财物的金额, 分"]
    matter: Annotated[str, "code of the kind of violation"]
    violation: Annotated[str, "违法行为类型"]
    facts: Annotated[str, "违法事实"]
    legal_basis: Annotated[str, "处罚依据"]
    content: Annotated[str, "处罚内容"]
    order_id: UUID | None
    object_ids: tuple[UUID, ...]


class CaseClosed(Event, announced_by="inspection", version=1):
    """案件已结案. Only what was decided and performed counts as a penalty."""

    case_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    number: Annotated[str | None, "处罚决定书文号; null: no penalty was decided"]
    closed_on: date
    end: CaseEnd


class DecisionChanged(Event, announced_by="inspection", version=1):
    """处罚决定被撤销、变更或确认违法. Whoever shows the decision withdraws or changes it."""

    case_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    number: str
    changed_on: date
    what: DecisionChange
    changed_by: Annotated[str, "作出撤销、变更或确认的机关"]
    reason: str
    warning_only: bool
    violation_class: ViolationClass
    heavier: bool
    kinds: Annotated[tuple[PenaltyKind, ...], "what remains; none: nothing"]
    fine_fen: int
    confiscated_fen: int
    content: Annotated[str | None, "处罚内容 as it is now; null: nothing remains"]
