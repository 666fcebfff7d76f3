"""What the search box looks in: names by pairs of characters, and who took a result away."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Connection, Index, Integer, Text, event
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from services.chassis.database import Instant
from services.registry.store.tables.base import Table

Position = BigInteger().with_variant(Integer, "sqlite")

FULL_TEXT = (
    """CREATE VIRTUAL TABLE search_gram USING fts5(
    grams, content='search_entry', content_rowid='position', tokenize='ascii', columnsize=0)""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_gram(rowid, grams) VALUES (new.position, new.grams);
    END""",
    """CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_gram(search_gram, rowid, grams)
    VALUES ('delete', old.position, old.grams);
    END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF grams ON search_entry BEGIN
    INSERT INTO search_gram(search_gram, rowid, grams)
    VALUES ('delete', old.position, old.grams);
    INSERT INTO search_gram(rowid, grams) VALUES (new.position, new.grams);
    END""",
)
"""SQLite's index of pairs. Its own tokenizers know no Chinese: each pair is a word to it."""


class Grams(TypeDecorator[str]):
    """Pairs of characters: an array on PostgreSQL, words with blanks between on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        kind = ARRAY(Text()) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)


class SearchEntryRow(Table):
    """What an enterprise is found by. *name*, *former_names*: as they were when it was written.

    *position* is its place in every list of results, for ever.
    """

    __tablename__ = "search_entry"

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    enterprise_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    former_names: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    grams: Mapped[str] = mapped_column(Grams)

    __table_args__: Any = (
        Index("search_entry_enterprise", "enterprise_id", unique=True),
        Index("search_entry_grams", "grams", postgresql_using="gin").ddl_if("postgresql"),
    )


class ObjectWordsRow(Table):
    """What an object is found by, as it was at *revision*: a narrow table, which is read whole.

    Digits repeat so much that pairs of them tell nothing apart; see docs/search.md.
    """

    __tablename__ = "object_words"

    object_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(Text)

    __table_args__: Any = ({"sqlite_with_rowid": False},)


@event.listens_for(SearchEntryRow.__table__, "after_create")
def _add_full_text(_table: Any, connection: Connection, **_: Any) -> None:
    if connection.dialect.name == "sqlite":
        for statement in FULL_TEXT:
            connection.exec_driver_sql(statement)


class FormerNameRow(Table):
    """曾用名: a name that an enterprise had here, and until when; others are stated by sources."""

    __tablename__ = "former_name"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    given_up_at: Mapped[datetime] = mapped_column(Instant)


class ExportRow(Table):
    """Somebody took a result away: who, what was asked, within which scope, how much it was."""

    __tablename__ = "export"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    scope: Mapped[str] = mapped_column(Text)
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows: Mapped[int]

    __table_args__: Any = (Index("export_time", "made_at"),)


class FollowedRow(Table):
    """How far something has followed the changes of enterprises: up to which revision."""

    __tablename__ = "followed"

    what: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
