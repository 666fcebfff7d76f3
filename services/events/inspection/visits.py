"""What inspection announces of visits."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from services.events.contract import Event


class VisitPurpose(StrEnum):
    """Why officers go to an enterprise."""

    ROUTINE = "routine"  # 日常监督检查
    SPECIAL = "special"  # 专项检查
    FOLLOW_UP = "follow_up"  # 整改复查
    LICENCE = "licence"  # 证后监管检查
    LEAD = "lead"  # 投诉举报或转办线索核查


class VisitOutcome(StrEnum):
    """What a visit ended with."""

    PASSED = "passed"  # 合格
    RECTIFY = "rectify"  # 需整改
    FAILED = "failed"  # 不合格


class VisitConcluded(Event, announced_by="inspection", version=1):
    """监督检查已作出结论. Counts only: what was found is in the visit's record.

    A visit is never changed after its conclusion; one that was wrong is corrected by a further
    one, which names it.
    """

    visit_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    purpose: VisitPurpose
    outcome: VisitOutcome
    concluded_on: date
    objects: Annotated[int, "objects that were looked at"]
    items: Annotated[int, "items of the checklists that were answered"]
    problems: Annotated[int, "items that were found wrong"]
    grave: Annotated[int, "of these, what endangers health or safety"]
    renewed: Annotated[int, "duties that a passing record renewed"]
    representative_signed: Annotated[bool, "false: 企业代表拒绝签字, which is recorded"]
    corrects: Annotated[UUID | None, "the visit whose conclusion this one corrects"]
