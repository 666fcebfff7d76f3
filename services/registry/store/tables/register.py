"""The record of imports, and the salt."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Table


class ImportRunRow(Table):
    """One import that wrote, or was refused as a whole."""

    __tablename__ = "import_run"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(Text)
    file_sha256: Mapped[str] = mapped_column(String(64))
    mapping_name: Mapped[str] = mapped_column(Text)
    mapping_sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    rows: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    wrong: Mapped[int]
    suspicious: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__: Any = (Index("import_run_finished", "finished_at"),)


class SaltRow(Table):
    """One secret of this installation: ids of operators cannot be guessed without it."""

    __tablename__ = "salt"

    id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
