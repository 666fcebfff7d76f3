"""质量信用等级 — the words of the grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.events.credit import Grade


@dataclass(frozen=True, kw_only=True)
class EnterpriseGrade:
    """The grade of an enterprise as it was last computed and announced."""

    enterprise_id: UUID
    division: str
    grade: Grade
    points: int
    graded_on: date
    revision: int
    next_change_on: date | None  # the day on which it changes by the passing of time alone
