"""What the service itself has to tell its accounts, and no other service need hear.

A notice is declared like an event and told like one, but never announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, dataclass_transform
from uuid import UUID

from services.events.wire import Wire


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Notice:
    """Something that happened inside this service."""

    routing_key: ClassVar[str]
    full_name: ClassVar[str]
    wire: ClassVar[Wire]

    def __init_subclass__(cls, *, called: str) -> None:
        dataclass(frozen=True, kw_only=True)(cls)
        cls.routing_key = f"{called}.v1"
        cls.full_name = f"notify.{cls.routing_key}"
        cls.wire = Wire(cls)

    def to_wire(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.wire.write(self)


@dataclass(frozen=True, kw_only=True)
class SaidOfHop:
    """What one unit says to another about a directive on its way between them."""

    hop_id: UUID
    revision: int
    directive_id: UUID
    division: str
    number: str
    title: str
    sender: str
    receiver: str
    said: str


class WebhookDisabled(Notice, called="webhook_disabled"):
    """回调已停用: it has failed for too long, or its receiver wants no more."""

    webhook_id: UUID
    account: str
    division: str
    host: str
    reason: str


class DirectiveFedBack(SaidOfHop, Notice, called="directive_fed_back"):
    """信息反馈已收到."""


class DirectiveSentBack(SaidOfHop, Notice, called="directive_sent_back"):
    """信息反馈被退回补充."""


class DirectiveRecalled(SaidOfHop, Notice, called="directive_recalled"):
    """信息指令已收回."""


class DigestReady(Notice, called="digest_ready"):
    """汇总: what came for one account since the last one, and is still unread."""

    digest_id: UUID
    account: str
    division: str
    count: int
    lines: tuple[str, ...]


class MessageUnread(Notice, called="message_unread"):
    """紧急通知无人阅读: whoever stands above is told."""

    message_id: UUID
    account: str
    above: str
    division: str
    subject_line: str
    step: int
