"""The census of the city: grids, what was planned, and what the surveyors brought home.

Six areas are done, the others are not begun: the coverage that the article names comes out
of these plans and visits, it stands nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from services.demo.city import census, everything
from services.demo.files import Item, mapping_of
from services.demo.layouts import LAYOUTS
from services.demo.shares import Dealer
from services.demo.vocabulary import districts

KINDS = ("enterprise", "product", "equipment", "instrument", "operator")
_DATA = Path(__file__).parent / "data" / "census.yaml"
_OWNED = LAYOUTS["special_equipment"].heading.index("产权说明")
_DIVISION = LAYOUTS["codes_enterprises"].heading.index("行政区划")
_OFFICER = LAYOUTS["codes_enterprises"].heading.index("监管责任人")
_UNTOLD = 4  # of so many leased things, on one sheet nobody wrote who uses it
_REFORMED = date(2021, 1, 1)


@dataclass
class Campaign:
    """One census. Read `lines` to its end before `plan`: it counts what was visited."""

    seed: int
    factor: float
    on: date
    _visited: Counter[tuple[str, str]] = field(default_factory=Counter)
    _missed: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def heading(self) -> dict[str, Any]:
        """Its name and first day."""
        return {"name": _said()["name"], "begins_on": self._begun.isoformat()}

    @cached_property
    def grids(self) -> list[dict[str, str]]:
        """The grids of all areas, those that are done and those ahead."""
        return [
            {
                "code": f"{code}-{number:02}",
                "division": code,
                "name": f"{name}第{number}网格",
                "surveyor": f"{officers}{number:02}",
            }
            for code, name, officers in [*_done(), *self._ahead()]
            for number in range(1, _said()["grids"] + 1)
        ]

    def lines(self) -> Iterator[dict[str, Any]]:
        """What was visited, line by line, in the order of the days."""
        many = census(self.factor)["enterprise"]
        owners, grid, day = 0, "", self._begun
        for number, item in enumerate(everything(self.seed, self.factor, self.on)):
            kind = LAYOUTS[item.layout].kind
            if kind == "enterprise":
                grid = f"{item.cells[_DIVISION]}-{item.cells[_OFFICER][-2:]}"
                day = self._begun + timedelta(days=owners * _said()["days"] // many)
                owners += 1
            if kind in KINDS:
                self._visited[grid, kind] += 1
                outcome = "new" if number % _said()["new"] == 0 else "surveyed"
                yield self._line(grid, kind, outcome, day) | _thing(item, number)
        yield from self._lines_of_missed()

    def plan(self) -> list[dict[str, Any]]:
        """Where surveyors were, what they saw and missed; elsewhere what is left of the whole."""
        planned = self._visited + self._missed
        left = int(_said()["planned"] * self.factor + 0.5) - planned.total()
        by_kind: Counter[str] = Counter()
        for (_, kind), many in planned.items():
            by_kind[kind] += many
        shares = {
            code: share for (code, _, _), share in zip(self._ahead(), _shares(), strict=True)
        }
        cells = [
            (grid["code"], kind, shares[grid["division"]] * by_kind[kind])
            for grid in self.grids
            if grid["division"] in shares
            for kind in KINDS
        ]
        dealer = Dealer(left, sum(weight for _, _, weight in cells))
        for grid, kind, weight in cells:
            planned[grid, kind] = dealer.deal(weight)
        return [
            {"grid": grid, "kind": kind, "planned": many}
            for (grid, kind), many in sorted(planned.items())
        ]

    @cached_property
    def _surveyors(self) -> dict[str, str]:
        return {grid["code"]: grid["surveyor"] for grid in self.grids}

    @property
    def _begun(self) -> date:
        return self.on - timedelta(days=int(_said()["days"]))

    def _ahead(self) -> list[tuple[str, str, str]]:
        return [
            (
                area["before_2021"]
                if self.on < _REFORMED and "before_2021" in area
                else area["code"],
                area["name"],
                area["officers"],
            )
            for area in _said()["ahead"]
        ]

    def _lines_of_missed(self) -> Iterator[dict[str, Any]]:
        for (grid, kind), many in sorted(self._visited.items()):
            for outcome in ("not_found", "refused"):
                for number in range(many // _said()[outcome]):
                    self._missed[grid, kind] += 1
                    label = f"{grid} {kind} {outcome} {number + 1}"
                    yield self._line(grid, kind, outcome, self.on) | {"label": label}

    def _line(self, grid: str, kind: str, outcome: str, day: date) -> dict[str, Any]:
        return {
            "grid": grid,
            "kind": kind,
            "outcome": outcome,
            "surveyed_on": day.isoformat(),
            "surveyor": self._surveyors[grid],
        }


def _thing(item: Item, number: int) -> dict[str, Any]:
    """By what the registry will know it, and whether it belongs to somebody else."""
    if item.layout == "codes_enterprises":
        return {"uscc": item.cells[0]}
    named: dict[str, Any] = {"source": _source(item.layout), "key": item.cells[0]}
    if LAYOUTS[item.layout].kind == "equipment" and item.cells[_OWNED]:
        user = None if number % _UNTOLD == 0 else item.cells[-3]
        return named | {"leased": True, "used_by": user}
    return named


@cache
def _source(layout: str) -> str:
    said = yaml.safe_load(mapping_of(layout).read_text(encoding="utf-8"))
    return str(said["source"])


@cache
def _said() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return said


def _shares() -> list[int]:
    return [area["share"] for area in _said()["ahead"]]


def _done() -> list[tuple[str, str, str]]:
    return [(area.code, area.name, area.officers) for area in districts()]
