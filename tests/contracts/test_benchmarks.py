"""Every benchmark can be asked for, says what came of it, and does not forgive a difference."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

import bench
from bench import year
from bench.__main__ import BENCHMARKS, RESULTS
from tests.support.lived_year import Lived
from tests.support.recomputed import Expected

FOLDER = Path(bench.__file__).parent
PAGE = FOLDER.parent / "docs" / "performance.md"
TODAY = date(2013, 12, 13)


def test_every_benchmark_is_run_by_its_name() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")}

    measuring = {name for name in modules if hasattr(import_module(f"bench.{name}"), "measure")}
    assert measuring == set(BENCHMARKS)


@pytest.mark.parametrize("name", sorted(BENCHMARKS))
def test_its_figures_are_kept_and_explained(name: str) -> None:
    kept = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))

    assert kept["machine"]["cores"]
    assert f"\n## {name}" in PAGE.read_text(encoding="utf-8")


def lived(**colours: int) -> Lived:
    return Lived(
        objects={TODAY: Counter(colours)},
        duties={TODAY: Counter(colours)},
        said={TODAY: Counter(warning_turned_red=colours["red"])},
    )


def expected() -> Expected:
    colours = Counter(red=2, green=7, yellow=0)
    found = Expected(duties={TODAY: colours}, objects={TODAY: colours})
    found.said[TODAY]["warning_turned_red"] += 2
    return found


def test_a_year_that_agrees_is_counted_and_one_that_does_not_ends_the_benchmark() -> None:
    assert year.compared(lived(red=2, green=7), expected()) == 5

    with pytest.raises(year.Differs, match="2013-12-13: objects"):
        year.compared(lived(red=3, green=6), expected())


def test_a_day_that_only_one_side_has_is_a_difference() -> None:
    ours = lived(red=2, green=7)
    ours.duties[date(2013, 12, 14)] = Counter(red=1)

    with pytest.raises(year.Differs, match="2013-12-14: duties"):
        year.compared(ours, expected())
