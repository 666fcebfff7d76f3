"""The platform on a bus: two processes for each service, restarted when they end.

`<service>:events` hears, relays and keeps the calendar; `<service>:api` answers HTTP. They
are apart because a page must not wait behind a burst of events.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
import structlog

from services.chassis.api import (
    CALLER_HEADER,
    OPERATOR,
    ROLE_HEADER,
    SCOPE_HEADER,
    TOKEN_HEADER,
)
from services.chassis.bus import connecting, topology
from services.chassis.scope import EVERYTHING
from services.chassis.settings import PORTAL, SERVICES, Settings
from services.command import roster
from services.command.one_process import quiet
from services.command.secret import api_token

ROLES = ("events", "api")
PAGES = f"{PORTAL}:web"
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
STOP_SECONDS = 30
STEADY_SECONDS = 30
READY_SECONDS = 60

log = structlog.get_logger()


class NotReady(Exception):
    """A process did not become able to work."""


@dataclass
class Part:
    """One process: a service in one role."""

    service: str
    role: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.service}:{self.role}"

    def start(self) -> None:
        command = [sys.executable, "-m", "services.command.part", self.service, self.role]
        self.process = subprocess.Popen(command, env={**os.environ, **self.environ})  # noqa: S603 - our own module
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it again if it ended; sooner the longer it had run."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.not_before:
            lived = now - self.started
            self.failures = 0 if lived > STEADY_SECONDS else self.failures + 1
            pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
            self.not_before = now + pause
            log.error(
                "process_ended", part=self.name, code=self.process.returncode, pause=pause
            )
        if now >= self.not_before:
            self.not_before = 0.0
            self.start()


class Processes:
    """Supervises parts: all of them, or those named like `credit:events`."""

    def __init__(self, settings: Settings, parts: Sequence[str] = ()) -> None:
        self.settings = settings
        self.token = api_token(settings)
        environ = {
            "BIANQUE_API_TOKEN": self.token,
            "BIANQUE_CALENDAR": "1" if settings.calendar else "0",
        }
        names = parts or [f"{service}:{role}" for service in SERVICES for role in ROLES]
        self.parts = [
            Part(service, role, environ=environ)
            for service, role in (name.split(":") for name in names)
        ]

    def __enter__(self) -> Processes:
        roster.migrate(self.settings)
        for part in self.parts:
            part.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def look_after(self) -> None:
        """Once: start again what has ended."""
        for part in self.parts:
            part.look_after()

    def stop(self) -> None:
        """Ask all to end; end by force whoever does not."""
        living = [p.process for p in self.parts if p.process and p.process.poll() is None]
        for process in living:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in living:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait_until_ready(self) -> None:
        """Return when every part can do its work. Raises NotReady, with what is wrong."""
        deadline = time.monotonic() + READY_SECONDS
        waiting = list(self.parts)
        trouble: Any = None
        while waiting:
            self.look_after()
            trouble = _trouble(self._url(waiting[0]))
            if trouble is None:
                waiting.pop(0)
            elif time.monotonic() > deadline:
                raise NotReady(f"{waiting[0].name} after {READY_SECONDS} s: {trouble}")
            else:
                time.sleep(0.1)

    def wait_until_quiet(self) -> None:
        """Return when no outbox and no queue holds anything, for a while."""
        while not quiet(self.statuses, lambda: time.sleep(1.5)) or any(
            queue_lengths(self.settings).values()
        ):
            self.look_after()
            time.sleep(0.2)

    def statuses(self) -> list[dict[str, Any]]:
        """What waits at each service."""
        headers = {
            TOKEN_HEADER: f"Bearer {self.token}",
            SCOPE_HEADER: EVERYTHING,
            ROLE_HEADER: OPERATOR,
            CALLER_HEADER: "supervisor",
        }
        return [
            requests.get(
                f"{self.settings.api_url(s)}/status?counts=no", headers=headers, timeout=30
            ).json()
            for s in SERVICES
        ]

    def _url(self, part: Part) -> str:
        if part.name == PAGES:
            return f"http://{self.settings.host}:{self.settings.portal_port}"
        if part.role == "api":
            return self.settings.api_url(part.service)
        return f"http://{self.settings.host}:{self.settings.health_port(part.service)}"


def all_parts(settings: Settings) -> list[str]:
    """Every part of an installation: the services, and the pages where they have a database."""
    parts = [f"{service}:{role}" for service in SERVICES for role in ROLES]
    return [*parts, PAGES] if PORTAL in settings.database_urls else parts


def queue_lengths(settings: Settings) -> dict[str, int | None]:
    """Messages ready in every queue of the platform. Raises what a lost broker raises."""
    if settings.broker_url is None:
        return {}
    connection = connecting.connect(settings.broker_url)
    try:
        return topology.lengths(connection, roster.all_subscriptions())
    finally:
        connecting.cut(connection)


def declare_queues(settings: Settings) -> None:
    """Every exchange and queue. Raises SettingBroken or what a lost broker raises."""
    if settings.broker_url is None:
        return
    connection = connecting.connect(settings.broker_url)
    try:
        with connection.channel() as channel:
            topology.declare(channel, roster.all_subscriptions(), SERVICES)
    finally:
        connecting.cut(connection)


def _trouble(url: str) -> Any:
    try:
        answer = requests.get(f"{url}/readyz", timeout=5)
        return None if answer.ok else answer.json().get("troubles")
    except (requests.RequestException, ValueError) as error:
        return repr(error)
