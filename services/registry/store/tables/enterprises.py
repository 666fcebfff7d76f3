"""Enterprises: what holds, what each source states, and what held before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Changing, Replaced, Table, beginnings


class _Facts:
    """What can be stated. *phone* and *legal_representative* are sealed (sealing.py).

    *former_names* are packed (rules/former_names.py).
    """

    uscc: Mapped[str | None] = mapped_column(String(18))
    organisation_code: Mapped[str | None] = mapped_column(String(9))
    registration_number: Mapped[str | None] = mapped_column(String(15))
    address: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    officer: Mapped[str | None] = mapped_column(Text)
    grid: Mapped[str | None] = mapped_column(String(40))
    industry: Mapped[str | None] = mapped_column(String(5))
    size: Mapped[str | None] = mapped_column(String(10))
    phone: Mapped[str | None] = mapped_column(Text)
    legal_representative: Mapped[str | None] = mapped_column(Text)
    group_name: Mapped[str | None] = mapped_column(Text)
    former_names: Mapped[str | None] = mapped_column(Text)


class _Enterprise(_Facts, Changing):
    """An enterprise. *source* and *key* are those it was first met under."""

    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(6))
    status: Mapped[str] = mapped_column(String(10))
    status_since: Mapped[date | None]


class EnterpriseRow(_Enterprise, Table):
    """An enterprise as it now stands: of each fact what the best source states."""

    __tablename__ = "enterprise"

    id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__: Any = (
        Index("enterprise_uscc", "uscc"),
        Index("enterprise_revision", "revision"),
        *beginnings("enterprise", "uscc", "registration_number", "organisation_code"),
    )


class EnterpriseVersionRow(_Enterprise, Replaced, Table):
    """An enterprise as it was before a change."""

    __tablename__ = "enterprise_version"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class EnterpriseStatementRow(_Facts, Table):
    """The last that a source stated of an enterprise.

    *fills*: it only fills what nobody else states. *implied_division*: where its objects
    are, for an enterprise of which nobody states a place.
    """

    __tablename__ = "enterprise_statement"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    fills: Mapped[bool] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    division: Mapped[str | None] = mapped_column(String(6))
    status: Mapped[str | None] = mapped_column(String(10))
    implied_division: Mapped[str | None] = mapped_column(String(6))
    stated_at: Mapped[datetime] = mapped_column(Instant)
    change_id: Mapped[UUID | None]


class EnterpriseKeyRow(Table):
    """Under which key a source knows an enterprise. One enterprise can have many."""

    __tablename__ = "enterprise_key"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    enterprise_id: Mapped[UUID]
