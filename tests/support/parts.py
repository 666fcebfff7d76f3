"""The processes of the platform on a bus, one by one, for tests that end them."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import requests

from services.chassis.settings import SERVICES, Settings
from tests.support.runs import RunFolder
from tests.support.servers import free_ports

ROOT = Path(__file__).resolve().parents[2]
HIGHEST_OFFSET = 10 + len(SERVICES)  # of the ports above BIANQUE_PORT
SECONDS_TO_STOP = 40


class Part:
    """One process of the platform: a service in one role."""

    def __init__(self, name: str, environ: Mapping[str, str], runs: RunFolder) -> None:
        """`name` as in `credit:events`; nothing happens before `start`."""
        self.name = name
        self.service, self.role = name.split(":")
        self.environ = dict(environ)
        self.settings = Settings.read(self.environ)
        self.log = runs.path / f"{self.service}-{self.role}-{self.settings.port}.log"
        self.log.touch()
        self._order = orders_of(runs) / f"{self.service}-{self.role}"
        self._runs = runs
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **extra: str) -> Part:
        """Start it, with further settings for this time; old orders to die are forgotten."""
        self._order.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.support.part_that_may_die"]
        self.process = self._runs.spawn(
            [*command, self.service, self.role], log=self.log, env={**self.environ, **extra}
        )
        return self

    def die_at(self, boundary: str, passing: int) -> None:
        """Order it to die at the n-th passing of a boundary from now on."""
        draft = self._order.with_suffix(".draft")
        draft.write_text(f"{boundary}:{passing}")
        draft.rename(self._order)

    def kill(self) -> None:
        """Kill -9; return when it is gone."""
        self._running().kill()
        self._running().wait()

    def terminate(self) -> int:
        """SIGTERM; its exit code. Raises TimeoutExpired if it does not end."""
        self._running().send_signal(signal.SIGTERM)
        return self._running().wait(SECONDS_TO_STOP)

    def ended(self) -> int | None:
        """The exit code; None: it lives, or was never started."""
        return self.process.poll() if self.process else None

    def ready(self) -> bool:
        """Whether it says that it can do its work."""
        if self.role == "api":
            port = self.settings.api_port(self.service)
        else:
            port = self.settings.health_port(self.service)
        try:
            return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).ok
        except requests.RequestException:
            return False

    def last_words(self) -> str:
        return f"== {self.name}\n{self.log.read_text(errors='replace')[-2000:]}"

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.process


def orders_of(runs: RunFolder) -> Path:
    """The folder of the orders to die."""
    folder = runs.path / "orders"
    folder.mkdir(exist_ok=True)
    return folder


def clean_environ() -> dict[str, str]:
    """The environment without settings of the platform, and with a place for bytecode.

    Compiled anew at every start, the libraries would take most of a test's time.
    """
    ours = ("BIANQUE_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    bytecode = str(ROOT / "var" / "test" / "bytecode")
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": bytecode}


def free_port_block() -> int:
    """A value for BIANQUE_PORT: it and the ports that are counted from it are free."""
    while True:
        first = random.choice(free_ports(20))
        if first + HIGHEST_OFFSET < 65536 and _all_free(
            range(first, first + HIGHEST_OFFSET + 1)
        ):
            return first


def _all_free(ports: Iterable[int]) -> bool:
    for port in ports:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
