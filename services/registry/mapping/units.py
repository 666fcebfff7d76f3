"""Numbers in one unit, read as numbers in another: 万元 to 分, 吨 to kg, 年 to 月. Exact."""

from __future__ import annotations

import csv
import re
import unicodedata
from decimal import Decimal
from functools import cache
from importlib import resources

_NUMBER = re.compile(r"([+-]?[\d,]*\.?\d+)\s*(\S*)", re.ASCII)
LONGEST = 30


class NotANumber(Exception):
    """A text is no number in its unit."""


@cache
def units() -> dict[str, tuple[str, Decimal]]:
    """Quantity and factor of every unit."""
    text = resources.files("services.registry").joinpath("data/units.csv").read_text("utf-8")
    return {
        row["unit"]: (row["quantity"], Decimal(row["factor"]))
        for row in csv.DictReader(text.splitlines())
    }


def alike(unit: str) -> list[str]:
    """The units of the same quantity."""
    quantity, _ = units()[unit]
    return [name for name, (other, _) in units().items() if other == quantity]


def converted(text: str, unit: str, to: str) -> str:
    """The number without a unit; one that is written behind it goes before *unit*.

    Raises NotANumber.
    """
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or len(text) > LONGEST:
        raise NotANumber
    said = found[2] or unit
    if said not in alike(unit):
        raise NotANumber
    number = Decimal(found[1].replace(",", "")) * units()[said][1] / units()[to][1]
    return f"{number.normalize():f}"
