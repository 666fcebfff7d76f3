"""Who changed what from where, and who saw what is hidden."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Table


class ChangeRow(Table):
    """One import or one correction; the records it changed name it. An import's is its run."""

    __tablename__ = "change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)


class DisclosureRow(Table):
    """Somebody saw personal data in full: who, when, of whom, what, and what for."""

    __tablename__ = "disclosure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seen_by: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    about_kind: Mapped[str] = mapped_column(String(12))
    about_id: Mapped[UUID]
    fields: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)

    __table_args__: Any = (Index("disclosure_about", "about_id"),)
