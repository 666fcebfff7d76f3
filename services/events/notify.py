"""What the notify service announces: directives, so that a county's own platform can hear them.

A directive says nothing of a person: whoever issues one with an identity number or a
telephone in it is refused.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from services.events.contract import Audience, Event


class Silence(StrEnum):
    """What the silence of a receiver has led to."""

    NONE = "none"  # 未逾期
    REMINDED = "reminded"  # 已催办
    SUPERVISED = "supervised"  # 已督办
    ESCALATED = "escalated"  # 已报上级


class Awaited(StrEnum):
    """What a receiver is waited for."""

    ACKNOWLEDGEMENT = "acknowledgement"  # 签收
    REPORT = "report"  # 信息报告


class DirectiveIssued(Event, announced_by="notify", version=1, audience=Audience.AGENCIES):
    """信息指令已下达,或者已向下传递. Said once for each unit that receives it."""

    hop_id: UUID
    revision: Annotated[int, "grows with every change of this hop; the highest holds"]
    directive_id: UUID
    parent_hop_id: Annotated[UUID | None, "the hop it was relayed from; null: the first"]
    division: Annotated[str, "行政区划代码 of the receiver, e.g. 610303"]
    number: Annotated[str, "指令编号"]
    title: str
    text: str
    sender: Annotated[str, "unit, e.g. bureau:610300"]
    receiver: Annotated[str, "unit, e.g. bureau:610303, section:610303/特设科"]
    issued_on: date
    acknowledge_by: Annotated[date, "签收期限的最后一日"]
    due_on: Annotated[date, "报告期限的最后一日"]


class DirectiveAcknowledged(
    Event, announced_by="notify", version=1, audience=Audience.AGENCIES
):
    """信息指令已签收."""

    hop_id: UUID
    revision: int
    directive_id: UUID
    division: str
    number: str
    title: str
    sender: str
    receiver: str
    acknowledged_on: date
    in_time: bool


class DirectiveOverdue(Event, announced_by="notify", version=1, audience=Audience.AGENCIES):
    """信息指令逾期未签收或未报告: 催办, 督办, 报上级. Each step is said once."""

    hop_id: UUID
    revision: int
    directive_id: UUID
    division: str
    number: str
    title: str
    sender: str
    receiver: str
    awaited: Awaited
    silence: Silence
    last_day: date
    watcher: Annotated[str | None, "the sender, from 督办 on"]
    superior: Annotated[str | None, "the receiver's superior, once it is told"]


class DirectiveReported(Event, announced_by="notify", version=1, audience=Audience.AGENCIES):
    """信息报告已上报,本级办结."""

    hop_id: UUID
    revision: int
    directive_id: UUID
    division: str
    number: str
    title: str
    sender: str
    receiver: str
    reported_on: date
    in_time: bool
