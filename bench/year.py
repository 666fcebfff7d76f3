"""A year of the demonstration city on the whole platform in one process, day by day.

The sources deliver, everything is carried, the day is evaluated and attested, credit and
messages follow. Every day's colours and everything that was said is held against the same
worked out again by other code: a single difference ends the benchmark. That other code is also
the anchor: plain Python over facts in memory, every object looked at on every day.
BENCH_FACTOR sets the size of the city (1: the whole), BENCH_EVERY after how many days the
sources deliver again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.anchors import percentile
from tests.support.lived_year import Lived, a_city
from tests.support.recomputed import Expected

FACTOR = float(os.environ.get("BENCH_FACTOR", "0.05"))
EVERY = int(os.environ.get("BENCH_EVERY", "7"))
DAYS = 365


class Differs(Exception):
    """The platform and the recomputation do not agree."""


def measure() -> dict[str, Any]:
    """Object-days a second, beside the same days in plain Python."""
    with TemporaryDirectory() as folder, a_city(Path(folder)) as city:
        again = city.live(factor=FACTOR, days=DAYS, every=EVERY)
        return _figures(city.lived, compared(city.lived, again.expected))


def compared(lived: Lived, expected: Expected) -> int:
    """How many numbers were held against each other. Raises Differs if any two differ."""
    sides: tuple[tuple[str, _ByDay, _ByDay], ...] = (
        ("objects", lived.objects, expected.objects),
        ("duties", lived.duties, expected.duties),
        ("said", lived.said, {day: expected.said[day] for day in lived.said}),
    )
    held = 0
    for name, ours, theirs in sides:
        for day in ours.keys() | theirs.keys():
            one, other = +ours.get(day, Counter()), +theirs.get(day, Counter())
            if one != other:
                raise Differs(f"{day}: {name}: {dict(one)}, and again {dict(other)}")
            held += len(one)
    return held


_ByDay = Mapping[date, "Counter[str]"]


def _figures(lived: Lived, held: int) -> dict[str, Any]:
    first, *days = (lived.seconds[day] for day in sorted(lived.seconds))
    object_days = sum(counts.total() for counts in lived.objects.values())
    seconds = first + sum(days)
    said = sum(lived.said.values(), Counter())
    return {
        "factor": FACTOR,
        "delivered_every_days": EVERY,
        "objects": max(counts.total() for counts in lived.objects.values()),
        "rows_delivered": lived.rows,
        "object_days": object_days,
        "said": dict(said),
        "compared": held,
        "differences": 0,
        "census_day_seconds": round(first, 2),
        "other_days_seconds": round(sum(days), 2),
        "day_p50_ms": round(percentile(days, 0.5) * 1000),
        "day_p99_ms": round(percentile(days, 0.99) * 1000),
        "object_days_per_second": round(object_days / seconds),
        "plain_python_object_days_per_second": round(object_days / lived.seconds_again),
        "of_plain_python": round(seconds / lived.seconds_again, 1),
    }
