"""Tables that live as long as one import: what the file states, and what that comes to.

The file is written to them in one go (COPY on PostgreSQL, executemany on SQLite); from
there the same set-based statements serve both databases.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.orm import Session

from services.registry.model import EnterpriseFacts, RowKind
from services.registry.store.facts import FACTS, RANKED
from services.registry.store.tables import (
    EnterpriseKeyRow,
    EnterpriseRow,
    EnterpriseStatementRow,
    EnterpriseVersionRow,
    ObjectRow,
    ObjectVersionRow,
    ProductRow,
    ProductVersionRow,
    StandardRow,
    StandardVersionRow,
)

STATED = EnterpriseFacts._fields[1:]  # what is stated of an enterprise, beside its key

OBJECTS = cast("Table", ObjectRow.__table__)
PRODUCTS = cast("Table", ProductRow.__table__)
STANDARDS = cast("Table", StandardRow.__table__)
ENTERPRISES = cast("Table", EnterpriseRow.__table__)
KEYS = cast("Table", EnterpriseKeyRow.__table__)
STATEMENTS = cast("Table", EnterpriseStatementRow.__table__)
VERSIONS = {
    kept.__tablename__.removesuffix("_version"): cast("Table", kept.__table__)
    for kept in (
        EnterpriseVersionRow,
        ObjectVersionRow,
        ProductVersionRow,
        StandardVersionRow,
    )
}


def facts_kept(kept: Table) -> tuple[str, ...]:
    """The columns of a table that come from the rows of a file."""
    return FACTS[kept.name]


def table_of(kind: RowKind) -> Table | None:
    """Where things of a kind are kept; None: enterprises, which every row may speak of."""
    if kind is RowKind.ENTERPRISE:
        return None
    if kind is RowKind.PRODUCT:
        return PRODUCTS
    return STANDARDS if kind is RowKind.STANDARD else OBJECTS


@dataclass(frozen=True)
class Staged:
    """The temporary tables of one import."""

    rows: Table  # one for each good row of the file
    owners: Table  # one for each distinct statement about an enterprise
    stated: Table  # the last good line of each statement
    statements: Table  # what this source now states of enterprises, where that is new
    enterprises: Table  # what is new or different of enterprises, as it will be
    settled: Table  # what each good row comes to
    shared: Table  # the good rows of objects that several sources speak of
    said_objects: Table  # what this source states of them
    settled_objects: Table  # what the best sources state of them
    of_enterprises: bool  # the rows are enterprises themselves

    @classmethod
    @cache  # the same tables for every import: their statements are compiled once
    def for_kind(cls, kind: RowKind) -> Staged:
        known = MetaData()
        kept = table_of(kind)
        return cls(
            rows=_rows(known, kept),
            owners=_owners(known),
            stated=_temporary(
                known,
                "staged_statement",
                Column("ref", Integer, primary_key=True),
                Column("last_line", Integer),
            ),
            statements=_statements(known),
            enterprises=_enterprises(known),
            settled=_settled(known),
            shared=_temporary(
                known,
                "shared_object",
                Column("object_id", Uuid, primary_key=True),
                Column("line", Integer),
            ),
            said_objects=_of_objects(
                known, "said_object", Column("key", String), Column("digest", String(32))
            ),
            settled_objects=_of_objects(known, "settled_object", Column("changed", Boolean)),
            of_enterprises=kept is None,
        )

    def create(self, session: Session) -> None:
        """Make them; on SQLite the connection may still have those of an import that failed."""
        connection = session.connection()
        for table in self._all():
            table.drop(connection, checkfirst=True)
            table.create(connection)

    def drop(self, session: Session) -> None:
        for table in self._all():
            table.drop(session.connection())

    def index(self, session: Session) -> None:
        """What the statements look up. PostgreSQL has to count what it got, or plans badly."""
        add_index(session, "staged_row_id", self.rows.c.id)
        add_index(session, "staged_row_owner", self.rows.c.owner_ref)
        add_index(session, "staged_row_proprietor", self.rows.c.proprietor_ref)
        if self.of_enterprises:
            add_index(session, "staged_row_key", self.rows.c.key)
        add_index(session, "staged_owner_key", self.owners.c.key)
        count(session, self.rows, self.owners)

    def _all(self) -> tuple[Table, ...]:
        return (
            self.rows,
            self.owners,
            self.stated,
            self.statements,
            self.enterprises,
            self.settled,
            self.shared,
            self.said_objects,
            self.settled_objects,
        )


def add_index(session: Session, name: str, column: Column[Any]) -> None:
    """An index as long as its table. As text: the tables are shared by all imports."""
    session.execute(text(f"CREATE INDEX {name} ON {column.table.name} ({column.name})"))


def count(session: Session, *tables: Table) -> None:
    """Tell PostgreSQL's planner how large these have become."""
    if session.get_bind().dialect.name == "postgresql":
        for table in tables:
            session.execute(text(f"ANALYZE {table.name}"))


def _rows(known: MetaData, kept: Table | None) -> Table:
    typed = kept if kept is not None else ENTERPRISES
    facts = facts_kept(kept) if kept is not None else ("key",)
    return _temporary(
        known,
        "staged_row",
        Column("line", Integer, primary_key=True),
        Column("id", Uuid),
        Column("own_id", Uuid),  # the one its key gives, if it is an object of another source
        Column("owner_ref", Integer),
        Column("proprietor_ref", Integer),
        Column("digest", String(32)),
        *(Column(name, typed.c[name].type) for name in facts),
        Column("verdict", String(10)),
    )


def _statements(known: MetaData) -> Table:
    return _temporary(
        known,
        "staged_enterprise",
        Column("enterprise_id", Uuid, primary_key=True),
        Column("ref", Integer),
        Column("key", String),
        *(Column(name, ENTERPRISES.c[name].type) for name in STATED),
        Column("implied_division", String(6)),
    )


def _settled(known: MetaData) -> Table:
    return _temporary(
        known,
        "settled_row",
        Column("line", Integer, primary_key=True),
        Column("enterprise_id", Uuid),
        Column("proprietor_id", Uuid),
        Column("verdict", String(10)),
        Column("revision", BigInteger),
    )


def _of_objects(known: MetaData, name: str, *more: Column[Any]) -> Table:
    return _temporary(
        known,
        name,
        Column("object_id", Uuid, primary_key=True),
        *(Column(fact, OBJECTS.c[fact].type) for fact in RANKED),
        Column("enterprise_id", Uuid),
        Column("proprietor_id", Uuid),
        *more,
    )


def _owners(known: MetaData) -> Table:
    return _temporary(
        known,
        "staged_owner",
        Column("ref", Integer, primary_key=True),
        Column("by_uscc", Uuid),
        Column("by_key", Uuid),
        Column("key", String),
        *(Column(name, ENTERPRISES.c[name].type) for name in STATED),
        Column("implied_division", String(6)),
        Column("enterprise_id", Uuid),
    )


def _enterprises(known: MetaData) -> Table:
    return _temporary(
        known,
        "settled_enterprise",
        Column("ref", Integer, primary_key=True),
        Column("id", Uuid),
        Column("key", String),
        *(Column(name, ENTERPRISES.c[name].type) for name in STATED),
        Column("revision", BigInteger),
        Column("is_new", Boolean),
        Column("tell_all", Boolean),
        Column("tell_contact", Boolean),
    )


def _temporary(known: MetaData, name: str, *columns: Column[Any]) -> Table:
    return Table(name, known, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
