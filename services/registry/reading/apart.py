"""A workbook is read in a process of its own, with bounds.

    python -m services.registry.reading.apart  < one JSON object: path, wanted, sheet

A spreadsheet of a few kilobytes can claim a cell in its last row and column; whoever
believes it needs all memory there is, and the library that does so takes its process
along. So the platform stays outside: what comes back is one line of JSON with the sheet,
then one line for each row, then `null`. Anything else means that it could not be read.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from services.registry.reading.broken import FileBroken
from services.registry.reading.header import SEARCHED_LINES, Head, best_head, nearest

MEMORY = 3 << 30  # a workbook of LARGEST unpacked takes 2 GB
CPU_SECONDS = 900
_EXACT = 1e15  # a spreadsheet keeps fifteen digits

Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True)
class _Chosen:
    """A sheet, and where its header stands among its first rows."""

    sheet: CalamineSheet
    head: Head


def main() -> int:
    """Reads what stdin asks for. Exit code 0 also where the file was refused with words."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.load(sys.stdin)
    try:
        for line in _told(asked["path"], asked["wanted"], asked["sheet"]):
            _say(line)
    except FileBroken as broken:
        _say({"broken": [broken.code, broken.place, broken.message]})
    _say(None)
    return 0


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=True) + "\n")


def _told(path: str, wanted: Collection[str], sheet: str | None) -> Iterator[Any]:
    try:
        workbook = CalamineWorkbook.from_path(path)
        chosen = _sheet(workbook, wanted, sheet)
        yield {
            "sheet": chosen.sheet.name,
            "columns": chosen.head.columns,
            "line": chosen.head.line,
            "last_line": chosen.head.last_line,
            "lines": chosen.sheet.total_height + 1,
        }
        for cells in islice(chosen.sheet.iter_rows(), chosen.head.last_line, None):
            yield [_text(cell) for cell in cells]
    except PasswordError:
        raise FileBroken(
            "workbook_locked", "整个文件", "工作簿设有打开密码;请去掉密码后再导入"
        ) from None
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise FileBroken(
            "not_a_workbook", "文件开头", f"不是可读的 XLSX、XLS 或 ODS 工作簿({error})"
        ) from None


def _sheet(workbook: CalamineWorkbook, wanted: Collection[str], name: str | None) -> _Chosen:
    """The named one; else of those that are shown the one whose header fits best."""
    names = workbook.sheet_names
    if name is not None:
        return _looked_at(workbook, _named(name, names), wanted)
    shown = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
    ]
    if not shown:
        hidden = f"(隐藏的有: {'、'.join(names)})" if names else ""
        raise FileBroken("empty", "整个文件", f"工作簿里没有可见的工作表{hidden}")
    found = [_looked_at(workbook, each, wanted) for each in shown[:1]]
    for each in shown[1:]:  # one at a time: each is a whole sheet in memory
        other = _looked_at(workbook, each, wanted)
        if other.head.likeness > found[0].head.likeness:
            found = [other]
    if not found[0].head.likeness[1]:
        raise FileBroken("empty", f"工作表“{'”“'.join(shown)}”", "没有表头也没有数据")
    return found[0]


def _named(name: str, names: list[str]) -> str:
    if name in names:
        return name
    close = nearest(name, names)
    hint = f"(最接近的是“{close}”)" if close else ""
    raise FileBroken(
        "sheet_missing", "整个文件", f"没有工作表“{name}”{hint};有: {'、'.join(names)}"
    )


def _looked_at(workbook: CalamineWorkbook, name: str, wanted: Collection[str]) -> _Chosen:
    sheet = workbook.get_sheet_by_name(name)
    ahead = [[_text(cell) for cell in row] for row in islice(sheet.iter_rows(), SEARCHED_LINES)]
    return _Chosen(sheet, best_head(ahead, wanted))


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


if __name__ == "__main__":
    sys.exit(main())
