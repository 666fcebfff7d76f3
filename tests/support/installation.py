"""What tests ask of a platform, on a bus or in one process."""

from __future__ import annotations

import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from services.chassis.settings import SERVICES, Settings
from services.command.client import OverHttp, ask, tell
from services.command.importing import imported
from tests.support.overdue import Table
from tests.support.runs import RunFolder

TOKEN = "a secret of this test run"  # noqa: S105 - not a real one
KEYS = "test:the-keys-of-this-test-run-are-known-to-everybody"
QUIET_SECONDS = 120
COMMAND_SECONDS = 120
LOOK_SECONDS = 0.1  # between two looks: looking takes time from the platform


class Installation(ABC):
    """Settings, state and processes of one platform, which a test may end."""

    def __init__(self, runs: RunFolder, environ: Mapping[str, str]) -> None:
        """Nothing is started. Processes and their logs live in *runs*."""
        self.runs = runs
        self.environ = dict(environ)
        self.settings = Settings.read(self.environ)
        self.profile = self.settings.profile

    @property
    @abstractmethod
    def api(self) -> OverHttp:
        """The internal APIs of the running platform."""

    @abstractmethod
    def rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """Asked of the service's own database."""

    @abstractmethod
    def waits(self) -> bool:
        """Whether something is on its way between services, or is to be tried again."""

    @abstractmethod
    def last_words(self) -> str:
        """The ends of the logs."""

    def command(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """`bianque ...` with the settings of this platform, and some others."""
        return subprocess.run(
            [sys.executable, "-m", "services.command.main", *words],
            env={**self.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )

    def import_table(self, table: Table) -> dict[str, Any]:
        """Through the registry's API; the report. Raises Rejected, NotAnswered."""
        return imported(self.api, table.file, table.mapping)

    def evaluate(self, on: str | None = None) -> dict[str, Any]:
        """Today, or another day; the attestation."""
        day = {"on": on} if on else {}
        attestation: dict[str, Any] = tell(self.api, "inspection", "/evaluations", **day)
        return attestation

    def status(self, service: str) -> dict[str, Any]:
        """What a service says of itself."""
        answer: dict[str, Any] = ask(self.api, service, "/status")
        return answer

    def count(self, service: str, rest: str) -> int:
        """SELECT count(*) FROM *rest*."""
        query = f"SELECT count(*) FROM {rest}"  # noqa: S608 - a test's own words
        [(number,)] = self.rows(service, query)
        return int(number)

    def quiet(self) -> bool:
        """Nothing waits or is in hand, and nothing was said or heard between two looks."""
        before = self._said_and_heard()
        if self.waits():
            return False
        time.sleep(0.25)  # an event can pass from one outbox to the next between two looks
        return not self.waits() and self._said_and_heard() == before

    def wait_until_quiet(self) -> None:
        """Until the chain has nothing more to do."""
        self.wait_until(self.quiet)

    def wait_until(self, fact: Callable[[], Any], seconds: float = QUIET_SECONDS) -> None:
        """Until a fact holds; else the test ends with the ends of the logs."""
        deadline = time.monotonic() + seconds
        while not fact():
            assert time.monotonic() < deadline, self.last_words()
            time.sleep(LOOK_SECONDS)

    def _outboxes_or_parked_wait(self) -> bool:
        """Grades too: they are computed some seconds after what they follow from."""
        return self.count("credit", "grade_due") > 0 or any(
            self.count(service, "outbox WHERE sent_at IS NULL")
            + self.count(service, "parked WHERE next_try_at IS NOT NULL")
            for service in SERVICES
        )

    def _said_and_heard(self) -> list[tuple[Any, ...]]:
        query = "SELECT (SELECT max(position) FROM outbox), (SELECT count(*) FROM inbox)"
        return [row for service in SERVICES for row in self.rows(service, query)]
