"""监督检查 — the words of a visit: officers at an enterprise, what they found, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.events.inspection import VisitOutcome, VisitPurpose


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
