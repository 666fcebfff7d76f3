"""Who may be the same enterprise, in a city into which one in ten was sown a second time.

Time, and how much of the sown is found (recall) and how much of what is found was sown
(precision). The anchor holds some enterprises against every name by edit distance alone:
what there would be to pay without blocks. BENCH_ENTERPRISES sets how many there are.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from rapidfuzz.distance import Levenshtein
from sqlalchemy import func, select, update

from services.chassis import assembly, migrating, outbox
from services.chassis.database import Database
from services.chassis.settings import Settings
from services.demo.city import CENSUS
from services.registry.handlers import resembling
from services.registry.service import RegistryService
from services.registry.store.tables import CandidateRow, EnterpriseRow
from tests.support.servers import a_postgres
from tests.support.sown import Pair, sow

SIZES = (CENSUS["enterprise"], 100_000)
SEED = 20131213
CHANGED = 0.01
SAMPLED = 20
FARTHEST = 2


def measure() -> dict[str, Any]:
    """Milliseconds an enterprise, recall and precision, on both databases."""
    sizes = [int(size) for size in os.environ.get("BENCH_ENTERPRISES", "").split()] or SIZES
    with TemporaryDirectory() as folder, a_postgres() as postgres:
        figures: dict[str, Any] = {}
        for size in sizes:
            figures[f"postgresql_{size}"] = _measured(
                postgres.database("registry"), Path(folder), size
            )
            figures[f"sqlite_{size}"] = _measured(
                f"sqlite:///{folder}/registry-{size}.db", Path(folder), size
            )
    return figures


def _measured(url: str, folder: Path, size: int) -> dict[str, Any]:
    service = assembly.assemble(
        RegistryService, Settings(var=folder, database_urls={"registry": url})
    )
    database: Database = service.database
    migrating.migrate(database, assembly.folder_of(RegistryService), "registry")
    sown = sow(database, many=size, seed=SEED)
    files, seconds = _timed(service)
    found = _proposed(database)
    again, unchanged = _timed(service)
    assert again == 0, f"{again} were compared again, and nothing had changed"
    changed, of_changed = _after_a_change(service)
    apart = _held_against_every_name(database)
    database.close()
    each = seconds / files
    return {
        "files": files,
        "sown": len(sown),
        "proposed": len(found),
        "recall": round(len(found & sown) / len(sown), 4),
        "precision": round(len(found & sown) / max(len(found), 1), 4),
        "seconds": round(seconds, 1),
        "each_ms": round(each * 1000, 2),
        "unchanged_seconds": round(unchanged, 3),
        "changed": changed,
        "changed_seconds": round(of_changed, 2),
        "every_name_each_ms": round(apart * 1000, 2),
        "of_every_name": round(each / apart, 2),
    }


def _timed(service: Any) -> tuple[int, float]:
    start = time.perf_counter()
    compared = resembling.find_all(service.database, policy=service.policy)
    return compared, time.perf_counter() - start


def _proposed(database: Database) -> set[Pair]:
    with database.reading() as session:
        rows = session.execute(select(CandidateRow.one_id, CandidateRow.other_id)).all()
    return {frozenset(row) for row in rows}


def _after_a_change(service: Any) -> tuple[int, float]:
    """One in a hundred has moved."""
    with service.database.transaction() as session:
        ids = session.scalars(select(EnterpriseRow.id).order_by(EnterpriseRow.id)).all()
        some = Random(SEED).sample(ids, max(round(len(ids) * CHANGED), 1))
        revision = outbox.revision_after(
            session.scalar(select(func.max(EnterpriseRow.revision)))
        )
        moved = update(EnterpriseRow).where(EnterpriseRow.id.in_(some))
        session.execute(moved.values(address=EnterpriseRow.address + "一层", revision=revision))
    return _timed(service)


def _held_against_every_name(database: Database) -> float:
    """Seconds for one enterprise, of a sample."""
    with database.reading() as session:
        names = session.scalars(select(EnterpriseRow.name)).all()
    sample = Random(SEED).sample(names, SAMPLED)
    start = time.perf_counter()
    for name in sample:
        for other in names:
            Levenshtein.distance(name, other, score_cutoff=FARTHEST)
    return (time.perf_counter() - start) / SAMPLED
