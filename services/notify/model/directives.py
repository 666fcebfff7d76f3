"""Directives: 信息指令 goes down, 信息反馈 and 信息报告 come back up, hop by hop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.events.notify import Silence


class Phase(StrEnum):
    """Where one hop of a directive stands."""

    ISSUED = "issued"  # 待签收
    ACKNOWLEDGED = "acknowledged"  # 已签收
    RELAYED = "relayed"  # 已传递
    FED_BACK = "fed_back"  # 已反馈
    REPORTED = "reported"  # 已报告
    RECALLED = "recalled"  # 已收回


class Step(StrEnum):
    """What somebody does with a hop."""

    ACKNOWLEDGE = "acknowledge"  # 签收
    RELAY = "relay"  # 信息传递
    FEED_BACK = "feed_back"  # 信息反馈
    SEND_BACK = "send_back"  # 退回补充
    REPORT = "report"  # 信息报告
    RECALL = "recall"  # 收回


class Side(StrEnum):
    """Who takes a step."""

    SENDER = "sender"  # 发出单位
    RECEIVER = "receiver"  # 接收单位


@dataclass(frozen=True, kw_only=True)
class DirectiveTerms:
    """By when a hop is to be acknowledged, and reported on."""

    acknowledge_by: date
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Directive:
    """What is directed, by whom, under which number."""

    id: UUID
    number: str
    title: str
    text: str
    sender: str
    issued_by: str
    issued_at: datetime
    due_on: date
    enterprise_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One stretch of the way: from one unit to the next one below it.

    *silence*: what its receiver's silence has led to; it begins anew with each phase that
    is waited for. *look_on*: the day on which it has to be looked at; None: never again.
    """

    id: UUID
    directive_id: UUID
    parent_id: UUID | None
    sender: str
    receiver: str
    division: str
    phase: Phase
    silence: Silence
    terms: DirectiveTerms
    issued_at: datetime
    look_on: date | None
    revision: int
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
