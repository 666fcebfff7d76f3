"""Enterprises, what they have, and the record of imports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Table


class EnterpriseRow(Table):
    """An enterprise. *source* and *key* are those it was first met under."""

    __tablename__ = "enterprise"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str | None] = mapped_column(String(200))
    uscc: Mapped[str | None] = mapped_column(String(18))
    organisation_code: Mapped[str | None] = mapped_column(String(9))
    registration_number: Mapped[str | None] = mapped_column(String(15))
    name: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(6))
    address: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    email: Mapped[str | None] = mapped_column(Text)
    officer: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__: Any = (Index("enterprise_uscc", "uscc"),)


class EnterpriseKeyRow(Table):
    """Under which key a source knows an enterprise. One enterprise can have many."""

    __tablename__ = "enterprise_key"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    enterprise_id: Mapped[UUID]


class ObjectRow(Table):
    """Something that can fall due.

    *digest* is over all that was stated of it but its owner. An operator's *key* and
    *number* are masked if they are a resident's identity number; the id still tells
    them apart. How *traits* and *records* are written: packing.py.
    """

    __tablename__ = "object"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(200))
    class_code: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    enterprise_id: Mapped[UUID]
    division: Mapped[str] = mapped_column(String(6))
    address: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    commissioned_on: Mapped[date | None]
    traits: Mapped[str | None] = mapped_column(Text)
    maker: Mapped[str | None] = mapped_column(Text)
    filing_number: Mapped[str | None] = mapped_column(String(200))
    records: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(32))
    revision: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__: Any = (Index("object_enterprise", "enterprise_id"),)


class ProductRow(Table):
    """A product of an enterprise. It owes nothing and is not announced."""

    __tablename__ = "product"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(Text)
    class_code: Mapped[str | None] = mapped_column(Text)
    enterprise_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(String(32))
    revision: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__: Any = (Index("product_enterprise", "enterprise_id"),)


class ImportRunRow(Table):
    """One import that wrote, or was refused as a whole."""

    __tablename__ = "import_run"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(Text)
    file_sha256: Mapped[str] = mapped_column(String(64))
    mapping_name: Mapped[str] = mapped_column(Text)
    mapping_sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    rows: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    wrong: Mapped[int]
    suspicious: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__: Any = (Index("import_run_finished", "finished_at"),)


class SaltRow(Table):
    """One secret of this installation: ids of operators cannot be guessed without it."""

    __tablename__ = "salt"

    id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
