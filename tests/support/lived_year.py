"""A city that lives through a year, day by day, on the whole platform in one process."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.chassis.settings import Settings
from services.chassis.tables import OutboxRow
from services.command.client import InThisProcess
from services.command.importing import imported
from services.command.one_process import OneProcess
from services.demo.city import CENSUS_ON, write_city
from services.demo.files import DemoFile
from services.demo.year import write_delivery, year
from services.inspection.model import ColourCounts
from services.inspection.store import chain
from tests.support.recomputed import Facts, Recomputation

SAID = {
    "inspection": ("warning_turned_red", "warning_cleared"),
    "credit": (
        "bad_information_published",
        "bad_information_corrected",
        "bad_information_withdrawn",
        "enterprise_blacklisted",
        "safety_alert_raised",
        "escalation_lifted",
    ),
}


@dataclass
class Lived:
    """What came out: the attested colours of each day, and what was said on each day.

    *seconds*: what each day took; *seconds_again*: what working it all out again took.
    """

    objects: dict[date, Counter[str]] = field(default_factory=dict)
    duties: dict[date, Counter[str]] = field(default_factory=dict)
    said: dict[date, Counter[str]] = field(default_factory=dict)
    rows: int = 0
    seconds: dict[date, float] = field(default_factory=dict)
    seconds_again: float = 0.0


class LivedYear:
    """Drives the platform: what the sources deliver, then what the calendar asks for."""

    def __init__(self, platform: OneProcess, folder: Path) -> None:
        self.platform = platform
        self.services = InThisProcess(platform)
        self.folder = folder
        self.lived = Lived()
        self._heard_up_to = 0
        self._said_up_to = dict.fromkeys(SAID, 0)

    def live(self, *, factor: float, days: int, every: int) -> Recomputation:
        """The census, and so many days after it; beside it the same worked out again."""
        first, last = CENSUS_ON, CENSUS_ON + timedelta(days=days)
        again = Recomputation(first, last)
        delivered = dict(year(factor=factor, on=first, days=days, every=every))
        census = write_city(self.folder / "census", factor=factor, on=first)
        for number in range(days + 1):
            day = first + timedelta(days=number)
            with day_of(day):
                files = census if day == first else self._delivery(delivered.get(day, ()))
                start = time.perf_counter()
                self._one_day(day, files)
                self.lived.seconds[day] = time.perf_counter() - start
            stated = list(self._newly_stated())
            start = time.perf_counter()
            again.day(day, stated)
            self.lived.seconds_again += time.perf_counter() - start
        return again

    def _work_off(self) -> None:
        self.platform.services["registry"].work_off_imports()

    def _delivery(self, items: Sequence[Any]) -> list[DemoFile]:
        return write_delivery(self.folder / "daily", items) if items else []

    def _one_day(self, day: date, files: Sequence[DemoFile]) -> None:
        for file in files:
            report = imported(self.services, file.path, file.mapping, pause=self._work_off)
            came = report["new"] + report["changed"] + report["same"]
            assert (came, report["wrong"]) == (file.rows, 0), report
            self.lived.rows += came
        self.platform.carry()
        self.platform.keep_time()
        self.platform.carry()
        self._note(day)

    def _note(self, day: date) -> None:
        with self.platform.services["inspection"].database.reading() as session:
            line = chain.last_line(session, on=day)
        assert line is not None, f"{day} was not attested"
        self.lived.objects[day] = _counter(line.of_objects)
        self.lived.duties[day] = _counter(line.of_duties)
        said: Counter[str] = Counter()
        for service, facts in SAID.items():
            wanted = {f"{service}.{fact}.v1": fact for fact in facts}
            rows = self._outbox(service, self._said_up_to[service])
            said.update(wanted[kind] for _, kind, _ in rows if kind in wanted)
            self._said_up_to[service] = rows[-1][0] if rows else self._said_up_to[service]
        self.lived.said[day] = said

    def _newly_stated(self) -> Iterator[Facts]:
        rows = self._outbox("registry", self._heard_up_to)
        for position, kind, message in rows:
            self._heard_up_to = position
            if kind == "registry.object_recorded.v1":
                yield json.loads(message)["data"]

    def _outbox(self, service: str, after: int) -> list[tuple[int, str, str]]:
        rows = (
            select(OutboxRow.position, OutboxRow.type, OutboxRow.message)
            .where(OutboxRow.position > after)
            .order_by(OutboxRow.position)
        )
        with self.platform.services[service].database.reading() as session:
            return [(row[0], row[1], row[2]) for row in session.execute(rows)]


@contextmanager
def a_city(folder: Path) -> Iterator[LivedYear]:
    """An empty platform of the profile baoji-2013, moved by hand: no thread runs."""
    settings = Settings.read(
        {
            "BIANQUE_VAR": str(folder / "var"),
            "BIANQUE_PROFILE": "baoji-2013",
            "BIANQUE_API_TOKEN": "a secret of this test run",
        }
    )
    with OneProcess(settings) as platform:
        yield LivedYear(platform, folder)


@contextmanager
def day_of(day: date) -> Iterator[None]:
    """It is that day."""
    before = os.environ.get("BIANQUE_TODAY")
    os.environ["BIANQUE_TODAY"] = day.isoformat()
    try:
        yield
    finally:
        if before is None:
            del os.environ["BIANQUE_TODAY"]
        else:
            os.environ["BIANQUE_TODAY"] = before


def _counter(counts: ColourCounts) -> Counter[str]:
    return +Counter(asdict(counts))
