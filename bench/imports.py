"""An import end to end (read, check, store, announce) against a bare COPY of the same rows."""

from __future__ import annotations

import csv
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.bare_tables import copied
from services.chassis import assembly, clock, migrating
from services.chassis.settings import Settings
from services.registry.handlers.importing import import_file
from services.registry.mapping import read_mapping
from services.registry.service import RegistryService
from tests.support.overdue import Table, write_overdue
from tests.support.servers import a_postgres

ROWS = 102_000


def measure() -> dict[str, Any]:
    """Rows a second on both databases, new and unchanged, beside COPY into a bare table."""
    with TemporaryDirectory() as name, a_postgres() as postgres:
        folder = Path(name)
        table = write_overdue(folder, "bench", ROWS)
        copy = copied(postgres, [_rows(table)])
        return {
            "rows": ROWS,
            "copy_rows_per_second": round(copy),
            "postgresql": _imported(postgres.database("registry"), table, copy),
            "sqlite": _imported(f"sqlite:///{folder}/registry.db", table, copy),
        }


def _imported(url: str, table: Table, copy: float) -> dict[str, Any]:
    settings = Settings(var=table.file.parent, database_urls={"registry": url})
    service = assembly.assemble(RegistryService, settings)
    migrating.migrate(service.database, assembly.folder_of(RegistryService), "registry")
    new, again = (_rate(service, table) for _ in range(2))
    service.database.close()
    return {
        "new_rows_per_second": round(new),
        "unchanged_rows_per_second": round(again),
        "copy_is_faster_by": round(copy / new, 1),
    }


def _rate(service: Any, table: Table) -> float:
    start = time.perf_counter()
    report = import_file(
        service.database, table.file, read_mapping(table.mapping, today=clock.today())
    )
    seconds = time.perf_counter() - start
    assert report.wrong == 0
    assert report.new + report.same == ROWS
    return ROWS / seconds


def _rows(table: Table) -> list[list[str]]:
    with table.file.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
