"""Objects, duties, warnings, evaluations, attestations, reminders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.instants import Instant
from services.inspection.model import Colour
from services.inspection.store.tables.base import Shade, Table


class SubjectRow(Table):
    """An object as last heard, and the worst colour of its duties.

    Whoever changes an object's duties or warnings holds this row locked meanwhile.
    """

    __tablename__ = "subject"

    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(20))
    class_code: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    commissioned_on: Mapped[date | None]
    traits: Mapped[list[str]] = mapped_column(JSON)
    records: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    colour: Mapped[Colour] = mapped_column(Shade)
    heard_in: Mapped[UUID]

    __table_args__: Any = (
        Index("subject_counts", "division", "kind", "colour"),
        Index("subject_enterprise", "enterprise_id"),
    )


class StopRow(Table):
    """That an object was stopped, and since when it is in use again, if it is."""

    __tablename__ = "object_stop"

    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    stopped_on: Mapped[date]
    resumed_on: Mapped[date | None]


class DutyRow(Table):
    """One duty: narrow, because the daily evaluation goes through this table."""

    __tablename__ = "duty"

    duty_id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(20))
    duty: Mapped[str] = mapped_column(String(20))
    done_on: Mapped[date | None]
    due_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(12))
    rule_id: Mapped[str | None] = mapped_column(Text)
    yellow_on: Mapped[date | None]
    red_on: Mapped[date | None]
    colour: Mapped[Colour] = mapped_column(Shade)
    next_change_on: Mapped[date | None]
    next_reminder_on: Mapped[date | None]

    __table_args__: Any = (
        Index(
            "duty_next_change",
            "next_change_on",
            postgresql_where=text("next_change_on IS NOT NULL"),
            sqlite_where=text("next_change_on IS NOT NULL"),
        ),
        Index(
            "duty_next_reminder",
            "next_reminder_on",
            postgresql_where=text("next_reminder_on IS NOT NULL"),
            sqlite_where=text("next_reminder_on IS NOT NULL"),
        ),
        Index("duty_object", "object_id"),
        Index("duty_listing", "division", "colour", "due_on"),
        Index(
            "duty_licences",
            "division",
            "due_on",
            "red_on",
            postgresql_where=text("kind = 'licence'"),
            sqlite_where=text("kind = 'licence'"),
        ),
    )


class WarningRow(Table):
    """A due date that passed undone: red, or red once and cleared."""

    __tablename__ = "warning"

    warning_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    duty_id: Mapped[UUID]
    object_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(Text)
    duty: Mapped[str] = mapped_column(String(20))
    was_due_on: Mapped[date]
    turned_red_on: Mapped[date]
    endangers_safety: Mapped[bool]
    done_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(12))
    rule_id: Mapped[str | None] = mapped_column(Text)
    facts_heard_in: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(10))
    reopened_on: Mapped[date | None]
    cleared_on: Mapped[date | None]
    cleared_by: Mapped[str | None] = mapped_column(String(20))
    cleared_in: Mapped[UUID | None]

    __table_args__: Any = (
        UniqueConstraint("duty_id", "was_due_on", name="warning_of_due_date"),
        Index("warning_object", "object_id"),
        Index("warning_listing", "state", "division", "turned_red_on"),
    )


class ReminderRow(Table):
    """That a rung of the ladder was told for one due date of a duty: once, and never again."""

    __tablename__ = "reminder"

    duty_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    rung: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    told_on: Mapped[date]


class DigestRow(Table):
    """That an enterprise was told together what it has long been overdue with."""

    __tablename__ = "overdue_digest"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    told_on: Mapped[date] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    duties: Mapped[int]
    oldest_due_on: Mapped[date]


class StandingRow(Table):
    """One row: the day that all colours stand for, and the rules they were decided by."""

    __tablename__ = "standing"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stands_on: Mapped[date]
    rule_version: Mapped[str] = mapped_column(String(40))


class AppliedRuleRow(Table):
    """A rule as the duties were last derived by it; a different digest: derive them again."""

    __tablename__ = "applied_rule"

    rule_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    digest: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    classes: Mapped[list[str]] = mapped_column(JSON)


class UnattestedRow(Table):
    """That a transaction changed something since the last attestation: one row for each."""

    __tablename__ = "unattested"

    id: Mapped[UUID] = mapped_column(primary_key=True)


class EvaluationRow(Table):
    """One run of the evaluation that had something to do; unfinished: it was interrupted."""

    __tablename__ = "evaluation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluated_on: Mapped[date]
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    changed: Mapped[int]
    turned_red: Mapped[int]

    __table_args__: Any = (Index("evaluation_started", "started_at"),)


class AttestationRow(Table):
    """One line of the chain; a line is never changed."""

    __tablename__ = "attestation"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attested_on: Mapped[date]
    run: Mapped[int]
    objects: Mapped[int]
    green: Mapped[int]
    yellow: Mapped[int]
    red: Mapped[int]
    grey: Mapped[int]
    duties_green: Mapped[int]
    duties_yellow: Mapped[int]
    duties_red: Mapped[int]
    duties_grey: Mapped[int]
    rule_version: Mapped[str] = mapped_column(String(40))
    attested_at: Mapped[datetime] = mapped_column(Instant)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__: Any = (UniqueConstraint("attested_on", "run", name="attestation_of_day"),)
