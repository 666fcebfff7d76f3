"""XLSX, XLS and ODS: asked of a process that may die of them (apart.py)."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.registry.reading.broken import FileBroken
from services.registry.reading.delimited import Row

LARGEST = 512 << 20  # unpacked; about a million rows
_APART = "services.registry.reading.apart"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, and its rows behind the header."""

    name: str
    columns: tuple[str, ...]
    header_line: int
    lines: int
    rows: Iterator[Row]


@contextmanager
def open_workbook(path: Path, wanted: Collection[str], sheet: str | None) -> Iterator[Sheet]:
    """The sheet that is named, or that fits best. Raises FileBroken, also from its rows."""
    _refuse_gigantic(path)
    with subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", _APART],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="ascii",
    ) as reader:
        try:
            _ask(reader, {"path": str(path), "wanted": list(wanted), "sheet": sheet})
            told = _told(reader)
            head = next(told)
            yield Sheet(
                head["sheet"],
                tuple(head["columns"]),
                head["line"],
                head["lines"],
                _rows(told, head["last_line"]),
            )
        finally:
            reader.kill()  # it has nothing to tidy up; a reader that is done is gone already


def _ask(reader: subprocess.Popen[str], what: dict[str, Any]) -> None:
    if reader.stdin is None:
        raise RuntimeError("the reader was started without a pipe")
    try:
        reader.stdin.write(json.dumps(what))
        reader.stdin.close()
    except BrokenPipeError:
        raise _unreadable("第1行附近", reader) from None


def _told(reader: subprocess.Popen[str]) -> Iterator[Any]:
    """Its lines up to the closing one. Raises FileBroken if it was refused, or ended before."""
    lines = 0
    for line in reader.stdout or ():
        if not line.endswith("\n"):
            break
        what = json.loads(line)
        if what is None:
            return
        if isinstance(what, dict) and "broken" in what:
            raise FileBroken(*what["broken"])
        lines += 1
        yield what
    raise _unreadable(f"第{lines}行附近" if lines else "整个文件", reader)


def _unreadable(place: str, reader: subprocess.Popen[str]) -> FileBroken:
    """The reader died of it: memory or time ran out, or the library could not go on."""
    code = reader.wait()
    return FileBroken(
        "workbook_unreadable",
        place,
        f"工作簿读不完(读取程序退出,代码{code}):文件已损坏,或所占行列过多;"
        "请在表格软件中删去空白行列后另存,或另存为 CSV 再导入",
    )


def _rows(told: Iterator[Any], last_line: int) -> Iterator[Row]:
    for line, cells in enumerate(told, start=last_line + 1):
        yield line, cells, line


def _refuse_gigantic(path: Path) -> None:
    """Only zip archives are looked at: an XLS has at most 65,536 rows."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileBroken(
            "not_a_workbook", "文件开头", f"不是可读的 XLSX 或 ODS 工作簿({error})"
        ) from None
    if unpacked > LARGEST:
        raise FileBroken(
            "workbook_too_large",
            "整个文件",
            f"展开后有{unpacked >> 20}MB,超过{LARGEST >> 20}MB;请另存为 CSV 再导入",
        )
