"""The whole platform in one process: no broker, SQLite files, threads.

Each service has its relay, which hands outbox rows straight to the hearers, and its
timers. What a crash interrupts is still in an outbox, and is carried at the next start.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from services.chassis import clock, timing
from services.chassis.api import waiting_of
from services.chassis.hearing import Hearings
from services.chassis.local import LocalCarrier
from services.chassis.reconciling import EVERY_SECONDS, Since, in_one_process
from services.chassis.relay import Relay
from services.chassis.serving import Listening
from services.chassis.settings import PORTAL, SERVICES, Settings
from services.command import roster
from services.command.secret import api_token

log = structlog.get_logger()


class AlreadyRunning(Exception):
    """Another process has this installation's state open."""


class OneProcess:
    """The platform of one state folder. `with OneProcess(settings) as platform: ...`

    Only one may have a state folder open at a time, but for those that only look on. Raises
    AlreadyRunning, SettingBroken, DatabaseNewer.
    """

    def __init__(self, settings: Settings, *, looking_on: bool = False) -> None:
        settings.var.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.token = api_token(settings)
        self._lock = None if looking_on else _lock(settings)
        if not looking_on:
            roster.migrate(settings)
        self.services = {name: roster.assembled(name, settings) for name in SERVICES}
        self.apps = {
            name: roster.application(service, self.token)
            for name, service in self.services.items()
        }
        self.portal = roster.assembled(PORTAL, settings)
        self._relays = self._made_relays()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listening: list[Listening] = []

    def __enter__(self) -> OneProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Carry, hear and keep time from now on."""
        for relay in self._relays:
            self._spawn(relay.run, f"relay {relay.service}")
        self._spawn(self._reconcile, "reconcile")
        for service in self.services.values():
            for job in timing.jobs(service):
                name = f"{service.name} {job.name}"
                self._spawn(timing.repeat, name, service, job, self._stopping)

    def serve(self) -> str:
        """Open the pages on their port, the internal APIs on another, /<service>/...

        Returns the address of the APIs; that of the pages is settings.portal_address.
        """
        apps: dict[str, Any] = {f"/{name}": app for name, app in self.apps.items()}
        first = self.apps[SERVICES[0]]
        host = self.settings.host
        self._listening = [
            Listening(DispatcherMiddleware(first, apps), host, self.settings.port),
            Listening(self.pages(), host, self.settings.portal_port),
        ]
        for listening in self._listening:
            listening.start()
        url = f"http://{self.settings.host}:{self.settings.port}"
        state = {"pid": os.getpid(), "url": url, "started_at": clock.now().isoformat()}
        (self.settings.var / "platform.json").write_text(json.dumps(state), encoding="utf-8")
        return url

    def pages(self) -> Flask:
        """The web application, which asks the services without a socket."""
        return roster.pages(self.portal, self.token, inside=self.apps)

    def stop(self) -> None:
        """End after the work in hand. What was not carried is carried at the next start."""
        for listening in self._listening:
            listening.stop()
        if self._listening:
            (self.settings.var / "platform.json").unlink(missing_ok=True)
        self._stopping.set()
        for relay in self._relays:
            relay.stop()
        for thread in self._threads:
            thread.join()
        for service in (*self.services.values(), self.portal):
            service.database.close()
        if self._lock is not None:
            os.close(self._lock)

    def quiet(self) -> bool:
        """Whether nothing waits, nothing is carried and nothing falls due right now."""
        return quiet(self._statuses, lambda: time.sleep(0.05))

    def carry(self) -> int:
        """Without `start`: hand on what waits, until nothing does. Returns how many events."""
        carried = 0
        while sent := sum(relay.send_waiting() for relay in self._relays):
            carried += sent
        return carried

    def keep_time(self) -> None:
        """Without `start`: do once what every service does from time to time."""
        for service in self.services.values():
            for job in timing.jobs(service):
                timing.tick(service, job)
                self.carry()

    def wait_until_quiet(self) -> None:
        """Return when the chain has nothing more to do."""
        while not self.quiet():
            time.sleep(0.05)

    def _statuses(self) -> list[dict[str, Any]]:
        return [waiting_of(service) for service in self.services.values()]

    def _made_relays(self) -> list[Relay]:
        hearings = [h for service in self.services.values() for h in Hearings(service)]
        return [
            Relay(service.database, LocalCarrier(hearings), service.name)
            for service in self.services.values()
        ]

    def _reconcile(self) -> None:
        """Give every hearer what it never heard, e.g. after a database was restored."""
        since = Since(self.settings.keep_days)
        hearings = [h for service in self.services.values() for h in Hearings(service)]
        while not self._stopping.wait(EVERY_SECONDS):
            try:
                with since.looking_back() as first:
                    given = in_one_process(self.services, hearings, first)
            except SQLAlchemyError as error:
                log.warning("reconcile_waits", reason=repr(error))
            else:
                if given:
                    log.warning("sent_again", messages=given)

    def _spawn(self, target: Any, name: str, *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, name=name)
        thread.start()
        self._threads.append(thread)


def quiet(statuses: Any, pause: Any) -> bool:
    """Twice in a row nothing waits, and nothing was announced in between.

    Once is not enough: an event can pass from one outbox to the next between two looks.
    """
    first = statuses()
    if any(_waits(status) for status in first):
        return False
    pause()
    second = statuses()
    return not any(_waits(status) for status in second) and all(
        a["outbox_position"] == b["outbox_position"] for a, b in zip(first, second, strict=True)
    )


def _waits(status: dict[str, Any]) -> bool:
    return bool(status["outbox_waiting"] or status["parked_due"] or status["busy"])


def _lock(settings: Settings) -> int:
    """Held until this process ends, however it ends."""
    handle = os.open(settings.var / "platform.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(handle, 20).decode().strip()
        os.close(handle)
        raise AlreadyRunning(
            f"another bianque process ({pid}) has {settings.var} open"
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    return handle
