"""不良信息 — the words of bad information that red warnings make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from services.events.credit import EscalatedTo
from services.events.inspection import ClearedBy
from services.events.registry import DutyKind, ObjectKind


@dataclass(frozen=True, kw_only=True)
class Red:
    """That a warning turned red, as it was heard."""

    revision: int
    message_id: UUID
    enterprise_id: UUID
    division: str
    object_id: UUID
    object_kind: ObjectKind
    object_label: str
    duty: DutyKind
    was_due_on: date
    turned_red_on: date
    endangers_safety: bool


@dataclass(frozen=True, kw_only=True)
class Cleared:
    """That a red warning was cleared, as it was heard."""

    revision: int
    message_id: UUID
    cleared_on: date
    cleared_by: ClearedBy


@dataclass(frozen=True, kw_only=True)
class WarningFacts:
    """All that is known of one warning: the newest of each kind, in whatever order it came."""

    warning_id: UUID
    red: Red | None = None
    cleared: Cleared | None = None

    @property
    def cleared_now(self) -> Cleared | None:
        """What cleared the warning, unless it has turned red again since."""
        if self.red and self.cleared and self.cleared.revision > self.red.revision:
            return self.cleared
        return None


class State(StrEnum):
    """不良信息所处状态."""

    DRAFTED = "drafted"  # 已拟制, 待审核
    PUBLISHED = "published"  # 已公布, 改正期限内
    PROPOSED = "proposed"  # 逾期未改正, 已提出升级建议
    ESCALATED = "escalated"  # 逾期未改正, 已升级
    CORRECTED = "corrected"  # 已改正
    WITHDRAWN = "withdrawn"  # 已撤销


OPEN = frozenset({State.PUBLISHED, State.PROPOSED, State.ESCALATED})


@dataclass(frozen=True, kw_only=True)
class BadInformation:
    """不良信息: a red warning held against an enterprise, as a draft or in public."""

    id: UUID
    warning_id: UUID
    enterprise_id: UUID
    division: str
    endangers_safety: bool
    state: State
    opened_on: date  # drafted, or published at once
    revision: int = 0  # of what was said of it last
    steps: int = 0  # how many the log holds
    drafted_on: date | None = None  # null: it was published without a draft
    published_on: date | None = None  # null: it is not, and was never, public
    published_by: str | None = None  # null: by the rule itself, or not published
    last_day_to_correct: date | None = None
    provisional: bool = False  # that last day rests on a year whose holidays are not known
    escalated_to: EscalatedTo | None = None
    escalated_on: date | None = None  # listed, raised or proposed; null: not, or lifted
    corrected_on: date | None = None
    in_time: bool | None = None  # null: not corrected
    withdrawn_on: date | None = None
    withdrawn_by: str | None = None  # null: because of the facts, or not withdrawn
    withdrawn_because: str | None = None
    closed_by: int = 0  # revision of the warning that closed it; a newer red opens it again
    next_step_on: date | None = None  # null: no day will change it


@dataclass(frozen=True)
class Draft:
    """拟制不良信息."""

    on: date


@dataclass(frozen=True)
class Publish:
    """公布不良信息."""

    on: date
    by: str | None  # null: by the rule itself
    last_day: date
    provisional: bool


@dataclass(frozen=True)
class FixTerm:
    """确定改正期限: the holidays of that year have become known."""

    published_on: date
    last_day: date
    moved: bool  # to a later day than was announced


@dataclass(frozen=True)
class Escalate:
    """升级为黑名单信息或质量安全预警信息."""

    on: date
    to: EscalatedTo


@dataclass(frozen=True)
class Propose:
    """提出升级建议."""

    on: date
    to: EscalatedTo


@dataclass(frozen=True)
class Lift:
    """解除升级: its ground has fallen away."""

    on: date
    to: EscalatedTo
    proposed: bool  # it was only a proposal: nothing was public
    because: str


@dataclass(frozen=True)
class Correct:
    """记录改正."""

    on: date
    in_time: bool


@dataclass(frozen=True)
class Withdraw:
    """撤销不良信息."""

    on: date
    because: str
    by: str | None  # null: because of the facts


Step = Draft | Publish | FixTerm | Escalate | Propose | Lift | Correct | Withdraw


def bad_information_id(warning_id: UUID) -> UUID:
    """One warning, one entry: the same id wherever and whenever it is made."""
    return uuid5(warning_id, "bad information")


def escalation_id(entry: BadInformation, to: EscalatedTo) -> UUID:
    """One for each publication that was not corrected."""
    return uuid5(entry.id, f"{to.value}/{entry.published_on}")
