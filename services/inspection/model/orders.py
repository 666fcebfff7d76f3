"""责令整改通知书 — the words of rectification orders: items, their terms, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.events.inspection import OrderEnd, OrderOrigin, RefusalGround


class OrderState(StrEnum):
    """责令整改通知书的状态."""

    DRAFT = "draft"  # 草稿
    ISSUED = "issued"  # 整改中
    CLOSED = "closed"  # 已办结
    DISCARDED = "discarded"  # 草稿已作废


class ItemState(StrEnum):
    """整改项目的状态."""

    OPEN = "open"  # 待整改
    HANDED_IN = "handed_in"  # 已提交整改材料, 待复查
    OVERDUE = "overdue"  # 逾期未整改
    RECTIFIED = "rectified"  # 已整改
    WITHDRAWN = "withdrawn"  # 已撤回


class ItemStep(StrEnum):
    """What can happen to an item."""

    HAND_IN = "hand_in"  # 提交整改材料
    FIND_RECTIFIED = "find_rectified"  # 复查合格
    FIND_UNRECTIFIED = "find_unrectified"  # 复查不合格
    EXTEND = "extend"  # 延长期限
    PASS = "pass"  # noqa: S105 - 期限届满
    SET_AGAIN = "set_again"  # 再次责令限期整改
    WITHDRAW = "withdraw"  # 撤回


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to be put right.

    due_on         last day, still in time; None: a draft
    was_due_on     the last day before it was extended; None: it was not
    term_number    2: it was ordered again after the first term had passed
    recheck_by     last day for the officers to look at what was handed in
    overdue_on     the day after the last day that passed undone
    overdue_times  how many terms have passed undone
    next_change_on the day on which it changes by itself; None: no day does
    """

    item_id: UUID
    matter: str
    description: str
    basis: str
    requirement: str
    object_id: UUID | None = None
    finding_id: UUID | None = None
    term_days: int | None = None
    state: ItemState = ItemState.OPEN
    term_number: int = 1
    due_on: date | None = None
    provisional: bool = False
    was_due_on: date | None = None
    handed_in_on: date | None = None
    recheck_by: date | None = None
    overdue_on: date | None = None
    overdue_times: int = 0
    ended_on: date | None = None
    next_change_on: date | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing is owed on it any more."""
        return self.state in {ItemState.RECTIFIED, ItemState.WITHDRAWN}


@dataclass(frozen=True, kw_only=True)
class Order:
    """A rectification order with its items, in the order in which they are written.

    number         文号; None: a draft has none
    first_offence  None: not issued yet
    case_id        the case that it led to
    """

    order_id: UUID
    enterprise_id: UUID
    division: str
    bureau: str
    origin: OrderOrigin
    drafted_on: date
    items: tuple[Item, ...]
    visit_id: UUID | None = None
    warning_id: UUID | None = None
    revision: int = 0
    acts: int = 0
    state: OrderState = OrderState.DRAFT
    number: str | None = None
    officers: tuple[str, ...] = ()
    issued_on: date | None = None
    first_offence: bool | None = None
    case_id: UUID | None = None
    closed_on: date | None = None
    end: OrderEnd | None = None

    @property
    def overdue(self) -> bool:
        """Whether an item of it is overdue now."""
        return any(item.state is ItemState.OVERDUE for item in self.items)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """拒绝整改或严重违法的记录: a ground to propose enterprise and product for the blacklist.

    officers  None of them: it follows from the record itself
    evidence  SHA-256 of the files that show it
    """

    refusal_id: UUID
    enterprise_id: UUID
    division: str
    ground: RefusalGround
    recorded_on: date
    order_id: UUID | None
    case_id: UUID | None
    object_ids: tuple[UUID, ...]
    endangers_safety: bool
    statement: str
    officers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    revision: int = 0
    acts: int = 0
    withdrawn_on: date | None = None
    withdrawn_because: str | None = None


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier violation of the same enterprise, as far as it counts for a first offence."""

    on: date
    group: str
    what: str
    reference: UUID
