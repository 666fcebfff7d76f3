"""Files of sources as tables. What can be found out is found out, and never asked."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from services.registry.reading.broken import FileBroken
from services.registry.reading.delimited import Row, open_delimited
from services.registry.reading.header import nearest, places_of
from services.registry.reading.text import TextLines
from services.registry.reading.workbook import Sheet, open_workbook

__all__ = ["FileBroken", "Row", "Table", "nearest", "open_table"]

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # XLS


@dataclass(frozen=True)
class Table:
    """An opened table. *rows* can be gone through once; *share* tells how far that is."""

    columns: tuple[str, ...]
    header_line: int
    places: Mapping[str, int]
    rows: Iterator[Row]
    share: Callable[[], float]
    sheet: str | None = None


@contextmanager
def open_table(
    path: Path, wanted: Collection[str], *, sheet: str | None = None
) -> Iterator[Table]:
    """Open a CSV, gzipped CSV, XLSX, XLS or ODS by its content, not its name.

    Raises FileBroken, here or while the rows are gone through.
    """
    with _opened(path) as file:
        start = file.read(len(_ZIP))
        file.seek(0)
        if start.startswith((_ZIP, _OLE)):
            with open_workbook(path, wanted, sheet) as found:
                yield _of_sheet(found, wanted)
        else:
            yield _delimited(file, wanted, packed=start.startswith(_GZIP))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path.is_dir():
        raise FileBroken("is_a_directory", str(path), "这是一个文件夹,不是文件")
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileBroken("not_readable", str(path), f"文件打不开: {error.strerror}") from None
    with file:
        yield file


def _of_sheet(sheet: Sheet, wanted: Collection[str]) -> Table:
    where = f"工作表“{sheet.name}”第{sheet.header_line}行(表头)"
    places = places_of(wanted, sheet.columns, where=where)
    reached = [sheet.header_line]

    def counted() -> Iterator[Row]:
        for row in sheet.rows:
            reached[0] = row[0]
            yield row

    def share() -> float:
        return reached[0] / max(sheet.lines, 1)

    return Table(sheet.columns, sheet.header_line, places, counted(), share, sheet.name)


def _delimited(file: BinaryIO, wanted: Collection[str], *, packed: bool) -> Table:
    size = os.fstat(file.fileno()).st_size
    stream = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if packed else file
    found, rows = open_delimited(iter(TextLines(stream)), wanted)
    places = places_of(wanted, found.columns, where=f"第{found.first_line}行(表头)")
    return Table(
        found.columns, found.first_line, places, rows, lambda: file.tell() / max(size, 1)
    )
