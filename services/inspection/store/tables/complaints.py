"""Complaints: what is looked for in columns, the file as one document, who sent it sealed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.inspection.store.tables.base import Table


class ComplaintRow(Table):
    """A complaint or a lead. Whoever changes it holds this row locked.

    code_hash    of the secret that its sender shows with the number
    sealed       name and telephone of the sender; person_hash finds the same telephone again
    """

    __tablename__ = "complaint"

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    division: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(20))
    received_on: Mapped[date]
    enterprise_id: Mapped[UUID | None]
    last_day: Mapped[date | None]
    provisional: Mapped[bool]
    joined_into: Mapped[UUID | None]
    file: Mapped[dict[str, Any]] = mapped_column(JSON)
    code_hash: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str | None] = mapped_column(Text)
    person_hash: Mapped[str | None] = mapped_column(String(32))

    __table_args__: Any = (
        UniqueConstraint("number", name="complaint_number"),
        Index("complaint_listing", "division", "received_on"),
        Index("complaint_enterprise", "enterprise_id"),
        Index(
            "complaint_open",
            "division",
            "last_day",
            postgresql_where=text("last_day IS NOT NULL"),
            sqlite_where=text("last_day IS NOT NULL"),
        ),
        Index(
            "complaint_joined",
            "joined_into",
            postgresql_where=text("joined_into IS NOT NULL"),
            sqlite_where=text("joined_into IS NOT NULL"),
        ),
    )
