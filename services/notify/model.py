"""质监通的词汇 — messages, deliveries, and the words for where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


class Addressee(StrEnum):
    """Who can be told."""

    ENTERPRISE = "enterprise"  # 企业
    OFFICER = "officer"  # 监管责任人
    BUREAU = "bureau"  # 市场监督管理局


class Desk(StrEnum):
    """Whose inbox at the bureau."""

    DIVISION = "division"  # 企业所在辖区的局
    CENTRE = "centre"  # 市局信息协调中心


class Wants(StrEnum):
    """What a message still lacks before it can go on."""

    ENTERPRISE = "enterprise"  # 企业档案
    OFFICER = "officer"  # 监管责任人
    ADDRESS = "address"  # 电子邮箱


class Medium(StrEnum):
    """How a message reaches its addressee."""

    INBOX = "inbox"  # 站内收件箱
    EMAIL = "email"  # 电子邮件
    LOG = "log"  # 日志文件


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING_FOR_FACTS = "waiting_for_facts"
    DUE = "due"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line of the table of addressees: an event tells somebody something.

    *ways* are the ways out of the platform that this installation has for it, beside the
    inbox; *no_channel* is the one that it would need and has not. It is told once for each
    cause, and once more for each new value of the fields in *again_when*.
    """

    addressee: Addressee
    template: str
    ways: tuple[Medium, ...]
    no_channel: Medium | None = None
    desk: Desk | None = None
    again_when: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """What the registry has said of an enterprise."""

    id: UUID
    name: str
    uscc: str | None
    division: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How an enterprise is reached, and who at the bureau answers for it."""

    enterprise_id: UUID
    email: str | None
    officer: str | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is known about one enterprise now; None: not heard yet."""

    enterprise: Enterprise | None = None
    contact: Contact | None = None


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What happened, that one or several are to be told of.

    *caused_by* is the envelope that said it. *parameters* is the event as it was on the
    wire, *wire* the same as JSON.
    """

    cause_id: UUID
    caused_by: UUID
    caused_at: datetime
    event: str
    enterprise_id: UUID
    division: str
    parameters: Mapping[str, Any]
    wire: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something that somebody is to be told: parameters, not yet text."""

    id: UUID
    occasion: Occasion
    told: Told


@dataclass(frozen=True, kw_only=True)
class Text:
    """The words of a message, as they were written once and for all."""

    subject: str
    body: str
    language: str
    template_version: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a message can go with the facts that are known.

    *account* is the inbox it belongs to, None while nobody knows. Once *can_be_read*, its
    words are written and it lies in that inbox. *ready* are the media by which it can
    leave the platform now, *waiting* those that still lack something.
    """

    account: str | None
    wants: Wants | None
    can_be_read: bool
    ready: tuple[Medium, ...]
    waiting: tuple[Medium, ...]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message on its way out by one medium.

    *address* is the enterprise's mailbox; None: none is on file.
    """

    delivery_id: UUID
    message_id: UUID
    caused_by: UUID
    addressee: str
    account: str
    address: str | None
    subject: str
    body: str
    language: str
    written_at: datetime


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Where it went, and what was said when it was taken there."""

    sent_to: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long and how often a delivery is tried: from policy.yaml."""

    pauses: tuple[timedelta, ...]
    give_up_after: timedelta
    lease: timedelta


@dataclass(frozen=True)
class TryAgain:
    """It did not work now; the next attempt is at *at*."""

    at: datetime


@dataclass(frozen=True)
class GiveUp:
    """It has not worked for so long, or never can, that nobody tries again."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Seconds from an event to its stored message, over the newest messages."""

    messages: int
    p50_seconds: float | None
    p99_seconds: float | None
