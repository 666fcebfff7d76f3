"""执法办案 — the words of enforcement cases: states, steps, and what lies on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.events.inspection import (
    CaseEnd,
    CaseOrigin,
    CaseTerm,
    PenaltyKind,
    ViolationClass,
)


class CaseState(StrEnum):
    """案件所处阶段."""

    PROPOSED = "proposed"  # 建议作为线索, 待具名人员决定
    CLUE = "clue"  # 线索核查
    FILED = "filed"  # 已立案, 调查取证
    NOTIFIED = "notified"  # 已告知, 听取陈述申辩
    HEARING = "hearing"  # 听证
    DECIDED = "decided"  # 已作出处罚决定, 待送达
    SERVED = "served"  # 已送达, 待履行
    CLOSED = "closed"  # 已结案


class CaseStep(StrEnum):
    """What can happen to a case."""

    ACCEPT = "accept"  # 作为线索核查
    EXTEND_VERIFY = "extend_verify"  # 延长核查期限
    TAKE_EVIDENCE = "take_evidence"  # 调查取证
    FILE = "file"  # 立案
    NOT_FILE = "not_file"  # 不予立案
    TRANSFER = "transfer"  # 移送
    EXCLUDE = "exclude"  # 扣除不计入办案期限的时间
    EXTEND_DECIDE = "extend_decide"  # 延长办案期限
    NOTIFY = "notify"  # 告知
    RETURN = "return"  # 退回补充调查
    HEAR = "hear"  # 听取陈述申辩
    WAIVE = "waive"  # 放弃陈述申辩
    REQUEST_HEARING = "request_hearing"  # 申请听证
    CALL_HEARING = "call_hearing"  # 通知听证
    HOLD_HEARING = "hold_hearing"  # 举行听证
    REVIEW = "review"  # 法制审核
    DISCUSS = "discuss"  # 集体讨论
    ASSESS = "assess"  # 评估是否不予处罚
    DECIDE = "decide"  # 作出处罚决定
    DECIDE_AT_ONCE = "decide_at_once"  # 当场作出处罚决定
    DROP = "drop"  # 不予处罚或者违法事实不能成立
    SERVE = "serve"  # 送达
    PAY = "pay"  # 缴纳
    DEFER = "defer"  # 延期或者分期缴纳
    PERFORM = "perform"  # 履行完毕
    ENFORCE = "enforce"  # 申请强制执行
    CHANGE = "change"  # 撤销、变更处罚决定


class Harm(StrEnum):
    """危害后果."""

    NONE = "none"  # 没有造成危害后果
    SLIGHT = "slight"  # 危害后果轻微
    REAL = "real"  # 造成危害后果


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """What a notice announces or a decision imposes. Amounts are in fen 分."""

    kinds: tuple[PenaltyKind, ...]
    fine_fen: int
    confiscated_fen: int
    violation_class: ViolationClass
    facts: str
    legal_basis: str
    content: str

    @property
    def warning_only(self) -> bool:
        """仅给予警告."""
        return self.kinds == (PenaltyKind.WARNING,)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """行政处罚告知: what is intended, and until when the party may answer.

    answered       the party has answered this or an earlier notice of the same evidence
    evidence_then  how many pieces of evidence were on file when it was first told so much
    """

    served_on: date
    penalty: Penalty
    hearing_right: bool
    respond_by: date
    evidence_then: int
    answered: bool = False


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """听证: asked for, called, held."""

    requested_on: date
    called_on: date | None = None
    hold_on: date | None = None
    held_on: date | None = None
    record: str | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Leniency:
    """首违不罚的评估: the facts as an officer found them; None: not found out yet."""

    assessed_on: date
    slight: bool | None
    corrected_on: date | None
    harm: Harm | None
    no_fault: bool | None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """行政处罚决定."""

    number: str
    decided_on: date
    penalty: Penalty
    ordinary: bool
    heavier: bool
    serve_by: date | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A payment."""

    on: date
    fen: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """An enforcement case with its file.

    number      立案编号; None: not filed
    ground_fell_on  the refusal that it was filed for was taken back, and nothing new found since
    statement   what the party said in its defence
    waived_on   the day on which it said that it will not
    reviewed_on 法制审核通过
    term        what must be done next by a day, and which day; None: nothing
    told_near   that the end of this term was told when it was near, and when it had passed
    """

    case_id: UUID
    enterprise_id: UUID
    division: str
    bureau: str
    origin: CaseOrigin
    matter: str
    description: str
    opened_on: date
    state: CaseState
    revision: int = 0
    acts: int = 0
    order_id: UUID | None = None
    visit_id: UUID | None = None
    object_ids: tuple[UUID, ...] = ()
    verify_by: date | None = None
    verify_extended: bool = False
    number: str | None = None
    filed_on: date | None = None
    officers: tuple[str, ...] = ()
    decide_by: date | None = None
    decide_extensions: int = 0
    evidence: tuple[str, ...] = ()
    notice: Notice | None = None
    ground_fell_on: date | None = None
    statement: str | None = None
    waived_on: date | None = None
    hearing: Hearing | None = None
    reviewed_on: date | None = None
    discussed_on: date | None = None
    leniency: Leniency | None = None
    decision: Decision | None = None
    standing: Penalty | None = None
    served_on: date | None = None
    pay_by: date | None = None
    payments: tuple[Payment, ...] = ()
    closed_on: date | None = None
    end: CaseEnd | None = None
    transferred_to: str | None = None
    term: CaseTerm | None = None
    last_day: date | None = None
    told_near: bool = False
    told_passed: bool = False
    next_change_on: date | None = None
