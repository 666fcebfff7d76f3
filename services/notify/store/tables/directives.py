"""The tables of directives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.notify.store.tables.base import Table

WATCHED = text("look_on IS NOT NULL")


class DirectiveNumberRow(Table):
    """The last number that a bureau has given in a year."""

    __tablename__ = "directive_number"

    division: Mapped[str] = mapped_column(String(6), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class DirectiveRow(Table):
    """What is directed."""

    __tablename__ = "directive"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(Text)
    issued_by: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]
    enterprise_id: Mapped[UUID | None]


class HopRow(Table):
    """One stretch of its way, from a unit to the next one below."""

    __tablename__ = "directive_hop"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    directive_id: Mapped[UUID] = mapped_column(ForeignKey("directive.id"))
    parent_id: Mapped[UUID | None]
    sender: Mapped[str] = mapped_column(Text)
    sender_division: Mapped[str] = mapped_column(String(6))
    receiver: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(6))
    phase: Mapped[str] = mapped_column(String(20))
    silence: Mapped[str] = mapped_column(String(20))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    acknowledge_by: Mapped[date]
    due_on: Mapped[date]
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    look_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(BigInteger)

    __table_args__: Any = (
        Index("directive_hop_of", "directive_id"),
        Index("directive_hop_below", "parent_id"),
        Index("directive_hop_receiver", "receiver", "phase"),
        Index(
            "directive_hop_watched",
            "look_on",
            postgresql_where=WATCHED,
            sqlite_where=WATCHED,
        ),
    )


class DirectiveStepRow(Table):
    """What somebody did with a hop, or what silence led to. Never changed, never deleted."""

    __tablename__ = "directive_step"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hop_id: Mapped[UUID] = mapped_column(ForeignKey("directive_hop.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    step: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    said: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (Index("directive_step_of", "hop_id", "at"),)
