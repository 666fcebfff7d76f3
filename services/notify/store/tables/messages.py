"""The tables that only the notify service reads and writes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.notify.store.tables.base import Table

WANTING = text("wants IS NOT NULL")
NO_CHANNEL = text("no_channel IS NOT NULL")
UNDIGESTED = text("digest AND digested_in IS NULL")
UNREAD = text("urgent AND read_at IS NULL")
UNREAD_BY_STAFF = text(
    "read_at IS NULL AND written_at IS NOT NULL AND addressee <> 'enterprise'"
)
OUTSTANDING = text("state IN ('due', 'sending', 'failed')")


class EnterpriseRow(Table):
    """An enterprise as the registry last described it."""

    __tablename__ = "enterprise"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    uscc: Mapped[str | None] = mapped_column(String(18))
    division: Mapped[str] = mapped_column(String(6))
    status: Mapped[str] = mapped_column(String(20))


class ContactRow(Table):
    """How an enterprise is reached. It stays inside the bureau."""

    __tablename__ = "contact"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    email: Mapped[str | None] = mapped_column(Text)
    officer: Mapped[str | None] = mapped_column(Text)


class AddressRow(Table):
    """Where an account is reached outside the platform. It stays inside the bureau."""

    __tablename__ = "address"

    account: Mapped[str] = mapped_column(Text, primary_key=True)
    medium: Mapped[str] = mapped_column(String(20), primary_key=True)
    division: Mapped[str] = mapped_column(String(6))
    address: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(Instant)
    set_by: Mapped[str] = mapped_column(Text)


class WebhookRow(Table):
    """Where an account has its messages posted, and the secrets that sign them.

    `outside`: another department's program registered it.
    `failing_since` and `failures` count from the last success on; a disabled one is asked
    no more until somebody registers it anew.
    """

    __tablename__ = "webhook"

    account: Mapped[str] = mapped_column(Text, primary_key=True)
    division: Mapped[str] = mapped_column(String(6))
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    former_secret: Mapped[str | None] = mapped_column(Text)
    former_until: Mapped[datetime | None] = mapped_column(Instant)
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int]
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    disabled_because: Mapped[str | None] = mapped_column(Text)
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    set_at: Mapped[datetime] = mapped_column(Instant)
    set_by: Mapped[str] = mapped_column(Text)
    outside: Mapped[bool] = mapped_column(server_default=false())


class TryRow(Table):
    """That a provider or a robot was asked to take something. Kept for a day."""

    __tablename__ = "try"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)
    took_milliseconds: Mapped[int]
    worked: Mapped[bool]

    __table_args__: Any = (Index("try_at", "at"),)


class MessageRow(Table):
    """What somebody is to be told, once. `subject` and `body` are null until it is written.

    `parameters` is the event as it was on the wire, in JSON.
    """

    __tablename__ = "message"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cause_id: Mapped[UUID]
    caused_by: Mapped[UUID]
    caused_at: Mapped[datetime] = mapped_column(Instant)
    stored_at: Mapped[datetime] = mapped_column(Instant)
    event: Mapped[str] = mapped_column(String(100))
    addressee: Mapped[str] = mapped_column(String(20))
    account: Mapped[str | None] = mapped_column(Text)
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    template: Mapped[str] = mapped_column(String(100))
    parameters: Mapped[str] = mapped_column(Text)
    wants: Mapped[str | None] = mapped_column(String(20))
    no_channel: Mapped[str | None] = mapped_column(String(20))
    subject: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(5))
    template_version: Mapped[str | None] = mapped_column(String(12))
    written_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    read_by: Mapped[str | None] = mapped_column(Text)
    urgent: Mapped[bool] = mapped_column(server_default=false())
    digest: Mapped[bool] = mapped_column(server_default=false())
    digested_in: Mapped[UUID | None]
    escalated: Mapped[int] = mapped_column(server_default="0")

    __table_args__: Any = (
        Index("message_cause", "cause_id"),
        Index("message_stored", "stored_at"),
        Index("message_inbox", "account", "stored_at"),
        Index(
            "message_undigested",
            "account",
            "written_at",
            postgresql_where=UNDIGESTED,
            sqlite_where=UNDIGESTED,
        ),
        Index(
            "message_unread",
            "written_at",
            postgresql_where=UNREAD,
            sqlite_where=UNREAD,
        ),
        Index(
            "message_unread_by_staff",
            "account",
            "division",
            "urgent",
            postgresql_where=UNREAD_BY_STAFF,
            sqlite_where=UNREAD_BY_STAFF,
        ),
        Index(
            "message_wanting",
            "enterprise_id",
            "wants",
            postgresql_where=WANTING,
            sqlite_where=WANTING,
        ),
        Index(
            "message_no_channel",
            "no_channel",
            postgresql_where=NO_CHANNEL,
            sqlite_where=NO_CHANNEL,
        ),
    )


class DeliveryRow(Table):
    """One message on one way out. `holder` sends it now and has until `lease_until`.

    The inbox has no rows here: a message lies in it as soon as it is written.
    """

    __tablename__ = "delivery"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), primary_key=True)
    medium: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    due_since: Mapped[datetime | None] = mapped_column(Instant)
    next_try_at: Mapped[datetime | None] = mapped_column(Instant)
    holder: Mapped[UUID | None]
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_to: Mapped[str | None] = mapped_column(Text)
    receipt: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    resent_at: Mapped[datetime | None] = mapped_column(Instant)
    resent_by: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (
        Index("delivery_state", "state", "delivered_at"),
        Index(
            "delivery_outstanding",
            "medium",
            "next_try_at",
            postgresql_where=OUTSTANDING,
            sqlite_where=OUTSTANDING,
        ),
        {"sqlite_with_rowid": False},  # one random page for each row, not two
    )
