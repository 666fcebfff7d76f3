"""预警 — the words of inspection: what is owed, when it falls due, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from services.events.inspection import ClearedBy
from services.events.registry import DutyKind, ObjectKind


class Colour(StrEnum):
    """预警颜色."""

    GREEN = "green"  # 绿色
    GREY = "grey"  # 灰色: 停用、报废等, 或没有到期日
    YELLOW = "yellow"  # 黄色
    RED = "red"  # 红色

    @property
    def severity(self) -> int:
        """The worse, the higher; an object shows the worst of its duties."""
        return _SEVERITIES[self]


_SEVERITIES = {colour: place for place, colour in enumerate(Colour)}


class Basis(StrEnum):
    """What a due date rests on."""

    STATED = "stated"  # 来源载明的到期日
    OWN_CYCLE = "own_cycle"  # 上次完成日期加来源载明的周期
    SCHEDULE = "schedule"  # 规则规定的检验年份
    CYCLE = "cycle"  # 上次完成日期加规则的周期
    FIRST = "first"  # 投入使用日期加首次检验期限
    REUSE = "reuse"  # 停用满规定期间后重新启用
    UNKNOWN = "unknown"  # 没有到期日


class WarningState(StrEnum):
    """红色预警的状态."""

    RED = "red"  # 未消除
    CLEARED = "cleared"  # 已消除


@dataclass(frozen=True, kw_only=True)
class DutyRule:
    """One row of the rule table: what objects of some classes owe, and how often.

    classes         class codes it is for; `*` is any
    traits          one of them must be among the object's traits; none: for every object
    months          the cycle; None: only a source can tell; 0: not to be used any more
    days            the cycle where it is counted in days
    first_months    from being put to use to the first time; None: as `months`
    schedule_years  years after being put to use in which it falls due, then every `months`
    early_months    done so much early still counts as the scheduled time
    aged_years      done when put to use longer ago than this, the cycle is `aged_months`
    met_by          another duty whose doing does this one as well
    required        owed even if no record of it is known
    """

    id: str
    label: str
    object_kind: ObjectKind
    classes: tuple[str, ...]
    traits: frozenset[str]
    duty: DutyKind
    months: int | None
    days: int | None
    first_months: int | None
    schedule_years: tuple[int, ...]
    early_months: int
    aged_years: int | None
    aged_months: int | None
    met_by: DutyKind | None
    required: bool
    apply_by_months: int | None
    apply_by_days: int | None
    endangers_safety: bool
    valid_from: date
    source: str
    confidence: str
    note: str

    @property
    def version_id(self) -> str:
        """The rule and the day its present wording took effect, e.g. `elevator@2024-04-02`."""
        return f"{self.id}@{self.valid_from}"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The numbers behind the colours that are in force on one day; see policy.yaml."""

    yellow_lead_months: int
    approaching_months: int
    lead_cycle_percent: int
    short_cycle_months: int
    short_cycle_lead_days: int


@dataclass(frozen=True, slots=True)
class Stop:
    """That an object was stopped, and since when it is in use again, if it is."""

    stopped_on: date
    resumed_on: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """When a duty falls due and what that rests on. No day: nobody can tell.

    A cycle is known in months, or in days where it is shorter than a month, or not at all.
    """

    due_on: date | None
    basis: Basis
    cycle_months: int | None
    cycle_days: int | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What one object owes. Without *yellow_on* and *red_on* it is grey."""

    duty_id: UUID
    duty: DutyKind
    due_on: date | None
    basis: Basis
    cycle_months: int | None
    done_on: date | None
    yellow_on: date | None
    red_on: date | None
    rule: DutyRule | None
    cycle_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Red:
    """That a due date has passed undone, with what was known when it turned red.

    facts_heard_in  the message that brought the facts which the due date rests on
    """

    warning_id: UUID
    revision: int
    duty_id: UUID
    object_id: UUID
    enterprise_id: UUID
    division: str
    kind: ObjectKind
    label: str
    duty: DutyKind
    was_due_on: date
    turned_red_on: date
    endangers_safety: bool
    done_on: date | None
    basis: Basis
    rule_id: str | None
    facts_heard_in: UUID


@dataclass(frozen=True, kw_only=True)
class RaisedWarning:
    """A red warning and what became of it.

    reopened_on  the day on which it was red again after it had been cleared
    cleared_in   the message that showed that it was over
    """

    red: Red
    state: WarningState
    reopened_on: date | None
    cleared_on: date | None
    cleared_by: ClearedBy | None
    cleared_in: UUID | None


@dataclass(frozen=True)
class Explanation:
    """Why a duty has its colour, in words a clerk can check.

    apply_by_on  the last day to apply for the next inspection or renewal
    sentences    Chinese, in reading order
    """

    rule_id: str | None
    rule_label: str | None
    source: str | None
    confidence: str | None
    basis: Basis
    colour: Colour
    approaching: bool
    done_on: date | None
    due_on: date | None
    yellow_on: date | None
    red_on: date | None
    apply_by_on: date | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ColourCounts:
    """How many are of each colour."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    grey: int = 0

    @property
    def total(self) -> int:
        return self.green + self.yellow + self.red + self.grey


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """One line of the attestation: how everything stood on a day, under which rules.

    number     place in the chain, from 1, without gaps
    run        1 for the first line of the day; the last one of a day holds
    objects    all that are known
    of_objects the objects whose every duty is decided for the day, by their worst colour
    """

    number: int
    on: date
    run: int
    objects: int
    of_objects: ColourCounts
    of_duties: ColourCounts
    rule_version: str
    attested_at: datetime
    previous_hash: str
    hash: str = field(default="")

    @property
    def evaluated(self) -> int:
        return self.of_objects.total

    @property
    def complete(self) -> bool:
        return self.evaluated == self.objects


def duty_id_of(object_id: UUID, duty: DutyKind) -> UUID:
    """The same duty of the same object has the same id everywhere."""
    return uuid5(object_id, duty.value)


def warning_id_of(duty_id: UUID, was_due_on: date) -> UUID:
    """One warning for each due date of a duty."""
    return uuid5(duty_id, was_due_on.isoformat())
