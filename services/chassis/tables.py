"""The tables that every service database has, beside its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.chassis.instants import Instant

Position = BigInteger().with_variant(Integer, "sqlite")


LAST_MINUTE = 2**31 - 1


def minute_of(moment: datetime) -> int:
    """The minute of an instant, counted from 1970: what hearers and announcers compare by.

    Others may write any time into a message: beyond the year 6000 it is the last minute.
    """
    return min(int(moment.timestamp()) // 60, LAST_MINUTE)


class ChassisTable(DeclarativeBase):
    """Their base. All live in this module, so that none can be forgotten."""


class OutboxRow(ChassisTable):
    """An event that was announced: waiting while `sent_at` is null, then kept for replays."""

    __tablename__ = "outbox"

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    id: Mapped[UUID]
    type: Mapped[str] = mapped_column(String(100))
    message: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    minute: Mapped[int]
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__: Any = (
        Index(
            "outbox_waiting",
            "position",
            postgresql_where=text("sent_at IS NULL"),
            sqlite_where=text("sent_at IS NULL"),
        ),
        Index("outbox_kept", "type", "minute"),
        Index("outbox_old", "minute", postgresql_using="brin").ddl_if("postgresql"),
    )


class InboxRow(ChassisTable):
    """A message that one method has handled."""

    __tablename__ = "inbox"

    heard_by: Mapped[str] = mapped_column(String(100), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    minute: Mapped[int]
    handled_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__: Any = (
        Index("inbox_kept", "heard_by", "minute"),
        # rows lie in the order in which they came: it costs next to nothing to keep
        Index("inbox_old", "minute", postgresql_using="brin").ddl_if("postgresql"),
    )


class ParkedRow(ChassisTable):
    """A message that could not be handled, kept with its reason."""

    __tablename__ = "parked"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    heard_by: Mapped[str] = mapped_column(String(100))
    message_id: Mapped[UUID | None]
    type: Mapped[str | None] = mapped_column(String(100))
    message: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    minute: Mapped[int | None]
    parked_at: Mapped[datetime] = mapped_column(Instant)
    next_try_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__: Any = (Index("parked_next_try", "next_try_at"),)


class AsideRow(ChassisTable):
    """An entry that a periodic job could not deal with: its key as text, and the reason."""

    __tablename__ = "aside"

    sweep: Mapped[str] = mapped_column(String(100), primary_key=True)
    about: Mapped[str] = mapped_column(String(200), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    since: Mapped[datetime] = mapped_column(Instant)
    next_try_at: Mapped[datetime] = mapped_column(Instant)


class AnswerRow(ChassisTable):
    """What was answered to a write; *key* is a digest of the caller and its own key."""

    __tablename__ = "answer"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    said: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__: Any = (Index("answer_kept", "answered_at"),)


class AliasRow(ChassisTable):
    """That one id was found to mean the same as another, and stands under it.

    *stands_under* null: no more. *root* is where that leads in the end; null: nowhere.
    """

    __tablename__ = "alias"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    stands_under: Mapped[UUID | None]
    root: Mapped[UUID | None]
    revision: Mapped[int] = mapped_column(BigInteger)

    __table_args__: Any = (Index("alias_root", "root"),)
