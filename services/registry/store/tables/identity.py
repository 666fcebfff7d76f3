"""Which enterprises were found to be one: by whom, since when, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Table


class MergeRow(Table):
    """One merge. It is never deleted: undone, it says when, by whom and why."""

    __tablename__ = "merge"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    survivor_id: Mapped[UUID]
    merged_id: Mapped[UUID]
    reason: Mapped[str | None] = mapped_column(Text)
    merged_at: Mapped[datetime] = mapped_column(Instant)
    merged_by: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[str | None] = mapped_column(Text)
    undone_because: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (
        Index("merge_survivor", "survivor_id"),
        Index("merge_merged", "merged_id"),
        Index("merge_time", "merged_at", "id"),
    )
