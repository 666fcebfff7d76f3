"""The search box against a plain scan of the same table, on both databases.

BENCH_ENTERPRISES sets how many there are (100,000; a province has 5 million).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from bench.anchors import percentile
from services.chassis import assembly, clock, migrating
from services.chassis.database import Database, insert_all
from services.chassis.scope import Scope
from services.chassis.settings import Settings
from services.registry.handlers import finding
from services.registry.service import RegistryService
from services.registry.store.search import asking
from services.registry.store.search.narrowing import Asked
from services.registry.store.staged import count as count_rows
from services.registry.store.tables import EnterpriseRow, SearchEntryRow
from tests.services.registry_stories import uscc
from tests.support.servers import a_postgres

ENTERPRISES = int(os.environ.get("BENCH_ENTERPRISES", "100000"))
QUERIES = 100
SCANS = 100 if ENTERPRISES <= 1_000_000 else 10  # a scan of millions takes seconds
PAGE = 20
SLICE = 5000
EVERYTHING = Scope(frozenset({"*"}))

_TABLE: Any = EnterpriseRow.__table__
_PLACES = ("宝鸡市渭滨区", "宝鸡市金台区", "宝鸡市陈仓区", "宝鸡高新区", "太白县", "麟游县")
_BRAND = "鹏盛金泰宏远嘉禾瑞丰恒达天成永兴博雅德润华信隆昌凯源中正广顺新安吉利东方明珠"
_TRADES = ("钛业", "机械", "食品", "商贸", "物业管理", "汽车零部件", "建材", "电子科技", "酒业")
_FORMS = ("有限公司", "有限责任公司", "厂", "经营部", "合作社")


def measure() -> dict[str, Any]:
    """Milliseconds for a page of 20 by fragments of two to six characters and by codes."""
    with TemporaryDirectory() as folder, a_postgres() as postgres:
        return {
            "enterprises": ENTERPRISES,
            "postgresql": _measured(postgres.database("registry"), Path(folder)),
            "sqlite": _measured(f"sqlite:///{folder}/registry.db", Path(folder)),
        }


def _measured(url: str, folder: Path) -> dict[str, Any]:
    service = assembly.assemble(
        RegistryService, Settings(var=folder, database_urls={"registry": url})
    )
    database: Database = service.database
    migrating.migrate(database, assembly.folder_of(RegistryService), "registry")
    names = _fill(database)
    start = time.perf_counter()
    indexed = finding.index_again(database)
    seconds = time.perf_counter() - start
    with database.transaction() as session:
        count_rows(session, _TABLE, SearchEntryRow.__table__)  # type: ignore[arg-type]
    found = {
        "index_entries_per_second": round(indexed / seconds),
        **{
            f"{n}_characters": _against_scan(database, _fragments(names, n))
            for n in range(2, 7)
        },
        "code_whole": timed(database, [uscc(n) for n in range(QUERIES)], _box),
        "code_beginning": timed(database, [uscc(n * 7)[:14] for n in range(QUERIES)], _box),
    }
    database.close()
    return found


def _fill(database: Database) -> list[str]:
    dice, names = Random(8), []
    for start in range(0, ENTERPRISES, SLICE):
        rows = []
        for number in range(start, min(start + SLICE, ENTERPRISES)):
            names.append(_name(dice))
            rows.append(_row(number, names[-1]))
        with database.transaction() as session:
            insert_all(session, _TABLE, rows)
    return names


def _name(dice: Random) -> str:
    brand = "".join(dice.choices(_BRAND, k=dice.choice((2, 2, 3, 4))))
    return f"{dice.choice(_PLACES)}{brand}{dice.choice(_TRADES)}{dice.choice(_FORMS)}"


def _row(number: int, name: str) -> dict[str, Any]:
    return {
        "id": UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128),
        "source": "bench",
        "uscc": uscc(number),
        "name": name,
        "division": "610303",
        "status": "active",
        "revision": number + 1,
        "updated_at": clock.now(),
    }


def _fragments(names: Sequence[str], length: int) -> list[str]:
    """Pieces of names that are there."""
    dice = Random(length)
    pieces: list[str] = []
    while len(pieces) < QUERIES:
        name = dice.choice(names)
        at = dice.randrange(max(len(name) - length, 1))
        pieces.append(name[at : at + length])
    return pieces


def _against_scan(database: Database, texts: Sequence[str]) -> dict[str, Any]:
    box, scan = timed(database, texts, _box), timed(database, texts[:SCANS], _scan)
    with database.reading() as session:
        for text in texts[: min(SCANS, 10)]:
            assert len(_box(session, text)) == len(_scan(session, text)), text
    return {"box": box, "scan": scan, "p50_ratio": round(scan["p50_ms"] / box["p50_ms"], 1)}


def timed(
    database: Database, texts: Sequence[str], way: Callable[[Any, str], Any]
) -> dict[str, float]:
    """Milliseconds of asking for each text, p50 and p99."""
    taken = []
    with database.reading() as session:
        for text in texts:
            start = time.perf_counter()
            way(session, text)
            taken.append((time.perf_counter() - start) * 1000)
    return {
        "p50_ms": round(percentile(taken, 0.5), 2),
        "p99_ms": round(percentile(taken, 0.99), 2),
    }


def _box(session: Any, text: str) -> Sequence[Any]:
    return asking.enterprises(
        session, Asked(text=text, kind="enterprise"), scope=EVERYTHING, after=0, limit=PAGE
    )


def _scan(session: Any, text: str) -> Sequence[Any]:
    """What the box replaces: a part of the name, in the order of a key."""
    found = select(_TABLE.c.id, _TABLE.c.name, func.length(_TABLE.c.name))
    rows: Sequence[Any] = session.execute(
        found.where(_TABLE.c.name.contains(text)).order_by(_TABLE.c.id).limit(PAGE)
    ).all()
    return rows
