"""Records, their steps, requests about them, what they come from, and grades."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.credit.store.tables.base import Table


class RecordRow(Table):
    """A record, as model.Record describes it; its words and grounds as JSON."""

    __tablename__ = "credit_record"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(20))
    record_class: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    severity: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    grounds: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_on: Mapped[date]
    opened_by: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[UUID | None]
    taken_in: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(BigInteger)
    steps: Mapped[int]
    statement_until: Mapped[date | None]
    publish_by: Mapped[date | None]
    share_by: Mapped[date | None]
    published_on: Mapped[date | None]
    published_by: Mapped[str | None] = mapped_column(Text)
    from_decision: Mapped[date | None]
    from_publication: Mapped[date | None]
    counted_from: Mapped[str] = mapped_column(String(20))
    public_until: Mapped[date | None]
    repairable_from: Mapped[date | None]
    corrected_on: Mapped[date | None]
    duties_done_on: Mapped[date | None]
    under_objection: Mapped[bool]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_on: Mapped[date | None]
    annulled_on: Mapped[date | None]
    blocked_on: Mapped[date | None]
    blocked_fields: Mapped[list[str]] = mapped_column(JSON)
    overrun: Mapped[list[str]] = mapped_column(JSON)
    ended_on: Mapped[date | None]
    ending: Mapped[str | None] = mapped_column(String(20))
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_because: Mapped[str | None] = mapped_column(Text)
    supersedes: Mapped[UUID | None]
    next_step_on: Mapped[date | None]

    __table_args__: Any = (
        Index(
            "credit_record_next_step",
            "next_step_on",
            "id",
            postgresql_where=text("next_step_on IS NOT NULL"),
            sqlite_where=text("next_step_on IS NOT NULL"),
        ),
        Index("credit_record_enterprise", "enterprise_id"),
        Index("credit_record_listed", "state", "kind", "published_on", "id"),
        Index("credit_record_division", "division", "opened_on", "id"),
        Index("credit_record_opened", "opened_on", "id"),
    )


class RecordStepRow(Table):
    """One step of one record: what, when, by which rule, because of what, by whom."""

    __tablename__ = "record_step"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(20))
    taken_on: Mapped[date]
    rule: Mapped[str] = mapped_column(String(40))
    policy_version: Mapped[str] = mapped_column(String(64))
    caused_by: Mapped[UUID | None]
    taken_by: Mapped[str | None] = mapped_column(Text)
    particulars: Mapped[dict[str, Any]] = mapped_column(JSON)


class RequestRow(Table):
    """An objection, a correction, an error report, a repair or a removal asked for."""

    __tablename__ = "credit_request"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    field: Mapped[str | None] = mapped_column(String(40))
    corrected_on: Mapped[date | None]
    duties_done_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    court_ruling: Mapped[str | None] = mapped_column(Text)
    received_on: Mapped[date]
    received_by: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(BigInteger)
    mark_by: Mapped[date | None]
    marked_on: Mapped[date | None]
    due_on: Mapped[date]
    provisional: Mapped[bool]
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    overrun: Mapped[list[str]] = mapped_column(JSON)
    next_step_on: Mapped[date | None]

    __table_args__: Any = (
        Index(
            "credit_request_next_step",
            "next_step_on",
            "id",
            postgresql_where=text("next_step_on IS NOT NULL"),
            sqlite_where=text("next_step_on IS NOT NULL"),
        ),
        Index("credit_request_record", "record_id"),
        Index("credit_request_division", "division", "received_on", "id"),
    )


class OriginRow(Table):
    """A case, an order or a refusal: whoever hears of it holds this row until the commit."""

    __tablename__ = "origin"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    held: Mapped[int]  # always 0: written so that the row is locked


class OriginFactRow(Table):
    """The newest message of one event about one origin."""

    __tablename__ = "origin_fact"

    origin_id: Mapped[UUID] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[UUID]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class GradeRow(Table):
    """The grade of an enterprise as last announced."""

    __tablename__ = "credit_grade"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(String(6))
    grade: Mapped[str] = mapped_column(String(1))
    points: Mapped[int]
    graded_on: Mapped[date]
    revision: Mapped[int] = mapped_column(BigInteger)
    next_change_on: Mapped[date | None]

    __table_args__: Any = (
        Index(
            "credit_grade_next_change",
            "next_change_on",
            "enterprise_id",
            postgresql_where=text("next_change_on IS NOT NULL"),
            sqlite_where=text("next_change_on IS NOT NULL"),
        ),
        Index("credit_grade_division", "division", "grade", "enterprise_id"),
    )


class GradeDueRow(Table):
    """An enterprise whose public records have changed since it was graded."""

    __tablename__ = "grade_due"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[date]


class EntryReplyRow(Table):
    """What an enterprise says beside bad information; of a record it stands in its own row."""

    __tablename__ = "entry_reply"

    bad_information_id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    replied_on: Mapped[date]
    replied_by: Mapped[str] = mapped_column(Text)


class EntryEndedRow(Table):
    """That the end of a corrected entry's time in public was said, for one publication."""

    __tablename__ = "entry_ended"

    bad_information_id: Mapped[UUID] = mapped_column(primary_key=True)
    published_on: Mapped[date] = mapped_column(primary_key=True)
    ended_on: Mapped[date]
