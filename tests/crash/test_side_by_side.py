"""Several processes of one part at once: relays, evaluators, hearers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.command.client import OverHttp, ask, tell
from tests.support.cascades import Cascades
from tests.support.installation import TOKEN
from tests.support.parts import Part
from tests.support.platform_on_bus import PlatformOnBus

LOAD = 600
BESIDE = (
    "inspection:events",  # a second relay of the reds, a second hearer of the objects
    "inspection:api",
    *("credit:events", "notify:events") * 3,  # four hearers, and four relays of credit
)


def start_beside(platform: PlatformOnBus) -> list[Part]:
    """Return when all of them can work."""
    parts = [platform.start_beside(name) for name in BESIDE]
    for part in parts:
        platform.wait_until(part.ready)
    return parts


def evaluate_in_both(platform: PlatformOnBus, other: Part) -> list[dict[str, Any]]:
    """Two calls to each of two processes, all at the same time."""
    beside = OverHttp({"inspection": other.settings.api_url("inspection")}, TOKEN)
    with ThreadPoolExecutor(4) as callers:
        calls = [
            callers.submit(tell, services, "inspection", "/evaluations")
            for services in (platform.api, beside, platform.api, beside)
        ]
        return [call.result() for call in calls]


def test_parts_that_run_several_times_do_everything_once(
    platform: PlatformOnBus, cascades: Cascades
) -> None:
    beside = start_beside(platform)
    cascades.take_in(LOAD)
    cascades.wait_until_heard()
    lines = evaluate_in_both(platform, beside[1])
    cascades.check_whole()

    verified = ask(platform.api, "inspection", "/attestations/verification")
    assert {(line["red"], line["complete"]) for line in lines} == {(cascades.number, True)}
    assert (verified["holds"], verified["faults"]) == (True, [])


def test_when_those_that_relay_die_the_others_take_over(
    platform: PlatformOnBus, cascades: Cascades
) -> None:
    with cascades.running(LOAD):
        for name in ("inspection:events", "credit:events", "notify:events"):
            platform.parts[name].kill()
        ended = time.monotonic()
    cascades.check_works_again(since=ended)

    cascades.check_whole()
    for part in platform.beside:
        assert part.ended() is None, part.last_words()
