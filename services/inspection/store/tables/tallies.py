"""Counters for dashboards, the changes not yet folded into them, and the nightly comparison."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.instants import Instant
from services.inspection.model import Colour
from services.inspection.store.tables.base import Shade, Table


class TallyRow(Table):
    """How many objects or duties there are of one division, kind, class and colour."""

    __tablename__ = "tally"

    what: Mapped[str] = mapped_column(String(10), primary_key=True)
    division: Mapped[str] = mapped_column(String(6), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    class_code: Mapped[str] = mapped_column(Text, primary_key=True)
    colour: Mapped[Colour] = mapped_column(Shade, primary_key=True, autoincrement=False)
    number: Mapped[int]


class TallyChangeRow(Table):
    """What one transaction changed: only added, so that no two wait for each other."""

    __tablename__ = "tally_change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(10))
    division: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(20))
    class_code: Mapped[str] = mapped_column(Text)
    colour: Mapped[Colour] = mapped_column(Shade)
    number: Mapped[int]


class TallyCheckRow(Table):
    """One comparison of the counters with a recount; what differed was repaired."""

    __tablename__ = "tally_check"

    checked_on: Mapped[date] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(Instant)
    groups: Mapped[int]
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
