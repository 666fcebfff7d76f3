"""One day's evaluation: its cost must follow the day's changes, not the size of the register.

Half of the day's changes turn yellow, half red (nobody renewed): a bad day. Anchors of the
same run: one UPDATE of the same rows in a copy of the table, and a scan of all dates.
BENCH_DUTIES lists other sizes, e.g. "102000 1000000 10000000".
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.chassis import assembly, migrating
from services.chassis.settings import Settings
from services.inspection.handlers import evaluation
from services.inspection.service import InspectionService
from tests.support.servers import a_postgres

SIZES = (102_000, 1_000_000)
FIRST = date(2026, 6, 30)
DAY = timedelta(days=1)
GREEN, YELLOW, RED = 0, 2, 3
SPREAD_DAYS = 365
LEAD_DAYS = 182

NUMBERS = {
    "postgresql": "SELECT n FROM generate_series(1, :size) AS numbers(n)",
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
    "WHERE n < :size) SELECT n FROM numbers",
}
IDS = {
    "postgresql": "CREATE TEMP TABLE load AS SELECT n, gen_random_uuid() AS object_id, "
    "gen_random_uuid() AS duty_id, (date '{first}' + n % 365) AS due_on FROM ({numbers}) AS n",
    "sqlite": "CREATE TEMP TABLE load AS SELECT n, lower(hex(randomblob(16))) AS object_id, "
    "lower(hex(randomblob(16))) AS duty_id, "
    "date('{first}', '+' || (n % 365) || ' days') AS due_on FROM ({numbers}) AS n",
}
DAYS = {
    "postgresql": ("(due_on - 182)", "(due_on + 1)"),
    "sqlite": ("date(due_on, '-182 days')", "date(due_on, '+1 day')"),
}


@dataclass(frozen=True)
class Spread:
    """SQL of *n* for what the objects differ in: where they are, and what."""

    division: str = "'610303'"
    kind: str = "'equipment'"
    class_code: str = "'1000'"


def measure() -> dict[str, Any]:
    """Seconds for a day, for the same day again, and beside the anchors."""
    sizes = [int(size) for size in os.environ.get("BENCH_DUTIES", "").split()] or list(SIZES)
    with TemporaryDirectory() as folder, a_postgres() as postgres:
        figures: dict[str, Any] = {}
        for size in sizes:
            url = postgres.database("inspection")
            figures[f"postgresql_{size}"] = _measured(url, size, Path(folder))
            postgres.drop(url)
            if size <= SIZES[-1]:
                url = f"sqlite:///{folder}/inspection-{size}.db"
                figures[f"sqlite_{size}"] = _measured(url, size, Path(folder))
    return figures


def _measured(url: str, size: int, folder: Path) -> dict[str, Any]:
    service = filled(url, size, folder)
    evaluate(service, FIRST)  # the day before the measured one: everything warm
    anchors = _anchors(service)
    day, line = _timed(lambda: evaluate(service, FIRST + DAY))
    again, _ = _timed(lambda: evaluate(service, FIRST + DAY))
    with service.database.reading() as session:
        warnings = _scalar(session, "SELECT count(*) FROM warning")
        changed = _scalar(
            session, "SELECT changed FROM evaluation ORDER BY started_at DESC LIMIT 1"
        )
    service.database.close()
    return {
        "changed": changed,
        "red_in_all": warnings,
        "objects": line.objects,
        "day_seconds": round(day, 3),
        "changes_per_second": round(changed / day),
        "again_seconds": round(again, 4),
        **{name: round(seconds, 4) for name, seconds in anchors.items()},
        "day_of_one_update": round(day / anchors["one_update_seconds"], 1),
    }


def filled(url: str, size: int, folder: Path, spread: Spread | None = None) -> Any:
    """A service of which *size* objects are known, each with a duty, as of the day before."""
    settings = Settings(var=folder, database_urls={"inspection": url}, profile="baoji-2013")
    service = assembly.assemble(InspectionService, settings)
    migrating.migrate(service.database, assembly.folder_of(InspectionService), "inspection")
    evaluate(service, FIRST - DAY)
    _load(service, size, spread or Spread())
    return service


def evaluate(service: Any, on: date) -> Any:
    """The evaluation of a day."""
    return evaluation.evaluate(
        service.database, on=on, policy=service.policy, table=service.table
    )


def _load(service: Any, size: int, spread: Spread) -> None:
    dialect = service.database.dialect
    yellow_on, red_on = DAYS[dialect]
    before = f"'{FIRST - DAY}'"
    colour = (
        f"CASE WHEN {red_on} <= {before} THEN {RED} WHEN {yellow_on} <= {before} "
        f"THEN {YELLOW} ELSE {GREEN} END"
    )
    change = f"CASE WHEN {yellow_on} <= {before} THEN {red_on} ELSE {yellow_on} END"
    with service.database.transaction() as session:
        session.execute(
            text(IDS[dialect].format(first=FIRST, numbers=NUMBERS[dialect])), {"size": size}
        )
        session.execute(text(SUBJECTS.format(colour=colour, **asdict(spread))))
        session.execute(
            text(
                DUTIES.format(
                    colour=colour,
                    yellow=yellow_on,
                    red=red_on,
                    change=change,
                    **asdict(spread),
                )
            )
        )
        session.execute(text("DROP TABLE load"))
    with service.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _anchors(service: Any) -> dict[str, float]:
    """In a copy of the table, which is dropped again."""
    on = f"'{FIRST + DAY}'"
    update = f"UPDATE bare SET colour = 3, next_change_on = NULL WHERE next_change_on <= {on}"  # noqa: S608
    with service.database.transaction() as session:
        session.execute(text("CREATE TABLE bare AS SELECT * FROM duty"))
        session.execute(text("CREATE INDEX bare_next ON bare (next_change_on)"))
    scan, _ = _timed(lambda: _run(service, f"SELECT count(*) FROM bare WHERE due_on < {on}"))  # noqa: S608
    one_update, _ = _timed(lambda: _run(service, update))
    _run(service, "DROP TABLE bare")
    return {"scan_seconds": scan, "one_update_seconds": one_update}


def _run(service: Any, statement: str) -> None:
    with service.database.transaction() as session:
        session.execute(text(statement))


def _scalar(session: Session, query: str) -> int:
    return int(session.execute(text(query)).scalar_one())


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = call()
    return time.perf_counter() - start, answer


SUBJECTS = """
INSERT INTO subject (object_id, revision, enterprise_id, division, kind, class_code, label,
                     status, commissioned_on, traits, records, colour, heard_in)
SELECT object_id, 1, object_id, {division}, {kind}, {class_code}, 'boiler', 'in_use', NULL,
       '[]', '[]', {colour}, object_id FROM load
"""
DUTIES = """
INSERT INTO duty (duty_id, object_id, division, kind, duty, done_on, due_on, basis, rule_id,
                  yellow_on, red_on, colour, next_change_on)
SELECT duty_id, object_id, {division}, {kind}, 'inspection', NULL, due_on, 'stated', NULL,
       {yellow}, {red}, {colour}, {change} FROM load
"""
