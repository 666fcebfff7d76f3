"""The words of the city: trades, things and names, from the data files beside this module."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.demo.shares import Wheel

DATA = Path(__file__).parent / "data"

LOADS = ("equipment", "instrument", "operator", "product", "licence")
"""What an enterprise can have, by the kinds of the registry."""


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """One area of the census. `registered`: the division in its credit codes."""

    code: str
    name: str
    prefix: str
    registered: str
    officers: str


@dataclass(frozen=True, slots=True, eq=False)
class Ware:
    """A kind of equipment or instrument. `months`: what a body writes as the next date.

    `stated`: of 100, how many carry it. `grades`: conditions of the cycle, equally often.
    """

    code: str
    name: str
    models: list[str]
    places: list[str]
    months: int
    stated: int
    maker: str = "仪表"
    grades: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    life: int = 15
    selfcheck: bool = False
    selftest: bool = False
    replace: bool = False
    bore: str = ""
    medium: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Trade:
    """A kind of enterprise, with what it has and makes. `loads` in the order of LOADS."""

    industry: str
    names: Wheel[tuple[str, str]]
    districts: Wheel[District]
    loads: tuple[int, ...]
    equipment: Wheel[Ware]
    instruments: Wheel[Ware]
    crafts: Wheel[str]
    products: list[str]
    steady: bool
    hall: bool
    fibre: bool


def _yaml(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@cache
def words(name: str) -> tuple[str, ...]:
    """The lines of a list, e.g. `herbs.txt`."""
    return tuple((DATA / name).read_text(encoding="utf-8").split())


@cache
def districts() -> Mapping[District, int]:
    """The areas, and how much of the city each is."""
    found = {}
    for row in _yaml("districts.yaml"):
        share = row.pop("share")
        found[District(**row)] = share
    return found


@cache
def crafts() -> Mapping[str, str]:
    """What each 作业项目 is called."""
    return {code: str(name) for code, name in _yaml("crafts.yaml").items()}


@cache
def equipment() -> Mapping[str, Ware]:
    """By code of the catalogue."""
    return {code: Ware(code=code, **row) for code, row in _yaml("equipment.yaml").items()}


@cache
def instruments() -> Mapping[str, Ware]:
    """By short name."""
    return {name: Ware(**row) for name, row in _yaml("instruments.yaml").items()}


def _trade(row: dict[str, Any]) -> Trade:
    forms = row["names"]
    by_code = {district.code: district for district in districts()}
    home = {by_code[code]: share for code, share in row.get("districts", {}).items()}
    # Whoever has no equipment (taxis) is never dealt any; a wheel still needs something on it.
    has_equipment = row["equipment"] or {"7310": 1}
    return Trade(
        industry=row["industry"],
        names=Wheel(Counter((form, tail) for form, tails in forms.items() for tail in tails)),
        districts=Wheel(home or districts()),
        loads=tuple(row["loads"].get(load, 0) for load in LOADS),
        equipment=Wheel({equipment()[code]: n for code, n in has_equipment.items()}),
        instruments=Wheel({instruments()[name]: n for name, n in row["instruments"].items()}),
        crafts=Wheel(row["crafts"]),
        products=row.get("products", []),
        steady=row.get("steady", False),
        hall=row.get("hall", False),
        fibre=row.get("fibre", False),
    )


@cache
def trades() -> Wheel[Trade]:
    """All trades, by how many enterprises there are of each."""
    return Wheel({_trade(row): row["many"] for row in _yaml("trades.yaml").values()})
