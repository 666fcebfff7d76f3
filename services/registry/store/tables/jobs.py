"""Imports that were asked for: what was sent, how they stand, what was wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Table


class ImportJobRow(Table):
    """One import, from the asking on. Its id is that of its run.

    *attempts*: how often it was taken up. *stage*, *read*, *permille*: how far it was when it
    last said so. *report*: the counts, as JSON. *code*, *detail*: why it was refused or
    failed. *parts_kept*: whether the file is still here. *stated_at*: for rows that came by
    message, when their system stated them. *campaign_id*, *scope*: for a sheet of a census,
    which, and for which divisions its sender spoke.
    """

    __tablename__ = "import_job"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int]
    file_name: Mapped[str] = mapped_column(Text)
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_size: Mapped[int] = mapped_column(BigInteger)
    mapping_name: Mapped[str] = mapped_column(Text)
    mapping_sha256: Mapped[str] = mapped_column(String(64))
    mapping_text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    dry_run: Mapped[bool] = mapped_column(Boolean)
    all_or_nothing: Mapped[bool] = mapped_column(Boolean)
    stage: Mapped[str | None] = mapped_column(String(12))
    read: Mapped[int]
    permille: Mapped[int]
    report: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[str | None] = mapped_column(Text)
    parts_kept: Mapped[bool] = mapped_column(Boolean)
    stated_at: Mapped[datetime | None] = mapped_column(Instant)
    campaign_id: Mapped[UUID | None]
    scope: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (
        Index("import_job_asked", "asked_at"),
        Index("import_job_state", "state", "asked_at"),
    )


class ImportPartRow(Table):
    """A piece of a file that was sent, sealed (sealing.py), as long as it is needed."""

    __tablename__ = "import_part"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportFaultRow(Table):
    """Why a row did not go in (*refused*), or what a person should look at."""

    __tablename__ = "import_fault"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    refused: Mapped[bool] = mapped_column(Boolean)
    line: Mapped[int]
    column: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    right: Mapped[str] = mapped_column(Text)


class StatedKeyRow(Table):
    """When a linked system last stated something under one of its keys, by message."""

    __tablename__ = "stated_key"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    table: Mapped[str] = mapped_column(String(60), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    stated_at: Mapped[datetime] = mapped_column(Instant)
