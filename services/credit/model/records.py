"""诚信记录 — the words of records that other sources bring: one model for all kinds.

A record has its grounds on file, each of a type; what must be on file before it may be
public is data (policy.yaml). The archive keeps it for ever; the public sees it only while
its state is `published`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from services.events.contract import Event
from services.events.credit import (
    CountedFrom,
    Ending,
    RecordClass,
    RecordKind,
    RecordSource,
    Severity,
)


class RecordState(StrEnum):
    """诚信记录所处状态."""

    LEAD = "lead"  # 线索, 未经核实
    DRAFTED = "drafted"  # 已拟制
    PUBLISHED = "published"  # 已公示
    SUSPENDED = "suspended"  # 暂停公示
    ENDED = "ended"  # 不再公示


class GroundKind(StrEnum):
    """在案的前提: what may be on file for a record."""

    SOURCE_DOCUMENT = "source_document"  # 来源文书
    VERIFIED_SOURCE = "verified_source"  # 核实材料
    ORDINARY_PROCEDURE = "ordinary_procedure"  # 普通程序决定
    PUBLICATION_NOTICE = "publication_notice"  # 公示告知书
    REPAIR_NOTICE = "repair_notice"  # 信用修复告知书
    NOTICE = "notice"  # 事先告知书送达
    STATEMENT = "statement"  # 陈述申辩
    HEARING = "hearing"  # 听证
    LISTED_VIOLATION = "listed_violation"  # 名单所列违法情形
    HEAVIER_PENALTY = "heavier_penalty"  # 较重行政处罚
    SERIOUSNESS = "seriousness"  # 情节严重认定
    DECISION_SERVED = "decision_served"  # 决定书送达
    SUPERIOR_APPROVAL = "superior_approval"  # 上级部门同意
    REFUSAL = "refusal"  # 拒绝整改或严重违法
    REVIEW = "review"  # 信息协调中心审核


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One precondition on file: what, when, by whom, where to find it."""

    kind: GroundKind
    on: date
    by: str
    words: str  # reasons, or what the document says
    document_number: str | None = None
    authority: str | None = None
    evidence_sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a record says, as it was entered; every text of it can become public."""

    severity: Severity | None
    content: str
    basis: str
    authority: str
    document_number: str | None = None
    decided_on: date | None = None
    valid_until: date | None = None  # of a demonstration or qualification
    penalty: str | None = None  # what was imposed, of a penalty
    warning_only: bool = False  # 仅给予警告
    restricting: bool = False  # 责令停产停业、吊销许可证件等
    evidence_sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class Periods:
    """Until when something is public, by both bases of counting; None: until it is ended."""

    from_decision: date | None = None
    from_publication: date | None = None
    counted_from: CountedFrom = CountedFrom.PUBLICATION
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """诚信记录, as it stands."""

    id: UUID
    enterprise_id: UUID
    division: str
    kind: RecordKind
    record_class: RecordClass
    source: RecordSource
    content: Content
    state: RecordState
    opened_on: date
    opened_by: str | None = None  # None: by the rule, because of an event
    origin: UUID | None = None  # the case or order it comes from; None: a person entered it
    taken_in: int = 0  # revision of the newest message of its origin that it reflects
    revision: int = 0  # of what was said of it last
    steps: int = 0  # how many the log holds
    grounds: Mapping[GroundKind, Ground] = field(default_factory=dict)
    statement_until: date | None = None
    publish_by: date | None = None
    share_by: date | None = None
    published_on: date | None = None
    published_by: str | None = None
    periods: Periods = field(default_factory=Periods)
    repairable_from: date | None = None
    corrected_on: date | None = None  # the violation was put right; it stays public
    duties_done_on: date | None = None  # what its decision asked for was done in full
    under_objection: bool = False
    reply: str | None = None
    replied_on: date | None = None
    annulled_on: date | None = None  # its decision fell; it must be withdrawn
    blocked_on: date | None = None  # a text may hold personal data
    blocked_fields: tuple[str, ...] = ()
    overrun: tuple[str, ...] = ()  # terms whose passing has been said
    ended_on: date | None = None
    ending: Ending | None = None
    ended_by: str | None = None
    ended_because: str | None = None
    supersedes: UUID | None = None
    next_step_on: date | None = None

    @property
    def is_public(self) -> bool:
        """Whether anybody may see it today."""
        return self.state is RecordState.PUBLISHED

    @property
    def was_told(self) -> bool:
        """Whether its enterprise knows of it: it was published, or a notice was served."""
        return self.published_on is not None or GroundKind.NOTICE in self.grounds


class What(StrEnum):
    """一步: what happened to a record."""

    ENTER = "enter"  # 登记
    VERIFY = "verify"  # 核实线索
    FILE = "file"  # 补充前提
    REWRITE = "rewrite"  # 改写公示内容
    BLOCK = "block"  # 因疑含个人信息停止公示
    PUBLISH = "publish"  # 公示
    OBJECT = "object"  # 标注异议
    SETTLE = "settle"  # 异议处理完毕
    REPLY = "reply"  # 企业回应
    ANNUL = "annul"  # 决定被撤销或变更
    SUSPEND = "suspend"  # 暂停公示
    RESUME = "resume"  # 恢复公示
    END = "end"  # 不再公示
    CORRECT = "correct"  # 记录改正
    PERFORM = "perform"  # 记录义务履行完毕
    OVERRUN = "overrun"  # 超过期限


@dataclass(frozen=True, kw_only=True)
class RecordStep:
    """A step that was taken, and the record as it stands after it."""

    what: What
    record: Record
    rule: str
    on: date
    by: str | None = None
    caused_by: UUID | None = None
    particulars: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """The newest message of one kind about an origin."""

    revision: int
    message_id: UUID
    event: Event


@dataclass(frozen=True)
class OriginFacts:
    """All that is known of a case, an order or a refusal, in whatever order it came."""

    origin_id: UUID
    facts: Mapping[str, Heard]  # by the full name of the event


def record_id_of(origin_id: UUID) -> UUID:
    """One origin, one record: the same id wherever and whenever it is made."""
    return uuid5(origin_id, "credit record")
