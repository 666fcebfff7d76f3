"""CSV: finds the delimiter and the header out, and reads row by row."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from services.registry.reading.broken import FileBroken
from services.registry.reading.header import SEARCHED_LINES, likeness

DELIMITERS = (",", ";", "\t", "|")
_MARKUP = ("<!doctype", "<html", "<table", "<?xml", "<meta", "<style", "<head")
Row = tuple[int, list[str], int]  # first line, cells, last line


@dataclass(frozen=True)
class Found:
    """The header of a delimited text, and the lines where it begins and ends."""

    delimiter: str
    columns: tuple[str, ...]
    first_line: int
    last_line: int


def open_delimited(
    lines: Iterator[str], wanted: Collection[str]
) -> tuple[Found, Iterator[Row]]:
    """The header, and the rows behind it. Raises FileBroken."""
    ahead = list(islice(lines, SEARCHED_LINES))
    if not any(line.strip() for line in ahead):
        raise FileBroken("empty", "第1行", "文件是空的,没有表头也没有数据")
    if "".join(ahead).lstrip().lower().startswith(_MARKUP):
        raise FileBroken(
            "markup",
            "第1行",
            "这是网页或 XML,不是表格,虽然可能叫作 .xls;请用表格软件打开后另存为 XLSX 或 CSV",
        )
    found = _find_header(ahead, wanted)
    behind = chain(ahead[found.last_line :], lines)
    return found, _rows(behind, found.delimiter, found.last_line)


def _find_header(ahead: list[str], wanted: Collection[str]) -> Found:
    candidates = [
        found
        for delimiter in DELIMITERS
        for found in _parsed(ahead, delimiter)
        if found.columns
    ]
    best = max(candidates, key=lambda found: likeness(found.columns, wanted))
    if likeness(best.columns, wanted) == (0, 1) and len(wanted) > 1:
        raise FileBroken(
            "not_a_table",
            f"第{best.first_line}行",
            "没有找到表头:前20行都不含映射文件所说的列,也没有分隔符(逗号、分号、制表符、竖线)",
        )
    return best


def _parsed(ahead: list[str], delimiter: str) -> Iterator[Found]:
    reader = csv.reader(ahead, delimiter=delimiter)
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return
        yield Found(delimiter, tuple(cells), first_line, reader.line_num)


def _rows(lines: Iterator[str], delimiter: str, lines_before: int) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter)
    line = lines_before + 1
    try:
        for cells in reader:
            last_line = lines_before + reader.line_num
            yield line, cells, last_line
            line = last_line + 1
    except csv.Error as error:
        raise FileBroken(
            "field_too_long",
            f"第{line}行",
            f"有一个单元格过长({error}),多半是引号没有配对;请检查这一行的双引号",
        ) from None
