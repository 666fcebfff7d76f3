"""Rectification orders, refusals, enterprises by name, numbers of documents, acts on file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.instants import Instant
from services.inspection.store.tables.base import Table


class EnterpriseRow(Table):
    """An enterprise as last heard: documents are addressed to it."""

    __tablename__ = "enterprise"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    uscc: Mapped[str | None] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(6))
    status: Mapped[str] = mapped_column(String(20))
    industry: Mapped[str | None] = mapped_column(String(5))
    industry_group: Mapped[str | None] = mapped_column(String(2))


class OrderRow(Table):
    """A rectification order. Whoever changes it or its items holds this row locked."""

    __tablename__ = "rectification_order"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    acts: Mapped[int]
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    bureau: Mapped[str] = mapped_column(String(6))
    origin: Mapped[str] = mapped_column(String(20))
    visit_id: Mapped[UUID | None]
    warning_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(100))
    officers: Mapped[list[str]] = mapped_column(JSON)
    drafted_on: Mapped[date]
    issued_on: Mapped[date | None]
    first_offence: Mapped[bool | None]
    case_id: Mapped[UUID | None]
    closed_on: Mapped[date | None]
    end: Mapped[str | None] = mapped_column(String(20))

    __table_args__: Any = (
        UniqueConstraint("number", name="order_number"),
        Index("order_enterprise", "enterprise_id", "issued_on"),
        Index("order_listing", "division", "state", "drafted_on"),
    )


class OrderItemRow(Table):
    """One thing to be put right."""

    __tablename__ = "order_item"

    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    position: Mapped[int]
    matter: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    requirement: Mapped[str] = mapped_column(Text)
    object_id: Mapped[UUID | None]
    finding_id: Mapped[UUID | None]
    term_days: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20))
    term_number: Mapped[int]
    due_on: Mapped[date | None]
    provisional: Mapped[bool]
    was_due_on: Mapped[date | None]
    handed_in_on: Mapped[date | None]
    recheck_by: Mapped[date | None]
    overdue_on: Mapped[date | None]
    overdue_times: Mapped[int]
    ended_on: Mapped[date | None]
    next_change_on: Mapped[date | None]

    __table_args__: Any = (
        Index("order_item_order", "order_id"),
        Index(
            "order_item_next_change",
            "next_change_on",
            postgresql_where=text("next_change_on IS NOT NULL"),
            sqlite_where=text("next_change_on IS NOT NULL"),
        ),
    )


class RefusalRow(Table):
    """That an enterprise refused, or that its violation is grave."""

    __tablename__ = "refusal"

    refusal_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    acts: Mapped[int]
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    ground: Mapped[str] = mapped_column(String(20))
    recorded_on: Mapped[date]
    order_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    object_ids: Mapped[list[str]] = mapped_column(JSON)
    endangers_safety: Mapped[bool]
    statement: Mapped[str] = mapped_column(Text)
    officers: Mapped[list[str]] = mapped_column(JSON)
    evidence: Mapped[list[str]] = mapped_column(JSON)
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (
        Index("refusal_enterprise", "enterprise_id"),
        Index("refusal_order", "order_id"),
    )


class NumberSeriesRow(Table):
    """The last number that a bureau gave to a kind of document in a year."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int]


class ActRow(Table):
    """One step of an order, a refusal or a case; a row is never changed."""

    __tablename__ = "procedure_act"

    about_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text)
    item_id: Mapped[UUID | None]
    particulars: Mapped[dict[str, Any]] = mapped_column(JSON)
    taken_on: Mapped[date]
    taken_by: Mapped[str | None] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(Instant)
    caused_by: Mapped[UUID | None]
    policy_version: Mapped[str] = mapped_column(String(40))
