"""Messages and deliveries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

MINUTE = timedelta(minutes=1)  # robots are told how many messages in each


class Addressee(StrEnum):
    """Who can be told."""

    ENTERPRISE = "enterprise"  # 企业
    OFFICER = "officer"  # 监管责任人
    BUREAU = "bureau"  # 市场监督管理局
    NAMED = "named"  # 事项中指明的收件人


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
    SMS = "sms"  # 短信
    WECOM = "wecom"  # 企业微信群机器人
    DINGTALK = "dingtalk"  # 钉钉群机器人
    WEBHOOK = "webhook"  # 签名回调
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
    cause, and once more for each new value of the fields in *again_when*; *formerly* are those
    that told messages apart when older ones were stored, None: the same. *account_from* is
    the field of the event that names the inbox, for an addressee whom the event names.
    *urgent* waits for no morning and is told further up when nobody reads it; *digest* is
    listed in the next digest of its account.
    """

    addressee: Addressee
    template: str
    ways: tuple[Medium, ...]
    no_channel: Medium | None = None
    desk: Desk | None = None
    again_when: tuple[str, ...] = ()
    formerly: tuple[str, ...] | None = None
    account_from: str | None = None
    urgent: bool = False
    digest: bool = False


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
    """All that is known about one enterprise now; None: not heard yet.

    *reach*: which accounts can be reached by which media, beside an enterprise's own mailbox.
    """

    enterprise: Enterprise | None = None
    contact: Contact | None = None
    reach: frozenset[tuple[str, Medium]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What happened, that one or several are to be told of.

    *caused_by* is the envelope that said it. *parameters* is the event as it was on the
    wire, *wire* the same as JSON. *enterprise_id*: None if it concerns no enterprise.
    """

    cause_id: UUID
    caused_by: UUID
    caused_at: datetime
    event: str
    enterprise_id: UUID | None
    division: str
    parameters: Mapping[str, Any]
    wire: str

    @classmethod
    def of_own(
        cls, event: str, cause_id: UUID, at: datetime, parameters: Mapping[str, Any]
    ) -> Occasion:
        """Something that this service itself has to say: it is its own cause."""
        enterprise_id = parameters.get("enterprise_id")
        return cls(
            cause_id=cause_id,
            caused_by=cause_id,
            caused_at=at,
            event=event,
            enterprise_id=UUID(enterprise_id) if enterprise_id else None,
            division=parameters["division"],
            parameters=parameters,
            wire=json.dumps(parameters, ensure_ascii=False, separators=(",", ":")),
        )


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something that somebody is to be told: parameters, not yet text."""

    id: UUID
    occasion: Occasion
    told: Told
    former_id: UUID | None = None  # where an older release would have stored it


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
    leave the platform now, *waiting* those that still lack something, *without* those for
    which the addressee has registered nothing.
    """

    account: str | None
    wants: Wants | None
    can_be_read: bool
    ready: tuple[Medium, ...]
    waiting: tuple[Medium, ...]
    without: tuple[Medium, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hook:
    """Where an account has its messages posted. *secrets*: the newest first; all sign.

    *outside*: another department registered it, and has what other departments may hear.
    """

    url: str
    secrets: tuple[str, ...]
    outside: bool = False


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message on its way out by one medium, for the *attempt*-th time.

    *address* is the mailbox or number; None: none is on file. *hook* is where a webhook goes.
    While *is_sealed*, address and secrets are as they are kept: nobody can read them.
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
    event: str = ""
    attempt: int = 1
    urgent: bool = False
    hook: Hook | None = None
    is_sealed: bool = False


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Hours of the night, in Beijing, in which a medium says nothing that can wait."""

    medium: Medium
    begins: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Where it went, and what was said when it was taken there."""

    sent_to: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Try:
    """That one provider or robot was asked to take something, and how it went."""

    way: str
    at: datetime
    took: timedelta
    worked: bool


@dataclass(frozen=True, kw_only=True)
class Caution:
    """When a provider is trusted less: from policy.yaml."""

    window: timedelta
    slow_after: timedelta
    fewest_tries: int
    probing_percent: int


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long one sending may take, and how careful and how fast it goes."""

    seconds: float
    caution: Caution
    robot_messages_per_minute: int

    @property
    def remembers(self) -> timedelta:
        """How far back a sending has to know: what providers and robots are judged by."""
        return max(self.caution.window, MINUTE)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long and how often a delivery is tried: from policy.yaml.

    *webhook*: how long a webhook may fail before it is switched off.
    """

    pauses: tuple[timedelta, ...]
    give_up_after: timedelta
    lease: timedelta
    webhook: timedelta = timedelta(days=1)


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
