"""人工提醒 — the words of reminders that the bureau sends by hand, many at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.events.registry import DutyKind, ObjectKind
from services.inspection.model import Colour


class Outcome(StrEnum):
    """What a batch does with one duty."""

    TELL = "tell"  # 将提醒
    TOLD_ALREADY = "told_already"  # 近期已提醒
    NOT_DUE = "not_due"  # 未到预警期


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A duty that somebody may be reminded of. *firm*: under whom its enterprise is listed."""

    duty_id: UUID
    object_id: UUID
    enterprise_id: UUID
    firm: UUID
    division: str
    kind: ObjectKind
    class_code: str
    label: str
    duty: DutyKind
    due_on: date | None
    colour: Colour
    rule_id: str | None


@dataclass(frozen=True)
class Line:
    """One duty of a batch: what becomes of it, and when it was last told, if that is why."""

    owed: Owed
    outcome: Outcome
    told_on: date | None
