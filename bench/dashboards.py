"""What a dashboard asks, from the maintained counters, against counting the table.

Counters by division, kind and colour, and all information points: of the whole installation
and of one division, folded and with a bad day's changes not yet folded. The anchors are a
plain GROUP BY of the same objects and duties. What is counted must be the same. The page is the
workbench's first one, from the request to the whole answer.
BENCH_DUTIES lists other sizes, e.g. "102000 1000000 10000000".
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text

from bench.anchors import percentile
from bench.evaluate import DAY, FIRST, SIZES, Spread, evaluate, filled
from services.chassis import clock
from services.chassis.scope import Scope
from services.chassis.settings import Settings
from services.command.one_process import OneProcess
from services.inspection.handlers import points, tallying
from services.inspection.handlers.points import Asked
from services.inspection.store import tallies
from services.portal.model import Role
from tests.services.portal_house import House
from tests.support.servers import a_postgres

DIVISIONS = {102_000: 12, 1_000_000: 100, 10_000_000: 1000}
ONE_DIVISION = "610303"
PROVINCE = "610000"
MOST_TIMES, LEAST_TIMES, SECONDS = 200, 5, 10.0

_OBJECTS = "SELECT division, kind, colour, count(*) FROM subject{where} GROUP BY 1, 2, 3"
_DUTIES = (
    "SELECT s.division, s.kind, d.colour, count(*) FROM duty d "
    "JOIN subject s ON s.object_id = d.object_id{where} GROUP BY 1, 2, 3"
)


def measure() -> dict[str, Any]:
    """Milliseconds for each question, and how much longer counting takes."""
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
    spread = Spread(
        division=f"cast({ONE_DIVISION} + n % {DIVISIONS.get(size, 100)} AS varchar(6))",
        kind="CASE WHEN n % 160 = 0 THEN 'licence' WHEN n % 3 = 0 THEN 'equipment' "
        "ELSE 'instrument' END",
        class_code="cast(1000 + n % 7 * 1000 AS varchar(4))",
    )
    service = filled(url, size, folder, spread)
    groups = tallying.compare(service.database, on=FIRST)  # the first one fills the counters
    tallying.fold(service.database)
    _swept(service)
    seconds, differing = _timed(lambda: tallying.compare(service.database, on=FIRST))
    assert differing == 0, f"{differing} counters differ from a recount"
    folded = _asked(service)
    evaluate(service, FIRST + DAY)
    unfolded = _asked(service)
    fold_seconds, rows = _timed(lambda: tallying.fold(service.database))
    figures = {
        "groups": groups,
        "recount_seconds": round(seconds, 2),
        "folded": folded,
        "after_a_day": {
            "changes_to_fold": rows,
            "fold_seconds": round(fold_seconds, 3),
            "counters_all": unfolded["counters_all"],
            "counters_one_division": unfolded["counters_one_division"],
        },
    }
    _must_agree(service)
    service.database.close()
    return figures | {"page": _pages(url, folder / f"platform-{size}-{urlsplit(url).scheme}")}


def _pages(url: str, var: Path) -> dict[str, Any]:
    """The first page of the workbench, drawn by the portal from the services' answers."""
    settings = Settings(var=var, database_urls={"inspection": url}, profile="baoji-2013")
    found = {}
    with OneProcess(settings) as platform:
        house = House(platform)
        for of, divisions in (("all", PROVINCE), ("one_division", ONE_DIVISION)):
            house.user(of, Role.CHIEF, divisions=divisions)
            browser = house.browser(of)
            found[of] = _again(partial(_opened, browser))
    return found


def _opened(browser: Any) -> None:
    answer = browser.get("/desk/")
    assert answer.status_code == 200, answer.status_code


def _swept(service: Any) -> None:
    """As autovacuum leaves a table some minutes after it was filled."""
    if service.database.dialect == "postgresql":
        with service.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM"))


def _asked(service: Any) -> dict[str, Any]:
    _must_agree(service)
    everything, one = Scope.parse("*"), Scope.parse(ONE_DIVISION)
    found: dict[str, Any] = {
        "counters_all": _spread(service, lambda s: tallies.counts(s, [everything])),
        "counters_one_division": _spread(service, lambda s: tallies.counts(s, [one])),
        "points_all": _spread(service, lambda s: _points(service, s, everything)),
        "points_one_division": _spread(service, lambda s: _points(service, s, one)),
        "group_by_all": _spread(service, lambda s: _counted(s, None)),
        "group_by_one_division": _spread(service, lambda s: _counted(s, ONE_DIVISION)),
    }
    for of in ("all", "one_division"):
        ratio = found[f"group_by_{of}"]["p50_ms"] / found[f"counters_{of}"]["p50_ms"]
        found[f"group_by_of_counters_{of}"] = round(ratio, 1)
    return found


def _points(service: Any, session: Any, scope: Scope) -> Any:
    asked = Asked(
        session=session, scopes=[scope], today=FIRST, at=clock.now(), policy=service.policy
    )
    return points.told(asked)


def _counted(session: Any, division: str | None) -> list[Sequence[Any]]:
    where = (
        ["", ""] if division is None else [" WHERE division = :of", " WHERE s.division = :of"]
    )
    given = {} if division is None else {"of": division}
    return [
        session.execute(text(statement.format(where=only)), given).all()
        for statement, only in zip((_OBJECTS, _DUTIES), where, strict=True)
    ]


def _must_agree(service: Any) -> None:
    """The counters say what a count of the table says."""
    with service.database.reading() as session:
        counted: Counter[tuple[Any, ...]] = Counter()
        for what, rows in zip(("objects", "duties"), _counted(session, None), strict=True):
            counted.update({(what, *row[:2], row[2]): row[3] for row in rows})
        kept = Counter(
            {
                (what, row["division"], row["kind"], row["colour"].severity): row[what]
                for row in tallies.counts(session, [])
                for what in ("objects", "duties")
                if row[what]
            }
        )
    assert kept == counted, "the counters differ from the table"


def _spread(service: Any, ask: Callable[[Any], Any]) -> dict[str, float]:
    """Asked again and again, each time in a session of its own, as a request is."""

    def once() -> None:
        with service.database.reading() as session:
            ask(session)

    return _again(once)


def _again(work: Callable[[], Any]) -> dict[str, float]:
    taken: list[float] = []
    while len(taken) < LEAST_TIMES or (len(taken) < MOST_TIMES and sum(taken) < SECONDS):
        taken.append(_timed(work)[0])
    return {
        "p50_ms": round(percentile(taken, 0.5) * 1000, 2),
        "p99_ms": round(percentile(taken, 0.99) * 1000, 2),
    }


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found
