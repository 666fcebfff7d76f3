"""Rows on their way to the staged tables: kept on disk, so that the memory stays flat."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

BLOCK = 1 << 18


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
