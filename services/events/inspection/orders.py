"""Rectification orders, and what an enterprise refused."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from services.events.contract import Event


class OrderOrigin(StrEnum):
    """What led to a rectification order."""

    VISIT = "visit"  # 检查发现
    WARNING = "warning"  # 红色预警
    SAMPLING = "sampling"  # 监督抽查不合格
    COMPLAINT = "complaint"  # 投诉举报
    DIRECT = "direct"  # 直接下达


class OrderEnd(StrEnum):
    """How a rectification order ended."""

    RECTIFIED = "rectified"  # 全部整改到位
    WITHDRAWN = "withdrawn"  # 全部撤回


class RefusalGround(StrEnum):
    """Why an enterprise and its product are to be proposed for the blacklist."""

    WRITTEN = "written"  # 书面拒绝整改
    OVERDUE_AGAIN = "overdue_again"  # 再次逾期未整改
    OBSTRUCTION = "obstruction"  # 阻挠检查
    GRAVE = "grave"  # 违法情节严重


@dataclass(frozen=True, kw_only=True)
class OrderedItem:
    """One item of a rectification order."""

    item_id: UUID
    matter: Annotated[str, "code of the kind of violation; see policy violation_matters"]
    object_id: UUID | None
    due_on: Annotated[date, "整改期限的最后一日, still in time on that day"]


class OrderIssued(Event, announced_by="inspection", version=1):
    """责令整改通知书已下达. It has its number from now on; the terms of its items run."""

    order_id: UUID
    revision: Annotated[int, "grows with every change of this order; the highest holds"]
    enterprise_id: UUID
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    number: Annotated[str, "文号, e.g. （宝）市监责改〔2026〕12号; without gaps"]
    origin: OrderOrigin
    visit_id: UUID | None
    warning_id: UUID | None
    issued_on: date
    first_offence: Annotated[bool, "首次违法, 以指导和责令整改为主"]
    items: tuple[OrderedItem, ...]


class OrderExtended(Event, announced_by="inspection", version=1):
    """整改期限已延长. Once for an item, before its last day, with a reason on file."""

    order_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    number: str
    item_id: UUID
    extended_on: date
    was_due_on: date
    due_on: date


class OrderOverdue(Event, announced_by="inspection", version=1):
    """到期未整改. Said once for each item and each term that passes."""

    order_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    number: str
    item_ids: Annotated[tuple[UUID, ...], "whose last day has passed undone"]
    overdue_on: Annotated[date, "the day after the last day"]
    again: Annotated[bool, "再次逾期: an item of this order was overdue before"]


class OrderClosed(Event, announced_by="inspection", version=1):
    """责令整改通知书已办结: every item is rectified or withdrawn."""

    order_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    number: str
    closed_on: date
    end: OrderEnd
    in_time: Annotated[bool, "no item was overdue"]


class RefusalRecorded(Event, announced_by="inspection", version=1):
    """拒绝整改或严重违法已记录在案: a ground to propose enterprise and product for the blacklist.

    It lists nobody by itself.
    """

    refusal_id: UUID
    revision: Annotated[int, "grows with every change of this record; the highest holds"]
    enterprise_id: UUID
    division: str
    ground: RefusalGround
    recorded_on: date
    order_id: UUID | None
    case_id: UUID | None
    object_ids: Annotated[tuple[UUID, ...], "objects and products that it is about"]
    endangers_safety: bool


class RefusalWithdrawn(Event, announced_by="inspection", version=1):
    """拒绝整改或严重违法的记录已撤回: it did not hold. What followed from it must be undone."""

    refusal_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    withdrawn_on: date
    reason: Annotated[str, "撤回理由"]
