"""预约检验: one row for each."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.inspection.store.tables.base import Table


class BookingRow(Table):
    """A booking. Whoever changes it holds this row locked."""

    __tablename__ = "booking"

    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    object_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(Text)
    duty: Mapped[str] = mapped_column(String(20))
    asked_on: Mapped[date]
    asked_by: Mapped[str | None] = mapped_column(String(100))
    wished_from: Mapped[date]
    wished_until: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    inspected_on: Mapped[date | None]
    place: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    answered_on: Mapped[date | None]
    answered_by: Mapped[str | None] = mapped_column(String(100))

    __table_args__: Any = (
        Index("booking_listing", "division", "state", "asked_on"),
        Index("booking_enterprise", "enterprise_id"),
        Index("booking_object", "object_id"),
    )
