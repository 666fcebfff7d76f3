"""bianque run, bianque migrate."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

import click
from rich.live import Live

from services.chassis import logs
from services.chassis.settings import PORTAL, SERVICES, Settings, from_environment
from services.command import live, roster
from services.command.client import active, found_running
from services.command.one_process import AlreadyRunning, OneProcess
from services.command.processes import (
    PAGES,
    ROLES,
    Processes,
    all_parts,
    declare_queues,
)
from services.command.saying import as_json, err, fail, out, say_json, troubles_told
from services.command.users import demonstration_links

LOOK_SECONDS = 1.0


@click.command()
@click.argument("parts", nargs=-1, metavar="[SERVICE[:events|:api]|portal]...")
@troubles_told
def run(parts: tuple[str, ...]) -> None:
    """Run the platform until Ctrl-C or SIGTERM.

    Without BIANQUE_BROKER_URL: everything in this process. With it: a process for each
    service and role, restarted when one ends; or only the SERVICEs named.
    """
    settings = from_environment()
    stop = _stop_on_signals()
    if settings.on_a_bus:
        logs.set_up(settings.log_level, service="supervisor")
        _run_processes(settings, _parts(parts) or all_parts(settings), stop)
    elif parts:
        fail("without BIANQUE_BROKER_URL all services run in one process: name none")
    else:
        _run_one_process(settings, stop)


@click.command()
@as_json
@troubles_told
def migrate(as_json: bool) -> None:
    """Bring databases and queues to this program's version. Safe to repeat."""
    settings = from_environment()
    taken = roster.migrate(settings)
    declare_queues(settings)
    if as_json:
        say_json(taken)
        return
    for service, steps in taken.items():
        out.print(f"{service}: {', '.join(steps) or 'up to date'}")


def _parts(named: tuple[str, ...]) -> list[str]:
    parts = []
    for name in named:
        if name in (PORTAL, PAGES):
            parts.append(PAGES)
            continue
        service, _, role = name.partition(":")
        if service not in SERVICES or (role and role not in ROLES):
            fail(
                f"{name!r}: name portal or one of {', '.join(SERVICES)}, with :events or :api "
                "if wanted"
            )
        parts += [name] if role else [f"{service}:{role}" for role in ROLES]
    return parts


def _run_one_process(settings: Settings, stop: threading.Event) -> None:
    file = settings.var / "bianque.log" if sys.stderr.isatty() else None
    logs.set_up(settings.log_level, service="platform", file=file)
    try:
        platform = OneProcess(settings)
    except AlreadyRunning:
        if (running := found_running(settings)) is None:
            raise
        fail(f"it runs already, at {next(iter(running.urls.values())).rsplit('/', 1)[0]}")
    with platform:
        platform.start()
        url = platform.serve()
        err.print(f"扁鹊 Bianque · {settings.portal_address} · Ctrl-C ends it")
        err.print(f"internal APIs at {url}")
        for user, link in demonstration_links(settings):
            err.print(f"{user.display_name} ({user.name}): {link}", soft_wrap=True)
        if file is not None:
            err.print(f"what happens inside is written to {file}")
        with active(settings) as services:
            _show(services, stop, settings)


def _run_processes(settings: Settings, parts: list[str], stop: threading.Event) -> None:
    with Processes(settings, parts) as processes:
        while not stop.wait(0.2):
            processes.look_after()


def _show(services: Any, stop: threading.Event, settings: Settings) -> None:
    """The platform live in a terminal; without one, just wait."""
    if not out.is_terminal:
        stop.wait()
        return
    with Live(live.screen(services, settings), console=out, refresh_per_second=2) as shown:
        while not stop.wait(LOOK_SECONDS):
            shown.update(live.screen(services, settings))


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
