"""XLSX and XLS, through calamine. A whole sheet is in memory: size is looked at first."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from services.registry.reading.broken import FileBroken
from services.registry.reading.delimited import Row
from services.registry.reading.header import SEARCHED_LINES, likeness, nearest

LARGEST = 512 << 20  # unpacked; about a million rows, which take 2 GB of memory
_EXACT = 1e15  # a spreadsheet keeps fifteen digits

Cell = int | float | str | bool | time | date | datetime | timedelta


def open_workbook(
    path: Path, wanted: Collection[str], sheet: str | None
) -> tuple[tuple[str, ...], int, int, Iterator[Row]]:
    """Columns, the line of the header, the number of lines, and the rows behind the header.

    Raises FileBroken.
    """
    _refuse_gigantic(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        chosen = _sheet(workbook, sheet)
        rows = _rows(chosen)
        ahead = list(islice(rows, SEARCHED_LINES))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileBroken(
            "not_a_workbook", "文件开头", f"不是可读的 XLSX 或 XLS 工作簿({error})"
        ) from None
    if not any(any(cells) for _, cells, _ in ahead):
        raise FileBroken("empty", f"工作表“{chosen.name}”", "没有表头也没有数据")
    header = max(range(len(ahead)), key=lambda at: (likeness(ahead[at][1], wanted), -at))
    line, columns, _ = ahead[header]
    return tuple(columns), line, chosen.total_height, _chained(ahead[header + 1 :], rows)


def _refuse_gigantic(path: Path) -> None:
    """Only zip archives are looked at: an XLS of today is never large."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > LARGEST:
        raise FileBroken(
            "workbook_too_large",
            "整个文件",
            f"展开后有{unpacked >> 20}MB,超过{LARGEST >> 20}MB;请另存为 CSV 再导入",
        )


def _sheet(workbook: CalamineWorkbook, name: str | None) -> CalamineSheet:
    names = workbook.sheet_names
    if not names:
        raise FileBroken("empty", "整个文件", "工作簿里没有工作表")
    if name is None:
        return workbook.get_sheet_by_index(0)
    if name not in names:
        close = nearest(name, names)
        hint = f"(最接近的是“{close}”)" if close else ""
        raise FileBroken(
            "sheet_missing", "整个文件", f"没有工作表“{name}”{hint};有: {'、'.join(names)}"
        )
    return workbook.get_sheet_by_name(name)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield line, [_text(cell) for cell in cells], line


def _chained(ahead: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from ahead
    yield from rows


def _text(cell: Cell) -> str:
    """A cell as a clerk would have typed it. More than fifteen digits: shown as what is lost."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= _EXACT:
        return f"{cell:.14E}"
    return str(int(cell)) if cell.is_integer() else repr(cell)
