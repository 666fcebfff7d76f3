"""Adjusted days as they are kept: a CSV table, shipped or a bureau's own."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_COLUMNS = ["day", "works", "name", "source"]
_WORKS = {"是": True, "否": False}


class WorkingDaysBroken(ValueError):
    """A table of adjusted days cannot be read; the message says where and what is right."""

    code = "working_days_broken"


@dataclass(frozen=True, slots=True)
class AdjustedDay:
    """One day on which a notice departs from Monday to Friday.

    works   True for a weekend that works, False for a weekday that rests
    name    the holiday it belongs to
    source  the notice
    """

    day: date
    works: bool
    name: str
    source: str


def read(path: Path) -> list[AdjustedDay]:
    """The adjusted days of a CSV file with the columns day, works (是 or 否), name, source.

    UTF-8 or GB 18030, as spreadsheets save it. Raises WorkingDaysBroken.
    """
    lines = csv.DictReader(_text(path).splitlines(), strict=True)
    if lines.fieldnames != _COLUMNS:
        raise WorkingDaysBroken(f"{path}: 第一行应为 {','.join(_COLUMNS)}")
    rows = list(_rows(path, lines))
    if len({row.day for row in rows}) < len(rows):
        raise WorkingDaysBroken(f"{path}: 同一天写了两次: {_repeated(rows)}, 每天只应有一行")
    return rows


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise WorkingDaysBroken(f"{path}: 既不是 UTF-8 也不是 GB 18030 编码的文本") from error


def _rows(path: Path, lines: csv.DictReader[str]) -> Iterator[AdjustedDay]:
    try:
        for line in lines:
            yield _row(line)
    except (ValueError, csv.Error) as error:
        place = f"{path}: 第{lines.line_num}行"
        raise WorkingDaysBroken(f"{place}: {error}") from error


def _row(line: dict[str, str]) -> AdjustedDay:
    if None in line or None in line.values():
        raise ValueError(f"应为 {len(_COLUMNS)} 列: {','.join(_COLUMNS)}")
    filled = {column: value.strip() for column, value in line.items()}
    try:
        # spreadsheets write 2027/2/5 when they save
        year, month, day = (int(part) for part in filled["day"].replace("/", "-").split("-"))
        on = date(year, month, day)
    except ValueError as error:
        raise ValueError(f"日期 {filled['day']!r} 应写成 2027-02-05 这样") from error
    if filled["works"] not in _WORKS:
        raise ValueError(f"works 是 {filled['works']!r}, 应为 是 (上班) 或 否 (休息)")
    if not filled["source"]:
        raise ValueError("缺少 source: 应写通知的名称")
    return AdjustedDay(on, _WORKS[filled["works"]], filled["name"], filled["source"])


def _repeated(rows: list[AdjustedDay]) -> str:
    days = [row.day for row in rows]
    return ", ".join(sorted({day.isoformat() for day in days if days.count(day) > 1}))


def write(path: Path, rows: Iterable[AdjustedDay]) -> None:
    """A bureau's own table, whole or not at all: who reads meanwhile sees the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    with half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        words = {works: word for word, works in _WORKS.items()}
        writer.writerows([r.day.isoformat(), words[r.works], r.name, r.source] for r in rows)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
