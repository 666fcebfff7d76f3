"""python -m bench [NAME ...]: run all benchmarks, or those named."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import (
    cascade,
    census,
    dashboards,
    evaluate,
    identity,
    imports,
    objects,
    pages,
    search,
    year,
)

RESULTS = Path(__file__).with_name("results")
BENCHMARKS: dict[str, Callable[[], dict[str, Any]]] = {
    "cascade": cascade.measure,
    "census": census.measure,
    "dashboards": dashboards.measure,
    "evaluate": evaluate.measure,
    "identity": identity.measure,
    "imports": imports.measure,
    "objects": objects.measure,
    "pages": pages.measure,
    "search": search.measure,
    "year": year.measure,
}


def main(names: list[str]) -> int:
    """Exit code 2: a name that is none."""
    if unknown := set(names) - set(BENCHMARKS):
        print(f"no such benchmark: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    RESULTS.mkdir(exist_ok=True)
    for name in names or BENCHMARKS:
        figures = {"machine": machine(), **BENCHMARKS[name]()}
        text = json.dumps(figures, ensure_ascii=False, indent=2)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(f"== {name}\n{text}", flush=True)
    return 0


def machine() -> dict[str, Any]:
    """What it ran on."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
