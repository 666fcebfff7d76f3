"""Which line holds the names of the columns, and where the wanted ones stand."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.registry.reading.broken import FileBroken

SEARCHED_LINES = 20
_SHOWN = 60


def normal(name: str) -> str:
    """As column names are compared: half width, one blank, without regard to case."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def likeness(cells: Sequence[str], wanted: Iterable[str]) -> tuple[int, int]:
    """How much a row looks like the header; the greater the better."""
    names = {normal(cell) for cell in cells}
    return len(names & {normal(name) for name in wanted}), sum(1 for n in names if n)


@dataclass(frozen=True)
class Head:
    """A header: the names of the columns, the lines it begins and ends in."""

    columns: tuple[str, ...]
    line: int
    last_line: int
    likeness: tuple[int, int]


def best_head(ahead: Sequence[Sequence[str]], wanted: Collection[str]) -> Head:
    """The row among the first ones that looks most like a header; a pair if it fits better.

    Two rows are one header where cells are merged: 单位 over 名称 and 代码, beside 编号 over
    both. A column under a group answers to its own name, and to `单位/名称`.
    """
    single = [
        Head(tuple(cells), line, line, likeness(cells, wanted))
        for line, cells in enumerate(ahead, start=1)
    ]
    best = max(single, key=lambda head: head.likeness, default=Head((), 0, 0, (0, 0)))
    for line, (upper, lower) in enumerate(pairwise(ahead), start=1):
        columns = tuple(_composed(upper, lower, wanted))
        found = likeness(columns, wanted)
        if found[0] > best.likeness[0]:
            best = Head(columns, line, line + 1, found)
    return best


def _composed(
    upper: Sequence[str], lower: Sequence[str], wanted: Iterable[str]
) -> Iterator[str]:
    known = {normal(name) for name in wanted}
    group = ""
    for above, below in zip(upper, lower, strict=False):
        group = above if above.strip() else group
        names = [f"{group.strip()}/{below.strip()}", below, above]
        yield next((name for name in names if normal(name) in known), below or above)


def places_of(
    wanted: Iterable[str], columns: Sequence[str], *, where: str
) -> Mapping[str, int]:
    """The index of every wanted column. Raises FileBroken if one is missing or there twice."""
    there: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        there.setdefault(normal(column), []).append(index)
    missing = [name for name in wanted if normal(name) not in there]
    if missing:
        raise FileBroken("column_missing", where, _missing(missing, columns))
    for name in wanted:
        if len(there[normal(name)]) > 1:
            raise FileBroken(
                "column_twice", where, f"列“{name}”出现了不止一次,无法判断用哪一列"
            )
    return {name: there[normal(name)][0] for name in wanted}


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like a wrong one, if any is like it."""
    by_normal = {normal(each): each for each in known}
    found = difflib.get_close_matches(normal(name), by_normal, n=1, cutoff=0.5)
    return by_normal[found[0]] if found else None


def _missing(missing: Sequence[str], columns: Sequence[str]) -> str:
    there = [column.strip() for column in columns if column.strip()]
    said = []
    for name in missing:
        close = nearest(name, there)
        said.append(f"缺少列“{name}”" + (f"(最接近的是“{close}”)" if close else ""))
    shown = "、".join(there[:_SHOWN]) + ("…" if len(there) > _SHOWN else "")
    return ";".join(said) + f"。表中的列: {shown or '没有'}"
