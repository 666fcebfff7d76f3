"""监督检查 — the words of a visit: officers at an enterprise, what they found, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from services.events.inspection import VisitOutcome, VisitPurpose
from services.events.registry import DutyKind, ObjectKind, ObjectStatus

REPRESENTATIVE = "*"  # signs for the enterprise; no account has this name


class VisitState(StrEnum):
    """How far a visit is."""

    PLANNED = "planned"  # 已计划
    DRAFT = "draft"  # 检查中
    CONCLUDED = "concluded"  # 已作结论
    CANCELLED = "cancelled"  # 已取消


class Finding(StrEnum):
    """The answer to one item of a checklist."""

    CONFORMS = "conforms"  # 符合
    PROBLEM = "problem"  # 有问题
    NOT_APPLICABLE = "not_applicable"  # 不适用


@dataclass(frozen=True, kw_only=True)
class Officer:
    """Who inspects. *certificate* is the number of the law-enforcement certificate."""

    account: str
    name: str
    certificate: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was found for one item, at one object or (no object) at the enterprise itself.

    evidence  files by their SHA-256
    """

    object_id: UUID | None
    item: str
    finding: Finding
    note: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PassingRecord:
    """A certificate that officers saw: what was passed, when, by whom it was certified."""

    object_id: UUID
    duty: DutyKind
    done_on: date
    stated_due_on: date | None
    cycle_months: int | None
    body: str
    certificate: str


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """What officers confirmed of an object: stopped, scrapped, moved, closed, in use again."""

    object_id: UUID
    status: ObjectStatus
    since: date
    note: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """The whole record of a visit, as far as it is written."""

    answers: tuple[Answer, ...]
    passing_records: tuple[PassingRecord, ...]
    changes: tuple[StatusChange, ...]
    outcome: VisitOutcome | None
    summary: str


@dataclass(frozen=True, kw_only=True)
class Signature:
    """That somebody stands for the record as it was when it had this digest.

    signer   an officer's account, or the enterprise's representative
    refused  the representative would not sign; *reason* says why, *witness* who saw it
    """

    signer: str
    name: str
    refused: bool
    reason: str
    witness: str
    content_digest: str
    signed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visit as it stands.

    saves     how often its record was saved; the next save names this number
    content   the record as it was saved last, fit for JSON
    corrects  the concluded visit whose record this one corrects
    why       why it was planned: reasons with the duties they rest on, fit for JSON
    """

    visit_id: UUID
    revision: int
    enterprise_id: UUID
    enterprise_name: str
    division: str
    purpose: VisitPurpose
    state: VisitState
    planned_on: date
    officers: tuple[Officer, ...]
    object_ids: tuple[UUID, ...]
    why: dict[str, Any]
    saves: int
    content: dict[str, Any]
    corrects: UUID | None
    concluded_on: date | None
    outcome: VisitOutcome | None
    planned_by: str


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """How a visit ended, as it is told to others: counts, and nobody's name.

    corrects  the visit whose conclusion this one corrects
    """

    visit_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    purpose: VisitPurpose
    outcome: VisitOutcome
    concluded_on: date
    objects: int
    items: int
    problems: int
    grave: int
    renewed: int
    representative_signed: bool
    corrects: UUID | None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """An item that was found wrong: what a rectification order can name."""

    problem_id: UUID
    visit_id: UUID
    object_id: UUID | None
    item: str
    text: str
    basis: str
    matter: str
    grave: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Facing:
    """What an object is, as far as a checklist depends on it."""

    object_id: UUID
    kind: ObjectKind
    class_code: str
    label: str


def problem_id_of(visit_id: UUID, object_id: UUID | None, item: str) -> UUID:
    """The same problem of the same visit has the same id everywhere."""
    return uuid5(visit_id, f"{object_id}/{item}")
