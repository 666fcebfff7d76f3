"""Objects in the search box against a plain scan of the same table, on both databases.

By the beginning of a number, by a part of its middle, by its end, and by a word of the label.
BENCH_OBJECTS sets how many there are (200,000, the objects of a large city).
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from bench.search import EVERYTHING, PAGE, QUERIES, timed
from services.chassis import assembly, clock, migrating
from services.chassis.database import Database, insert_all
from services.chassis.settings import Settings
from services.registry.handlers import finding
from services.registry.service import RegistryService
from services.registry.store.search import objects
from services.registry.store.search.narrowing import Asked
from services.registry.store.staged import count as count_rows
from services.registry.store.tables import ObjectRow, ObjectWordsRow
from tests.support.servers import a_postgres

OBJECTS = int(os.environ.get("BENCH_OBJECTS", "200000"))
SLICE = 5000

_TABLE: Any = ObjectRow.__table__
_SEARCHED = (_TABLE.c.number, _TABLE.c.key, _TABLE.c.filing_number, _TABLE.c.label)
_LABELS = ("乘客电梯", "桥式起重机", "承压蒸汽锅炉", "电子汽车衡", "储气罐", "叉车", "加油机")


def measure() -> dict[str, Any]:
    """Milliseconds for a page of 20, the box and the scan."""
    with TemporaryDirectory() as folder, a_postgres() as postgres:
        return {
            "objects": OBJECTS,
            "postgresql": _measured(postgres.database("registry"), Path(folder)),
            "sqlite": _measured(f"sqlite:///{folder}/registry.db", Path(folder)),
        }


def _measured(url: str, folder: Path) -> dict[str, Any]:
    service = assembly.assemble(
        RegistryService, Settings(var=folder, database_urls={"registry": url})
    )
    database: Database = service.database
    migrating.migrate(database, assembly.folder_of(RegistryService), "registry")
    numbers = _fill(database)
    start = time.perf_counter()
    indexed = finding.index_again(database)
    seconds = time.perf_counter() - start
    with database.transaction() as session:
        count_rows(session, _TABLE, ObjectWordsRow.__table__)  # type: ignore[arg-type]
    asked = {
        "number_beginning": [number[:12] for number in numbers],
        "number_middle": [number[5:12] for number in numbers],
        "number_end": [number[-5:] for number in numbers],
        "label_2_characters": [_LABELS[n % len(_LABELS)][:2] for n in range(QUERIES)],
    }
    found: dict[str, Any] = {"words_per_second": round(indexed / seconds)}
    for name, texts in asked.items():
        box, scan = timed(database, texts, _box), timed(database, texts, _scan)
        ratio = round(scan["p50_ms"] / box["p50_ms"], 1)
        found[name] = {"box": box, "scan": scan, "p50_ratio": ratio}
    database.close()
    return found


def _fill(database: Database) -> list[str]:
    """All objects; some of their numbers, to ask for."""
    dice, numbers = Random(9), []
    for start in range(0, OBJECTS, SLICE):
        rows = [_row(n, dice) for n in range(start, min(start + SLICE, OBJECTS))]
        numbers += [row["number"] for row in rows]
        with database.transaction() as session:
            insert_all(session, _TABLE, rows)
    return dice.sample(numbers, QUERIES)


def _row(number: int, dice: Random) -> dict[str, Any]:
    return {
        "id": UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128),
        "source": "bench",
        "kind": "equipment",
        "key": f"TS{number:08}",
        "number": f"31106103{dice.randrange(100):02}{dice.randrange(10**10):010}",
        "class_code": "3110",
        "label": dice.choice(_LABELS),
        "enterprise_id": UUID(int=number % 3474),
        "division": "610303",
        "status": "in_use",
        "digest": f"{number:032x}",
        "revision": number + 1,
        "updated_at": clock.now(),
    }


def _box(session: Any, text: str) -> Sequence[Any]:
    return objects.page(session, Asked(text=text), scope=EVERYTHING, after=None, limit=PAGE)


def _scan(session: Any, text: str) -> Sequence[Any]:
    """What the box replaces: a part of any of its lines, in the order of the key."""
    has = or_(*(column.contains(text) for column in _SEARCHED))
    rows: Sequence[Any] = session.execute(
        select(_TABLE.c.id, _TABLE.c.label).where(has).order_by(_TABLE.c.id).limit(PAGE)
    ).all()
    return rows
