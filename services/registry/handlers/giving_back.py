"""Wrong rows given back: as a workbook to be corrected and imported again, as CSV, as JSON.

The workbook has the columns of the file, every cell as text so that nothing is eaten or
calculated, and behind them why and what would be right. The mapping finds its columns by
name and does not see those that were added.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.registry.handlers.jobs import file_of, reading_of_job
from services.registry.model import RowError
from services.registry.reading import Table, open_table
from services.registry.store import jobs
from services.registry.store.tables import ImportJobRow

LINE, REASON, RIGHT = "错误行号", "错误原因", "应为"
ADDED = (LINE, REASON, RIGHT)
SHEET = "错误行"
LIST = ("工作表", "行", "列", "内容", "代码", REASON, RIGHT)
MOST_ROWS = 1_048_575  # of a sheet, less its header
LONGEST_CELL = 32_767
LONGEST_SHEET = 31
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Wrong = tuple[list[str], list[RowError]]


class TooMany(Exception):
    """More wrong rows than a sheet has lines."""


def write_workbook(database: Database, job: ImportJobRow, path: Path, seals: Seals) -> int:
    """The wrong rows of a job, ready to be corrected. Returns how many.

    Raises TooMany, KeysBroken.
    """
    wanted, sheet = reading_of_job(database, job)
    with (
        file_of(database, job.id, seals) as file,
        open_table(file, wanted, sheet=sheet) as table,
        database.reading() as session,
    ):
        faults = jobs.faults_of(session, job.id, refused=True)
        book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False}
        )
        with closing(book):
            return _written(book, table, sheet, _wrong_rows(table, faults))


def _wrong_rows(table: Table, faults: Iterable[RowError]) -> Iterator[Wrong]:
    """Each wrong line of the file with its faults; both come by line."""
    rows = iter(table.rows)
    for line, of_line in groupby(faults, key=lambda fault: fault.line):
        found = list(of_line)
        cells = next((cells for first_line, cells, _ in rows if first_line == line), [])
        yield cells, found


def _written(book: Any, table: Table, named: str | None, wrong: Iterator[Wrong]) -> int:
    kept = [at for at, name in enumerate(table.columns) if name.strip() not in ADDED]
    sheet = book.add_worksheet(_sheet_name(named))
    sheet.freeze_panes(1, 0)
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#F4B6B6"})
    columns = [*(table.columns[at] for at in kept), *ADDED]
    sheet.set_column(0, len(columns) - 1, 16, text)
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name[:LONGEST_CELL], head)
    count = 0
    for cells, faults in wrong:
        if count == MOST_ROWS:
            raise TooMany
        count += 1
        width = len(table.columns)
        own = [cells[at] if at < len(cells) else "" for at in kept]
        _write_row(sheet, count, [*own, *_why(faults), *cells[width:]], text)
    return count


def _write_row(sheet: Any, line: int, cells: Sequence[str], text: Any) -> None:
    """A row with too many cells ends behind what was added: there it is seen."""
    for at, cell in enumerate(cells[:16_384]):
        if cell:
            sheet.write_string(line, at, cell[:LONGEST_CELL], text)


def _why(faults: Sequence[RowError]) -> tuple[str, str, str]:
    def said(fault: RowError, words: str) -> str:
        return f"{fault.column}: {words}" if fault.column and words else words

    reasons = [said(fault, fault.reason) for fault in faults]
    rights = [said(fault, fault.right) for fault in faults if fault.right]
    return str(faults[0].line), ";".join(reasons), ";".join(dict.fromkeys(rights))


def _sheet_name(named: str | None) -> str:
    """As the mapping asks for it, so that the same mapping finds it again."""
    return named if named and len(named) <= LONGEST_SHEET else SHEET


def write_list(database: Database, job: ImportJobRow, out: TextIO, sheet: str | None) -> int:
    """What is wrong, a line for each fault, as CSV. Returns how many."""
    writer = csv.writer(out)
    writer.writerow(LIST)
    count = 0
    with database.reading() as session:
        for fault in jobs.faults_of(session, job.id, refused=True):
            count += 1
            words = (fault.column, fault.value, fault.code, fault.reason, fault.right)
            writer.writerow([defused(sheet or ""), fault.line, *map(defused, words)])
    return count


def defused(cell: str) -> str:
    """A spreadsheet would calculate what begins like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def listed(database: Database, job: ImportJobRow, limit: int) -> dict[str, Any]:
    """The first faults and findings, as JSON has them."""
    with database.reading() as session:
        found = {
            name: [
                asdict(fault)
                for fault in islice(jobs.faults_of(session, job.id, refused=refused), limit + 1)
            ]
            for name, refused in (("errors", True), ("findings", False))
        }
    more = any(len(some) > limit for some in found.values())
    return {name: some[:limit] for name, some in found.items()} | {"more": more}
