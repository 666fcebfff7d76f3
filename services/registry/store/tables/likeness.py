"""Which enterprises resemble each other, under which keys that is found, what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Table


class ComparedRow(Table):
    """Up to which revision an enterprise was held against the others."""

    __tablename__ = "compared"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)


class BlockRow(Table):
    """A key under which an enterprise is held against the others that have it too."""

    __tablename__ = "likeness_block"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__: Any = (Index("likeness_block_enterprise", "enterprise_id"),)


class CandidateRow(Table):
    """疑似重复: two enterprises that may be one. *facts* is a digest of what was compared.

    Kept apart, they are proposed again only when these facts have changed.
    """

    __tablename__ = "candidate"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    one_id: Mapped[UUID]
    other_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(10))
    points: Mapped[int]
    signs: Mapped[list[str]] = mapped_column(JSON)
    facts: Mapped[str] = mapped_column(String(32))
    found_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    merge_id: Mapped[UUID | None]

    __table_args__: Any = (
        Index("candidate_listing", "state", "points", "id"),
        Index("candidate_one", "one_id"),
        Index("candidate_other", "other_id"),
        Index("candidate_merge", "merge_id"),
    )
