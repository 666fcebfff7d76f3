"""Objects: what holds, what each source states if several do, and what held before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.chassis.database import Instant
from services.registry.store.tables.base import Changing, Replaced, Table, beginnings


class _Facts:
    """What is stated of an object.

    *enterprise_id*: who uses it and owes its duties; *proprietor_id*: who owns it, where
    that is somebody else. *digest* is over all that was stated of it but these two.
    An operator's *key* and *number* are masked if they are a resident's identity number;
    the whole number and name are *sealed*, and *number_hash* finds them. *common_number*:
    the number that every source knows it by. *installation_filing*: of the notice before it
    was installed. How *traits* and *records* are written: packing.py.
    """

    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(200))
    class_code: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    enterprise_id: Mapped[UUID]
    proprietor_id: Mapped[UUID | None]
    division: Mapped[str] = mapped_column(String(6))
    grid: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    status_since: Mapped[date | None]
    commissioned_on: Mapped[date | None]
    traits: Mapped[str | None] = mapped_column(Text)
    maker: Mapped[str | None] = mapped_column(Text)
    filing_number: Mapped[str | None] = mapped_column(String(200))
    records: Mapped[str | None] = mapped_column(Text)
    common_number: Mapped[str | None] = mapped_column(String(200))
    sealed: Mapped[str | None] = mapped_column(Text)
    number_hash: Mapped[str | None] = mapped_column(String(32))
    installation_filing: Mapped[str | None] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(32))


class _Object(_Facts, Changing):
    """Something that can fall due. *source*: the first that knew it."""

    source: Mapped[str] = mapped_column(String(40))


class ObjectRow(_Object, Table):
    """Something that can fall due, as it now stands."""

    __tablename__ = "object"

    id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__: Any = (
        Index("object_enterprise", "enterprise_id"),
        Index("object_revision", "revision"),
        *(
            Index(
                f"object_{name}",
                name,
                postgresql_where=text(f"{name} IS NOT NULL"),
                sqlite_where=text(f"{name} IS NOT NULL"),
            )
            for name in ("proprietor_id", "common_number", "number_hash")
        ),
        *beginnings("object", "number", "key", "filing_number"),
    )


class ObjectVersionRow(_Object, Replaced, Table):
    """An object as it was before a change."""

    __tablename__ = "object_version"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__: Any = (Index("object_version_enterprise", "enterprise_id"),)


class ObjectStatementRow(_Facts, Table):
    """The last that a source stated of an object that several sources speak of.

    While only one does, the object itself is its statement. A source may state some of it
    only, as a correction does.
    """

    __tablename__ = "object_statement"

    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str | None] = mapped_column(String(200))  # type: ignore[assignment]
    class_code: Mapped[str | None] = mapped_column(Text)  # type: ignore[assignment]
    label: Mapped[str | None] = mapped_column(Text)  # type: ignore[assignment]
    enterprise_id: Mapped[UUID | None] = mapped_column(nullable=True)  # type: ignore[assignment]
    division: Mapped[str | None] = mapped_column(String(6))  # type: ignore[assignment]
    status: Mapped[str | None] = mapped_column(String(10))  # type: ignore[assignment]
    digest: Mapped[str | None] = mapped_column(String(32))  # type: ignore[assignment]
    stated_at: Mapped[datetime] = mapped_column(Instant)
    change_id: Mapped[UUID | None]


class ObjectAliasRow(Table):
    """The id that a source's own key would give, and the object that it is."""

    __tablename__ = "object_alias"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    object_id: Mapped[UUID]
