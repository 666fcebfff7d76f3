"""Enterprises heard of, warnings, bad information and what followed from it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, JSON, BigInteger, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from services.credit.store.tables.base import Table


class EnterpriseRow(Table):
    """An enterprise as the registry last described it."""

    __tablename__ = "enterprise"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    uscc: Mapped[str | None] = mapped_column(String(18))
    division: Mapped[str] = mapped_column(String(6))
    status: Mapped[str] = mapped_column(String(20))

    __table_args__: Any = (
        Index("enterprise_uscc", "uscc"),
        Index(
            "enterprise_name_pairs",  # two letters are what the public must type at least
            text("pairs_of_letters(name)"),
            postgresql_using="gin",
        ).ddl_if("postgresql"),
    )


_PAIRS_OF_LETTERS: Any = DDL(  # type: ignore[no-untyped-call]
    "CREATE OR REPLACE FUNCTION pairs_of_letters(word text) RETURNS text[] "
    "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
    "$$ SELECT coalesce(array_agg(DISTINCT substr(word, n, 2)), '{}') "
    "FROM generate_series(1, length(word) - 1) AS n $$"
).execute_if(dialect="postgresql")
event.listen(EnterpriseRow.__table__, "before_create", _PAIRS_OF_LETTERS)


class WarningFactRow(Table):
    """What was heard of one warning: its red, its clearing, each the newest; 0: not yet heard.

    Both in one row: whoever hears one of them holds the row until the commit, and so sees
    the other, or is seen by it.
    """

    __tablename__ = "warning_fact"

    warning_id: Mapped[UUID] = mapped_column(primary_key=True)
    red_revision: Mapped[int] = mapped_column(BigInteger, default=0)
    red_message_id: Mapped[UUID | None]
    enterprise_id: Mapped[UUID | None]
    division: Mapped[str | None] = mapped_column(String(6))
    object_id: Mapped[UUID | None]
    object_kind: Mapped[str | None] = mapped_column(String(20))
    object_label: Mapped[str | None] = mapped_column(Text)
    duty: Mapped[str | None] = mapped_column(String(20))
    was_due_on: Mapped[date | None]
    turned_red_on: Mapped[date | None]
    endangers_safety: Mapped[bool | None]
    cleared_revision: Mapped[int] = mapped_column(BigInteger, default=0)
    cleared_message_id: Mapped[UUID | None]
    cleared_on: Mapped[date | None]
    cleared_by: Mapped[str | None] = mapped_column(String(20))


class BadInformationRow(Table):
    """An entry, as model.BadInformation describes it."""

    __tablename__ = "bad_information"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    warning_id: Mapped[UUID] = mapped_column(unique=True)
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    endangers_safety: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20))
    opened_on: Mapped[date]
    revision: Mapped[int] = mapped_column(BigInteger)
    steps: Mapped[int]
    drafted_on: Mapped[date | None]
    published_on: Mapped[date | None]
    published_by: Mapped[str | None] = mapped_column(Text)
    last_day_to_correct: Mapped[date | None]
    provisional: Mapped[bool]
    escalated_to: Mapped[str | None] = mapped_column(String(20))
    escalated_on: Mapped[date | None]
    corrected_on: Mapped[date | None]
    in_time: Mapped[bool | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_because: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[int] = mapped_column(BigInteger)
    next_step_on: Mapped[date | None]

    __table_args__: Any = (
        Index(
            "bad_information_next_step",
            "next_step_on",
            "warning_id",
            postgresql_where=text("next_step_on IS NOT NULL"),
            sqlite_where=text("next_step_on IS NOT NULL"),
        ),
        Index(
            "bad_information_listed",
            "published_on",
            "id",
            postgresql_where=text("published_on IS NOT NULL"),
            sqlite_where=text("published_on IS NOT NULL"),
        ),
        Index("bad_information_opened", "opened_on", "id"),
        Index("bad_information_state", "state", "opened_on", "id"),
        Index("bad_information_division", "division", "opened_on", "id"),
        Index("bad_information_enterprise", "enterprise_id"),
    )


class EscalationRow(Table):
    """That an enterprise was listed, an alert raised, or either proposed."""

    __tablename__ = "escalation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bad_information_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    escalated_to: Mapped[str] = mapped_column(String(20))
    proposed: Mapped[bool]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    ended_because: Mapped[str | None] = mapped_column(Text)

    __table_args__: Any = (
        Index("escalation_bad_information", "bad_information_id"),
        Index("escalation_enterprise", "enterprise_id"),
        Index(
            "escalation_standing",  # one for each entry
            "bad_information_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )


class CreditStepRow(Table):
    """One step of one entry: what, when, by which rule, because of which message, by whom."""

    __tablename__ = "credit_step"

    bad_information_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(20))
    taken_on: Mapped[date]
    rule: Mapped[str] = mapped_column(String(40))
    policy_version: Mapped[str] = mapped_column(String(64))
    caused_by: Mapped[UUID | None]
    taken_by: Mapped[str | None] = mapped_column(Text)
    particulars: Mapped[dict[str, Any]] = mapped_column(JSON)
