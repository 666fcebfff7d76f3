"""A list as a file: csv for programs, xlsx for people; nothing in it is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

COLUMNS = {
    "what": "类别",
    "name": "名称",
    "code": "统一社会信用代码或编号",
    "division": "行政区划",
    "address": "住所",
    "status": "状态",
    "industry": "行业",
    "enterprise": "所属单位",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows_of(found: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """The cells of what was found, header first."""
    yield list(COLUMNS.values())
    for one in found:
        shown = {
            "what": one.get("kind", "enterprise"),
            "name": one.get("name") or one.get("label"),
            "code": one["number"] or one["key"] if "kind" in one else one["uscc"],
        }
        cells = (shown.get(name, one.get(name)) for name in COLUMNS)
        yield ["" if cell is None else defused(str(cell)) for cell in cells]


def defused(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """With the mark by which spreadsheets know UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[list[str]]) -> bytes:
    """Every cell is text: long codes keep their digits."""
    with TemporaryDirectory(prefix="bianque-list-") as folder:
        path = Path(folder) / "list.xlsx"
        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet("查询结果")
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(COLUMNS) - 1, 22)
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    sheet.write_string(number, place, cell)
        return path.read_bytes()
