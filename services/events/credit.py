"""What the credit service announces."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from services.events.contract import Audience, Event


class EscalatedTo(StrEnum):
    """What follows when bad information is not corrected in time."""

    BLACKLIST = "blacklist"  # 黑名单信息
    SAFETY_ALERT = "safety_alert"  # 质量安全预警信息


class BadInformationDrafted(Event, announced_by="credit", version=1):
    """不良信息已拟制,待信息协调中心审核. Nothing is public yet."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    warning_id: UUID
    drafted_on: date


class BadInformationPublished(
    Event, announced_by="credit", version=1, audience=Audience.AGENCIES
):
    """不良信息已公布. The period for correction starts the next day."""

    bad_information_id: UUID
    revision: Annotated[int, "grows with every change of this record; the highest holds"]
    enterprise_id: UUID
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    warning_id: UUID
    published_on: date
    last_day_to_correct: Annotated[date, "改正期限的最后一日, still in time on that day"]


class BadInformationCorrected(
    Event, announced_by="credit", version=1, audience=Audience.AGENCIES
):
    """不良信息所涉问题已改正, in time or late."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    corrected_on: date
    in_time: bool


class BadInformationWithdrawn(
    Event, announced_by="credit", version=1, audience=Audience.AGENCIES
):
    """不良信息已撤销: it never held, or it was only a draft. Whoever shows it stops.

    What had followed from it has been lifted, and EscalationLifted says so first.
    """

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    withdrawn_on: date
    reason: Annotated[str, "撤销理由"]


class EnterpriseBlacklisted(
    Event, announced_by="credit", version=1, audience=Audience.AGENCIES
):
    """企业已列入黑名单."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    listed_on: date


class SafetyAlertRaised(Event, announced_by="credit", version=1, audience=Audience.AGENCIES):
    """已发布质量安全预警信息."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    raised_on: date


class EscalationProposed(Event, announced_by="credit", version=1):
    """已提出升级建议,待依法定程序决定. Under today's law nothing follows by itself."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    proposed_on: date
    to: EscalatedTo


class EscalationLifted(Event, announced_by="credit", version=1, audience=Audience.AGENCIES):
    """黑名单或质量安全预警信息已解除: its ground has fallen away. Whoever shows it stops."""

    bad_information_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    lifted_on: date
    what: EscalatedTo
    reason: Annotated[str, "解除理由"]
