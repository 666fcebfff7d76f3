"""What all tables of the registry stand on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.database import Instant


class Table(DeclarativeBase):
    """The base of this service's tables."""


class Changing:
    """What is kept of a record's last change. *change_id*: absent before there was a history."""

    revision: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    change_id: Mapped[UUID | None]


class Replaced:
    """A record as it was from *updated_at* until *replaced_at*."""

    replaced_at: Mapped[datetime] = mapped_column(Instant)


def beginnings(table: str, *names: str) -> list[Index]:
    """Indexes by which a row is found by the beginning of its code, whatever the locale."""
    return [
        Index(f"{table}_{name}_begins", name, postgresql_ops={name: "varchar_pattern_ops"})
        for name in names
    ]
