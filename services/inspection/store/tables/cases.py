"""Enforcement cases: what is looked for in columns, the file itself as one document."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.inspection.store.tables.base import Table


class CaseRow(Table):
    """A case. Whoever changes it holds this row locked."""

    __tablename__ = "enforcement_case"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(20))
    matter: Mapped[str] = mapped_column(String(60))
    order_id: Mapped[UUID | None]
    opened_on: Mapped[date]
    number: Mapped[str | None] = mapped_column(String(100))
    decision_number: Mapped[str | None] = mapped_column(String(100))
    decided_on: Mapped[date | None]
    standing: Mapped[bool]
    term: Mapped[str | None] = mapped_column(String(20))
    last_day: Mapped[date | None]
    next_change_on: Mapped[date | None]
    file: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__: Any = (
        UniqueConstraint("number", name="case_number"),
        UniqueConstraint("decision_number", name="case_decision_number"),
        Index("case_enterprise", "enterprise_id", "decided_on"),
        Index("case_listing", "division", "state", "opened_on"),
        Index("case_order", "order_id"),
        Index(
            "case_next_change",
            "next_change_on",
            postgresql_where=text("next_change_on IS NOT NULL"),
            sqlite_where=text("next_change_on IS NOT NULL"),
        ),
    )
