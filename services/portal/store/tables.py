"""The tables of the portal database."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.instants import Instant
from services.chassis.tables import Position


class Table(DeclarativeBase):
    """Their base."""


class UserRow(Table):
    """Somebody with a login."""

    __tablename__ = "portal_user"  # USER is a word of SQL

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    roles: Mapped[str] = mapped_column(String(120))
    divisions: Mapped[str] = mapped_column(String(400))
    section: Mapped[str | None] = mapped_column(String(60))
    enterprise_id: Mapped[UUID | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    outside_id: Mapped[str | None] = mapped_column(String(300), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class LinkRow(Table):
    """A link that lets a user set a password, once. Only its hash is kept."""

    __tablename__ = "first_login_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SessionRow(Table):
    """Somebody is logged in. The cookie holds what this row keeps the hash of."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    began_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(200))


class FailedLoginRow(Table):
    """A login that failed: counted to lock out whoever guesses."""

    __tablename__ = "failed_login"

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__: Any = (Index("failed_login_of", "name", "at"),)


class TokenRow(Table):
    """A program that may call the public API. Only the hash of its token is kept."""

    __tablename__ = "api_token"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[str] = mapped_column(String(400))
    divisions: Mapped[str] = mapped_column(String(400))
    per_minute: Mapped[int | None]
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class AuditRow(Table):
    """One line of the audit. `hash` covers the line and the hash of the line before it."""

    __tablename__ = "audit"

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    who: Mapped[str] = mapped_column(String(60))
    roles: Mapped[str] = mapped_column(String(120))
    divisions: Mapped[str] = mapped_column(String(400))
    address: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300))
    outcome: Mapped[str] = mapped_column(String(100))
    detail: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__: Any = (Index("audit_who", "who", "position"),)
