"""A whole census of the demonstration city, end to end: read, checked, recognised, told.

Every table of every source is imported in its order; then who may be the same is looked for,
as the registry does a minute later. Anchors of the same run: the same rows by bare COPY, and by
SQLAlchemy's bulk insert, into tables without meaning. And the memory at its highest for 50,000
and 400,000 rows of one kind, each in a process of its own.
BENCH_OBJECTS sets how many rows the census has (201,000, the plan of the article's city).
"""

from __future__ import annotations

import csv
import gzip
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from bench.bare_tables import Rows, copied, inserted
from services.chassis import assembly, clock, migrating
from services.chassis.settings import Settings
from services.chassis.tables import OutboxRow
from services.demo.city import CENSUS, CENSUS_ON, write_city
from services.demo.files import DemoFile
from services.demo.layouts import LAYOUTS
from services.registry.handlers import resembling
from services.registry.handlers.importing import import_file
from services.registry.mapping import read_mapping
from services.registry.model import ImportReport
from services.registry.service import RegistryService
from services.registry.store.tables import CandidateRow
from tests.support.lived_year import day_of
from tests.support.overdue import write_overdue
from tests.support.servers import a_postgres

OBJECTS = int(os.environ.get("BENCH_OBJECTS", "201000"))
FEW, MANY = 50_000, 400_000
_MEMORY = ("few", "many")


def measure() -> dict[str, Any]:
    """Rows a second of the whole census, beside the bare ways; megabytes at the highest."""
    with TemporaryDirectory() as name, a_postgres() as postgres:
        folder = Path(name)
        with day_of(CENSUS_ON):
            figures = _census(postgres, folder)
        lite = [f"sqlite:///{folder}/{name}.db" for name in _MEMORY]
        figures["memory"] = {
            "postgresql": _memory(folder, [postgres.database(name) for name in _MEMORY]),
            "sqlite": _memory(folder, lite),
        }
    return figures


def _census(postgres: Any, folder: Path) -> dict[str, Any]:
    files = write_city(folder / "city", factor=OBJECTS / sum(CENSUS.values()))
    tables = [rows for file in files if (rows := _rows_of(file))]
    copy = copied(postgres, tables)
    figures: dict[str, Any] = {
        "rows": sum(map(len, tables)),
        "copy_rows_per_second": round(copy),
    }
    lite = f"sqlite:///{folder}/registry.db"
    for kind, url in {"postgresql": postgres.database("registry"), "sqlite": lite}.items():
        bulk = inserted(url, tables)
        taken = _taken_in(url, folder, files)
        figures[kind] = {
            "sqlalchemy_rows_per_second": round(bulk),
            **taken,
            "copy_is_faster_by": round(copy / taken["rows_per_second"], 1),
            "sqlalchemy_is_faster_by": round(bulk / taken["rows_per_second"], 1),
        }
    return figures


def _rows_of(file: DemoFile) -> Rows:
    """Its rows as they are, without the heading."""
    layout = next(each for each in LAYOUTS.values() if each.file == file.path.name)
    opened = gzip.open if layout.packed else open
    with opened(file.path, "rt", encoding=layout.encoding, newline="") as text:
        return list(csv.reader(text, delimiter=layout.delimiter))[1:]


def _taken_in(url: str, folder: Path, files: Sequence[DemoFile]) -> dict[str, Any]:
    with _registry(url, folder) as service:
        start = time.perf_counter()
        by_kind: dict[str, list[float]] = {}
        for file in files:
            seconds = _imported(service, file.path, file.mapping, file.rows)
            of_kind = by_kind.setdefault(file.kind, [0, 0.0])
            of_kind[0] += file.rows
            of_kind[1] += seconds
        taken = time.perf_counter() - start
        looked_at, alike = _timed_likeness(service)
        start = time.perf_counter()
        for file in files:
            _imported(service, file.path, file.mapping, file.rows)
        again = time.perf_counter() - start
        with service.database.reading() as session:
            events = session.scalar(select(func.count()).select_from(OutboxRow))
            proposed = session.scalar(select(func.count()).select_from(CandidateRow))
    rows = sum(file.rows for file in files)
    return {
        "seconds": round(taken, 2),
        "rows_per_second": round(rows / taken),
        "by_kind": {kind: round(many / spent) for kind, (many, spent) in by_kind.items()},
        "events": events,
        "unchanged_rows_per_second": round(rows / again),
        "candidates": {"enterprises": looked_at, "seconds": round(alike, 2), "found": proposed},
    }


def _timed_likeness(service: Any) -> tuple[int, float]:
    start = time.perf_counter()
    found = resembling.find_all(service.database, policy=service.policy)
    return found, time.perf_counter() - start


def _imported(service: Any, file: Path, mapping: Path, rows: int) -> float:
    start = time.perf_counter()
    report: ImportReport = import_file(
        service.database,
        file,
        read_mapping(mapping, today=clock.today()),
        seals=service.seals,
    )
    assert (report.new + report.changed + report.same, report.wrong) == (rows, 0), report
    return time.perf_counter() - start


@contextmanager
def _registry(url: str, folder: Path) -> Iterator[Any]:
    service = assembly.assemble(
        RegistryService, Settings(var=folder, database_urls={"registry": url})
    )
    migrating.migrate(service.database, assembly.folder_of(RegistryService), "registry")
    yield service
    service.database.close()


def _memory(folder: Path, urls: Sequence[str]) -> dict[str, Any]:
    """Of the importing process; PostgreSQL's own is not in it."""
    found = {
        rows: _in_a_process_of_its_own(url, folder, rows)
        for url, rows in zip(urls, (FEW, MANY), strict=True)
    }
    before, few, many = found[FEW][0], found[FEW][1], found[MANY][1]
    return {
        "before_megabytes": round(before),
        f"{FEW}_rows_megabytes": round(few),
        f"{MANY}_rows_megabytes": round(many),
        "of_8_times_the_rows": round(many / few, 2),
    }


def _in_a_process_of_its_own(url: str, folder: Path, rows: int) -> tuple[float, float]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(_peaks, url, folder, rows).result()


def _peaks(url: str, folder: Path, rows: int) -> tuple[float, float]:
    """Megabytes at the highest, before the import and after it."""
    table = write_overdue(folder / f"memory-{rows}", "memory", rows)
    with _registry(url, folder) as service:
        before = _peak_megabytes()
        _imported(service, table.file, table.mapping, rows)
        return before, _peak_megabytes()


def _peak_megabytes() -> float:
    """VmHWM: unlike ru_maxrss it does not count the process this one was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
