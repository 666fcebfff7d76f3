"""Where an edition contradicts itself: it is then refused, with line and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from services.registry.model import RowError
from services.registry.rules.reference.edition import Entry
from services.registry.rules.reference.subjects import Subject

_OPEN_END = "没有写明停用日期, 却写了承接代码"


def contradictions(subject: Subject, entries: Sequence[Entry]) -> Iterator[RowError]:
    """自相矛盾之处: 有效期颠倒或重叠, 承接代码不存在、成环, 上级不存在."""
    of_code: dict[str, list[Entry]] = {}
    for entry in entries:
        of_code.setdefault(entry.code, []).append(entry)
    for entry in entries:
        yield from _dates(entry)
        yield from _successor(entry, of_code)
        yield from _parent(subject, entry, of_code)
    for same in of_code.values():
        yield from _overlaps(same)
    yield from _dead_ends(of_code)


def _dates(entry: Entry) -> Iterator[RowError]:
    if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
        yield RowError(
            entry.line,
            "valid_until",
            entry.valid_until.isoformat(),
            "validity_reversed",
            f"停用日期早于启用日期{entry.valid_from}",
            "停用日期是有效的最后一日",
        )


def _successor(entry: Entry, of_code: dict[str, list[Entry]]) -> Iterator[RowError]:
    if entry.successor is None:
        return
    if entry.successor not in of_code:
        yield _wrong(
            entry, "successor", "successor_unknown", "承接的代码不在表中", "先加这一行"
        )
    elif entry.valid_until is None:
        right = "停用的代码才有承接者: 补上 valid_until"
        yield _wrong(entry, "successor", "successor_of_open", _OPEN_END, right)


def _parent(
    subject: Subject, entry: Entry, of_code: dict[str, list[Entry]]
) -> Iterator[RowError]:
    parent = entry.more["parent"] if "parent" in subject.further else ""
    if parent and (parent not in of_code or parent == entry.code):
        yield RowError(
            entry.line, "parent", parent, "parent_unknown", "上级不在表中", "先加上级这一行"
        )


def _overlaps(same: list[Entry]) -> Iterator[RowError]:
    """同一代码的两行, 有效期不得重叠."""
    ordered = sorted(same, key=lambda entry: entry.valid_from or date.min)
    for earlier, later in pairwise(ordered):
        if (earlier.valid_until or date.max) >= (later.valid_from or date.min):
            yield RowError(
                later.line,
                "valid_from",
                later.code,
                "validity_overlaps",
                f"与第{earlier.line}行的有效期重叠: 同一天{later.code}有两个含义",
                "前一行停用之后, 后一行才能启用",
            )


def _dead_ends(of_code: dict[str, list[Entry]]) -> Iterator[RowError]:
    """承接者要比被承接者活得长; 绕回自己的, 谁也没有承接."""
    heirs = {
        code: [entry.successor for entry in same if entry.successor]
        for code, same in of_code.items()
    }
    for entry in (entry for same in of_code.values() for entry in same):
        if entry.valid_until is None:
            continue
        last = entry.valid_until
        later = (e.valid_until or date.max for e in of_code.get(entry.successor or "", ()))
        if entry.successor not in of_code or any(until > last for until in later):
            continue
        if entry.code in _reached(entry.successor, heirs):
            reason = f"承接关系成环: 从{entry.code}出发又回到{entry.code}"
            yield _wrong(entry, "successor", "successor_cycle", reason, "改正其中一行")
        else:
            reason = f"承接的代码不晚于{last}也已停用"
            yield _wrong(entry, "successor", "successor_ended", reason, "改为当时有效的代码")


def _reached(start: str, heirs: dict[str, list[str]]) -> set[str]:
    """Every code that one comes to from a code."""
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        code = ahead.pop()
        if code not in reached:
            reached.add(code)
            ahead += heirs.get(code, [])
    return reached


def _wrong(entry: Entry, column: str, code: str, reason: str, right: str) -> RowError:
    return RowError(entry.line, column, entry.successor or "", code, reason, right)
