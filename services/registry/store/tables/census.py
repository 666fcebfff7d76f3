"""The census: campaigns, their grids and plans, the visits, the figures of each day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Table


class CampaignRow(Table):
    """A census. *ends_on* None: it goes on."""

    __tablename__ = "census_campaign"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(Text)


class GridRow(Table):
    """A part of a district that one surveyor visits."""

    __tablename__ = "census_grid"

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    division: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(Text)
    surveyor: Mapped[str] = mapped_column(Text)


class PlanVersionRow(Table):
    """Who changed the plan, when and why. In force from its day until a later one's."""

    __tablename__ = "census_plan_version"

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    in_force_on: Mapped[date]
    why: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(Text)


class PlanRow(Table):
    """How many of a kind are planned in a grid, under one version."""

    __tablename__ = "census_plan"

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    grid: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    planned: Mapped[int]


class VisitRow(Table):
    """What one day's visit to a thing came to.

    It holds from *surveyed_on* until *superseded_on*, the day of the next visit.
    """

    __tablename__ = "census_visit"

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    thing: Mapped[UUID] = mapped_column(primary_key=True)
    surveyed_on: Mapped[date] = mapped_column(primary_key=True)
    superseded_on: Mapped[date | None]
    grid: Mapped[str] = mapped_column(String(40))
    division: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    surveyor: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    leased: Mapped[bool]
    used_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str] = mapped_column(Text)

    __table_args__: Any = (
        Index(
            "census_visit_counted",
            "campaign_id",
            "grid",
            "kind",
            "outcome",
            "surveyed_on",
            "superseded_on",
        ),
        Index("census_visit_thing", "thing"),
    )


class CensusDayRow(Table):
    """How a grid stood with a kind at the end of a day."""

    __tablename__ = "census_day"

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    grid: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    division: Mapped[str] = mapped_column(String(6))
    version: Mapped[int | None]
    planned: Mapped[int]
    surveyed: Mapped[int]
    not_found: Mapped[int]
    refused: Mapped[int]
