"""The districts as tiles: where each stands roughly, and its red and yellow objects.

districts.yaml places the divisions of the city; another city writes its own and names it in
the site's file. Not a map: no line of a border is drawn （地图管理条例）.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.portal.web.names import division_name

FILE = Path(__file__).parents[1] / "districts.yaml"
COLUMNS = 6


def of(counts: Iterable[Mapping[str, Any]], url: Callable[[str], str]) -> list[dict[str, Any]]:
    """A tile for each division that has objects; those without a place come after the others."""
    numbers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for count in counts:
        numbers[count["division"]][count["colour"]] += count["objects"]
    placed = places()
    last = max((row for row, _column in placed.values()), default=0)
    homeless = [code for code in sorted(numbers) if code not in placed]
    extra = {
        code: (last + 1 + n // COLUMNS, 1 + n % COLUMNS) for n, code in enumerate(homeless)
    }
    return [
        {
            "name": division_name(code),
            "url": url(code),
            "row": (placed | extra)[code][0],
            "column": (placed | extra)[code][1],
            "red": of_colour["red"],
            "yellow": of_colour["yellow"],
            "colour": next((c for c in ("red", "yellow", "green") if of_colour[c]), "grey"),
        }
        for code, of_colour in sorted(numbers.items())
    ]


@cache
def places() -> dict[str, tuple[int, int]]:
    """Division code: row and column, from 1."""
    read = yaml.safe_load(FILE.read_text("utf-8"))
    return {str(code): (row, column) for code, (row, column) in read.items()}
