"""Editions of code tables that a bureau has loaded over the shipped ones."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Table


class EditionRow(Table):
    """One loaded edition. Nothing of it is ever changed: a newer one is laid over it."""

    __tablename__ = "reference_edition"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(30))
    effective_on: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(Text)
    lines: Mapped[int]
    loaded_at: Mapped[datetime] = mapped_column(Instant)
    loaded_by: Mapped[str] = mapped_column(Text)

    __table_args__: Any = (Index("reference_edition_subject", "subject", "effective_on"),)


class EntryRow(Table):
    """One line of a loaded edition. *more*: the table's further columns, as JSON."""

    __tablename__ = "reference_entry"

    edition_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    successor: Mapped[str | None] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(Text)
    more: Mapped[str] = mapped_column(Text)
