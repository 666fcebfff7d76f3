"""Documents that were written."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.inspection.store.tables.base import Table


class DocumentRow(Table):
    """One document; its bytes lie under `sha256` in the folder of the installation."""

    __tablename__ = "document"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[UUID]
    act: Mapped[int]
    division: Mapped[str] = mapped_column(String(6))
    authority: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(String(100))
    made_on: Mapped[date]
    made_by: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    template: Mapped[str] = mapped_column(String(64))
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (UniqueConstraint("about_id", "act", "kind", name="document_of_act"),)
