"""Tables that live as long as one import: what the file states, and what that comes to.

The file is written to them in one go (COPY on PostgreSQL, executemany on SQLite); from
there the same set-based statements serve both databases.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.orm import Session

from services.registry.model import EnterpriseFacts, RowKind
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

BLOCK = 1 << 18
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

# The columns of a table that come from the rows of a file, in the order they are staged in.
_FACTS: dict[str, tuple[str, ...]] = {
    "object": (
        "key",
        "number",
        "class_code",
        "label",
        "division",
        "address",
        "status",
        "commissioned_on",
        "traits",
        "maker",
        "filing_number",
        "records",
        "grid",
        "status_since",
        "common_number",
        "sealed",
        "number_hash",
    ),
    "product": ("key", "name", "class_code"),
    "standard": (
        "key",
        "number",
        "name",
        "level",
        "part",
        "filed_on",
        "valid_until",
        "status",
    ),
}


def facts_kept(kept: Table) -> tuple[str, ...]:
    """The columns of a table that come from the rows of a file."""
    return _FACTS[kept.name]


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
    of_enterprises: bool  # the rows are enterprises themselves

    @classmethod
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
            statements=_temporary(
                known,
                "staged_enterprise",
                Column("enterprise_id", Uuid, primary_key=True),
                Column("ref", Integer),
                Column("key", String),
                *(Column(name, ENTERPRISES.c[name].type) for name in STATED),
                Column("implied_division", String(6)),
            ),
            enterprises=_enterprises(known),
            settled=_temporary(
                known,
                "settled_row",
                Column("line", Integer, primary_key=True),
                Column("enterprise_id", Uuid),
                Column("proprietor_id", Uuid),
                Column("verdict", String(10)),
                Column("revision", BigInteger),
            ),
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
        connection = session.connection()
        Index("staged_row_id", self.rows.c.id).create(connection)
        Index("staged_row_owner", self.rows.c.owner_ref).create(connection)
        Index("staged_row_proprietor", self.rows.c.proprietor_ref).create(connection)
        if self.of_enterprises:
            Index("staged_row_key", self.rows.c.key).create(connection)
        Index("staged_owner_key", self.owners.c.key).create(connection)
        count(session, self.rows, self.owners)

    def _all(self) -> tuple[Table, ...]:
        return (
            self.rows,
            self.owners,
            self.stated,
            self.statements,
            self.enterprises,
            self.settled,
        )


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
        Column("owner_ref", Integer),
        Column("proprietor_ref", Integer),
        Column("digest", String(32)),
        *(Column(name, typed.c[name].type) for name in facts),
        Column("verdict", String(10)),
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


class Spool:
    """Rows on their way to a staged table, kept on disk: the memory stays flat."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self.table = table
        self.columns = tuple(columns)
        self._text = io.TextIOWrapper(
            TemporaryFile(),  # noqa: SIM115 - open as long as the import; see close
            "utf-8",
            newline="",
        )
        self._writer = csv.writer(self._text, lineterminator="\n")

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        self._writer.writerows(rows)

    def load(self, session: Session) -> None:
        """Into the staged table, in one go. None was written as nothing, and comes as NULL."""
        self._text.seek(0)
        driver: Any = session.connection().connection.driver_connection
        if session.get_bind().dialect.name == "postgresql":
            self._copy(driver)
        else:
            self._insert(driver)

    def close(self) -> None:
        self._text.close()

    def _copy(self, driver: Any) -> None:
        names = ", ".join(self.columns)
        into = f"COPY {self.table.name} ({names}) FROM STDIN WITH (FORMAT csv)"
        with driver.cursor() as cursor, cursor.copy(into) as copy:
            while block := self._text.buffer.read(BLOCK):
                copy.write(block)

    def _insert(self, driver: Any) -> None:
        names = ", ".join(self.columns)
        values = ", ".join("NULLIF(?, '')" for _ in self.columns)
        driver.executemany(
            f"INSERT INTO {self.table.name} ({names}) VALUES ({values})",  # noqa: S608 - our names
            csv.reader(self._text),
        )
