"""行政区划: which six digits name a place, and since when.

The table is data (data/divisions.csv), each line with its source. A code that has ended
is read as its successor, so that a county's objects do not vanish with its old name.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from services.registry.rules.people import PROVINCES
from services.registry.rules.verdict import Verdict, impossible, ok, plain, suspicious

TABLE = Path(__file__).parent.parent / "data" / "divisions.csv"
LOCAL_PREFIX = "99"  # GB/T 2260 gives no province 99: a mapping's own codes cannot collide


@dataclass(frozen=True)
class Division:
    """One place. *valid_until* is the last day; None: open."""

    code: str
    name: str
    valid_from: date | None
    valid_until: date | None
    successor: str | None
    origin: str
    source: str

    def ended(self, today: date) -> bool:
        return self.valid_until is not None and self.valid_until < today


@dataclass(frozen=True)
class Divisions:
    """The places that are known, by code."""

    known: Mapping[str, Division]
    _by_name: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, path: Path = TABLE, own: Mapping[str, str] | None = None) -> Divisions:
        """The table of a file, with a mapping's own codes (code: name) beside it."""
        with path.open(encoding="utf-8", newline="") as file:
            places = [_division(row) for row in csv.DictReader(file)]
        places += [
            Division(code, name, None, None, None, "mapping", "mapping file")
            for code, name in (own or {}).items()
        ]
        return cls(
            {place.code: place for place in places},
            {plain(place.name): place.code for place in places},
        )

    def check(self, text: str, *, today: date) -> Verdict:
        """六位行政区划代码, 或表中的名称; 已撤销的换成承接的代码."""
        code = self._code_of(text)
        if place := self.known.get(code):
            return self._as_of(place, today)
        if len(code) != 6 or not (code.isascii() and code.isdigit()):
            return impossible(
                code,
                "division_form",
                "不是六位行政区划代码,也不是已知的区划名称",
                self._known_names(),
            )
        covered = code[:4] in {known[:4] for known in self.known}
        if covered or code[:2] not in PROVINCES:
            return impossible(
                code, "division_unknown", "没有这个行政区划代码", self._known_names()
            )
        return ok(code)  # another city's: our table does not hold it

    def _as_of(self, place: Division, today: date) -> Verdict:
        if not place.ended(today) or place.successor is None:
            return ok(place.code)
        return suspicious(
            place.successor,
            "division_ended",
            f"{place.code} {place.name}已于{place.valid_until}后停用,按{place.successor}登记",
            f"{place.successor} {self.known[place.successor].name}",
        )

    def _code_of(self, text: str) -> str:
        name = plain(text)
        for prefix in ("", "陕西省宝鸡市", "宝鸡市"):
            if name.startswith(prefix) and (code := self._by_name.get(name[len(prefix) :])):
                return code
        return name

    def _known_names(self) -> str:
        return "已知: " + "、".join(f"{p.code} {p.name}" for p in self.known.values())


def _division(row: Mapping[str, str]) -> Division:
    return Division(
        code=row["code"],
        name=row["name"],
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_until=date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        successor=row["successor"] or None,
        origin=row["origin"],
        source=row["source"],
    )
