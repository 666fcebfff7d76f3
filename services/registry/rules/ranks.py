"""来源的优先次序: of several sources that state a fact, whose word holds.

The order is data (data/source_ranks.csv), each line with its reason.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

TABLE = Path(__file__).parent.parent / "data" / "source_ranks.csv"
ANY = "*"
MOST = 9999


class RanksBroken(Exception):
    """A table of ranks that cannot be used. Says in which line."""


class Stated(NamedTuple):
    """What one source states. *fills*: it only fills what nobody else states."""

    source: str
    fills: bool
    facts: Mapping[str, Any]


class Best(NamedTuple):
    """The value that holds, and whose word it is."""

    value: Any
    source: str


@dataclass(frozen=True)
class Rank:
    """One line of the table: 1 is best."""

    thing: str
    field: str
    source: str
    rank: int
    valid_from: date | None
    valid_until: date | None
    reason: str

    def holds(self, thing: str, field: str, on: date) -> bool:
        """Whether it speaks of this field of this thing on that day."""
        return (
            self.thing in (thing, ANY)
            and self.field in (field, ANY)
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_until is None or on <= self.valid_until)
        )

    @property
    def closeness(self) -> tuple[bool, bool, bool]:
        """A line that names more goes before one that names less."""
        return (self.source != ANY, self.field != ANY, self.thing != ANY)


@dataclass(frozen=True)
class Ranks:
    """The whole table."""

    lines: tuple[Rank, ...]

    @classmethod
    def read(cls, path: Path = TABLE) -> Ranks:
        """Raises RanksBroken."""
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return cls(tuple(_line(number, row) for number, row in enumerate(rows, start=2)))

    def of(self, thing: str, field: str, *, on: date) -> dict[str, int]:
        """The ranks of all named sources for a field, and under "*" that of any other."""
        known: dict[str, Rank] = {}
        for line in self.lines:
            if not line.holds(thing, field, on):
                continue
            beaten = known.get(line.source)
            if beaten is None or line.closeness >= beaten.closeness:
                known[line.source] = line
        return {ANY: MOST} | {source: line.rank for source, line in known.items()}


@lru_cache
def shipped() -> Ranks:
    """The table that comes with the program."""
    return Ranks.read()


def best(
    statements: Iterable[Stated], thing: str, field: str, *, ranks: Ranks, on: date
) -> Best | None:
    """各来源中次序最先、且有此项的为准; 同次序的按来源名称, 与导入先后无关.

    只作补充的来源排在所有其他来源之后. None: nobody states it.
    """
    order = ranks.of(thing, field, on=on)
    stated = [s for s in statements if s.facts.get(field) is not None]
    if not stated:
        return None
    first = min(stated, key=lambda s: (s.fills, order.get(s.source, order[ANY]), s.source))
    return Best(first.facts[field], first.source)


def whole(
    statements: Iterable[Stated],
    thing: str,
    fields: Iterable[str],
    *,
    ranks: Ranks,
    on: date,
) -> dict[str, Best]:
    """逐项取次序最先的来源; 没有来源说明的, 不列."""
    known = list(statements)
    found = {name: best(known, thing, name, ranks=ranks, on=on) for name in fields}
    return {name: one for name, one in found.items() if one is not None}


def _line(number: int, row: Mapping[str, str]) -> Rank:
    try:
        found = Rank(
            thing=row["thing"],
            field=row["field"],
            source=row["source"],
            rank=int(row["rank"]),
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            reason=row["reason"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RanksBroken(f"source_ranks.csv line {number}: {error}") from None
    if not 0 < found.rank < MOST or not found.reason.strip():
        raise RanksBroken(
            f"source_ranks.csv line {number}: a rank from 1 to {MOST - 1} and a reason are needed"
        )
    return found
