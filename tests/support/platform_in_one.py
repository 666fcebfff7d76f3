"""The whole platform in one process, as `bianque run` without a broker, for tests to kill."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import requests

from services.chassis.settings import SERVICES
from services.command.client import OverHttp
from tests.support.installation import TOKEN, Installation
from tests.support.parts import clean_environ, free_port_block
from tests.support.runs import RunFolder

READY_SECONDS = 60
STOP_SECONDS = 60


class PlatformInOne(Installation):
    """A state folder with SQLite files, and the process that has it open."""

    def __init__(self, runs: RunFolder, **settings: str) -> None:
        """Nothing is started. *settings* go over the ones of all tests."""
        super().__init__(
            runs,
            {
                **clean_environ(),
                "BIANQUE_VAR": str(runs.path / "var"),
                "BIANQUE_API_TOKEN": TOKEN,
                "BIANQUE_PORT": str(free_port_block()),
                "BIANQUE_PROFILE": "baoji-2013",
                "BIANQUE_CALENDAR": "0",
                **settings,
            },
        )
        self.log = runs.path / "platform.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> OverHttp:
        """One port, a path for each service."""
        return OverHttp({service: f"{self._url}/{service}" for service in SERVICES}, TOKEN)

    def start(self, **settings: str) -> PlatformInOne:
        """`bianque run`; return when it answers."""
        self.process = self.spawn("run", **settings)
        self.wait_until(self._answers, READY_SECONDS)
        return self

    def spawn(self, *words: str, **settings: str) -> subprocess.Popen[bytes]:
        """`bianque ...`, beside the test."""
        return self.runs.spawn(
            [sys.executable, "-m", "services.command.main", *words],
            log=self.log,
            env={**self.environ, **settings},
        )

    def kill(self) -> None:
        """Kill -9; return when it is gone."""
        self._running().kill()
        self._running().wait()

    def terminate(self) -> int:
        """SIGTERM; the exit code."""
        self._running().send_signal(signal.SIGTERM)
        return self._running().wait(STOP_SECONDS)

    def rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        """Asked of the service's file; nothing if it is not there yet."""
        file = self.settings.var / f"{service}.db"
        with closing(
            sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
        ) as connection:
            return connection.execute(query).fetchall()

    def waits(self) -> bool:
        """In an outbox, or parked to be tried again: a row leaves when all have heard it."""
        return self._outboxes_or_parked_wait()

    def last_words(self) -> str:
        """The end of the log."""
        return self.log.read_text(errors="replace")[-6000:]

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self._url}/registry/healthz", timeout=5).ok
        except requests.RequestException:
            assert self._running().poll() is None, self.last_words()
            return False

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError("the platform was never started")
        return self.process


@contextmanager
def platform_in_one(**settings: str) -> Iterator[PlatformInOne]:
    """A fresh state folder; nothing started yet."""
    runs = RunFolder("platform")
    try:
        yield PlatformInOne(runs, **settings)
    finally:
        runs.remove()
