"""Services are killed, or told to end, while red warnings run through the platform."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest

from services.chassis.settings import SERVICES
from tests.support.cascades import Cascades
from tests.support.platform_on_bus import PARTS, PlatformOnBus
from tests.support.waiting import eventually

LOAD = 2000
KILLS = 3
# Events that a service lets go and hears in one load: the range for the moments of its kills.
EVENTS = {"registry": 2400, "inspection": 4000, "credit": 4000, "notify": 4200}


def progress(platform: PlatformOnBus, service: str) -> int:
    """Events that a service has let go and heard: the clock for the moments of its kills."""
    sent = "SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL"
    query = f"SELECT ({sent}) + (SELECT count(*) FROM inbox)"  # noqa: S608 - our own words
    [(number,)] = platform.rows(service, query)
    return int(number)


def wait_for_progress(platform: PlatformOnBus, service: str, wanted: int) -> None:
    """Looks often, so that a kill meets its moment."""
    assert eventually(lambda: progress(platform, service) >= wanted, 120)


def children_of(pid: int) -> dict[str, int]:
    """The pids of the parts that a supervisor has started, by name."""
    parts = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        parts[":".join(words[-3:-1])] = int(child)
    return parts


@pytest.mark.parametrize("service", SERVICES)
def test_kill_9_at_random_moments_loses_nothing_and_repeats_nothing(
    service: str, platform: PlatformOnBus, cascades: Cascades
) -> None:
    chance = random.Random(f"{service} 610300")
    began, latest = progress(platform, service), EVENTS[service] * 9 // 10
    moments = sorted(began + chance.randrange(1, latest) for _ in range(KILLS))
    with cascades.running(LOAD):
        for moment in moments:
            wait_for_progress(platform, service, moment)
            platform.parts[f"{service}:events"].kill()
            platform.start(f"{service}:events", wait=False)

    cascades.check_whole()


def test_all_services_killed_at_once_work_again_within_seconds(
    platform: PlatformOnBus, cascades: Cascades
) -> None:
    for name in PARTS:
        platform.parts[name].kill()
    ended = time.monotonic()
    platform.start(wait=False)

    cascades.check_works_again(since=ended)


def test_parts_told_to_end_under_load_end_in_order_and_lose_nothing(
    platform: PlatformOnBus, cascades: Cascades
) -> None:
    codes = {}
    with cascades.running_on(200):
        for service in SERVICES:
            wait_for_progress(platform, service, progress(platform, service) + 1)
            for name in (f"{service}:events", f"{service}:api"):
                codes[name] = platform.parts[name].terminate()
                platform.start(name, wait=False)

    assert codes == dict.fromkeys(PARTS, 0)
    cascades.check_whole()


def test_the_supervisor_brings_killed_parts_back_and_ends_with_all_of_them(
    platform: PlatformOnBus, cascades: Cascades
) -> None:
    for part in platform.parts.values():
        part.kill()
    log = platform.runs.path / "supervisor.log"
    command = [sys.executable, "-m", "services.command.main", "run"]
    supervisor = platform.runs.spawn(command, log=log, env=platform.environ)
    platform.wait_until_ready()
    first = children_of(supervisor.pid)
    with cascades.running(200):
        for name in ("credit:events", "notify:events", "inspection:api", "registry:events"):
            os.kill(first[name], signal.SIGKILL)
    cascades.check_whole()

    second = children_of(supervisor.pid)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(60) == 0
    assert set(second) == set(first) == set(PARTS)
    assert len(second.items() & first.items()) == len(PARTS) - 4
    assert not any(Path(f"/proc/{pid}").exists() for pid in second.values())
