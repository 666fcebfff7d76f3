"""Products and standards: they owe nothing and are not announced."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.store.tables.base import Changing, Replaced, Table


class _Product(Changing):
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(Text)
    class_code: Mapped[str | None] = mapped_column(Text)
    enterprise_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(String(32))


class ProductRow(_Product, Table):
    """A product of an enterprise."""

    __tablename__ = "product"

    id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__: Any = (Index("product_enterprise", "enterprise_id"),)


class ProductVersionRow(_Product, Replaced, Table):
    """A product as it was before a change."""

    __tablename__ = "product_version"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__: Any = (Index("product_version_enterprise", "enterprise_id"),)


class _Standard(Changing):
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(12))
    part: Mapped[str] = mapped_column(String(12))
    filed_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12))
    enterprise_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(String(32))


class StandardRow(_Standard, Table):
    """A standard that an enterprise has filed, or had a part in (*part*)."""

    __tablename__ = "standard"

    id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__: Any = (Index("standard_enterprise", "enterprise_id"),)


class StandardVersionRow(_Standard, Replaced, Table):
    """A standard as it was before a change."""

    __tablename__ = "standard_version"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__: Any = (Index("standard_version_enterprise", "enterprise_id"),)
