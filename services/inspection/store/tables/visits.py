"""Visits, every save of their records, evidence, signatures, problems, what was confirmed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.instants import Instant
from services.inspection.store.tables.base import Table


class VisitRow(Table):
    """A visit as it stands; after its conclusion only *corrected_by* is written."""

    __tablename__ = "visit"

    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    enterprise_id: Mapped[UUID]
    enterprise_name: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(6))
    purpose: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    planned_on: Mapped[date]
    officers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    object_ids: Mapped[list[str]] = mapped_column(JSON)
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    saves: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    corrects: Mapped[UUID | None]
    corrected_by: Mapped[UUID | None]
    concluded_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    planned_by: Mapped[str] = mapped_column(Text)
    cancelled_because: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (
        Index("visit_listing", "division", "state", "planned_on"),
        Index("visit_enterprise", "enterprise_id", "planned_on"),
    )


class VisitSaveRow(Table):
    """One save of a record; none is ever overwritten. *beside*: another save had come first."""

    __tablename__ = "visit_save"

    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    based_on: Mapped[int]
    beside: Mapped[bool]
    saved_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class VisitEvidenceRow(Table):
    """A file that belongs to a visit; the bytes lie outside the database, under their digest."""

    __tablename__ = "visit_evidence"

    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    public_sha256: Mapped[str | None] = mapped_column(String(64))
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(Instant)


class VisitSignatureRow(Table):
    """The last signature of each signer under a record."""

    __tablename__ = "visit_signature"

    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    signer: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    refused: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    witness: Mapped[str] = mapped_column(Text)
    content_digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(Instant)


class VisitProblemRow(Table):
    """An item that a concluded visit found wrong."""

    __tablename__ = "visit_problem"

    problem_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    object_id: Mapped[UUID | None]
    item: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    matter: Mapped[str] = mapped_column(String(100))
    grave: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date]

    __table_args__: Any = (
        Index("visit_problem_visit", "visit_id"),
        Index("visit_problem_listing", "division", "found_on"),
    )


class AcceptedRecordRow(Table):
    """A passing record that officers accepted. *withdrawn_in*: the visit that corrected it."""

    __tablename__ = "accepted_record"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID]
    object_id: Mapped[UUID]
    duty: Mapped[str] = mapped_column(String(20))
    done_on: Mapped[date]
    stated_due_on: Mapped[date | None]
    cycle_months: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text)
    certificate: Mapped[str] = mapped_column(Text)
    accepted_on: Mapped[date]
    withdrawn_in: Mapped[UUID | None]

    __table_args__: Any = (
        Index("accepted_record_object", "object_id"),
        Index("accepted_record_visit", "visit_id"),
    )


class ConfirmedStatusRow(Table):
    """A status that officers confirmed. *withdrawn_in*: the visit that corrected it."""

    __tablename__ = "confirmed_status"

    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    confirmed_on: Mapped[date]
    withdrawn_in: Mapped[UUID | None]

    __table_args__: Any = (Index("confirmed_status_object", "object_id"),)
