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
from services.registry.reading.workbook import open_workbook

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


@contextmanager
def open_table(
    path: Path, wanted: Collection[str], *, sheet: str | None = None
) -> Iterator[Table]:
    """Open a CSV, gzipped CSV, XLSX or XLS by its content, not its name.

    Raises FileBroken, here or while the rows are gone through.
    """
    with _opened(path) as file:
        start = file.read(8)
        file.seek(0)
        if start.startswith((_ZIP, _OLE)):
            yield _workbook(path, wanted, sheet)
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


def _workbook(path: Path, wanted: Collection[str], sheet: str | None) -> Table:
    columns, line, lines, rows = open_workbook(path, wanted, sheet)
    places = places_of(wanted, columns, header_line=line)
    reached = [line]

    def counted() -> Iterator[Row]:
        for row in rows:
            reached[0] = row[0]
            yield row

    return Table(columns, line, places, counted(), lambda: reached[0] / max(lines, 1))


def _delimited(file: BinaryIO, wanted: Collection[str], *, packed: bool) -> Table:
    size = os.fstat(file.fileno()).st_size
    stream = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if packed else file
    found, rows = open_delimited(iter(TextLines(stream)), wanted)
    places = places_of(wanted, found.columns, header_line=found.first_line)
    return Table(
        found.columns, found.first_line, places, rows, lambda: file.tell() / max(size, 1)
    )
