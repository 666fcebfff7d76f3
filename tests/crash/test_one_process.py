"""The platform in one process is killed, or told to end, at any moment of an import and after."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from services.chassis.settings import SERVICES
from tests.support.cascades import Cascades
from tests.support.platform_in_one import PlatformInOne, platform_in_one
from tests.support.waiting import eventually

LOAD = 600
# Events let go and heard in one load, by all services together.
EVENTS = 7 * LOAD


@pytest.fixture(scope="module")
def platform() -> Iterator[PlatformInOne]:
    """Its databases are there; it does not run."""
    with platform_in_one() as installed:
        assert installed.command("migrate").returncode == 0
        yield installed


def progress(platform: PlatformInOne) -> int:
    """Events let go and heard: the clock for the moments of kills."""
    sent = "SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL"
    query = f"SELECT ({sent}) + (SELECT count(*) FROM inbox)"  # noqa: S608 - our own words
    return sum(int(row[0]) for service in SERVICES for row in platform.rows(service, query))


def moments(platform: PlatformInOne, kills: int, seed: str) -> list[int]:
    chance, began = random.Random(seed), progress(platform)
    return sorted(began + chance.randrange(1, EVENTS * 9 // 10) for _ in range(kills))


@pytest.mark.parametrize("seed", ["宝鸡", "渭滨"])
def test_kill_9_at_random_moments_loses_nothing_and_repeats_nothing(
    seed: str, platform: PlatformInOne, cascades: Cascades
) -> None:
    platform.start()
    with cascades.running(LOAD):
        for moment in moments(platform, 4, seed):
            assert eventually(lambda at=moment: progress(platform) >= at, 120)
            platform.kill()
            ended = time.monotonic()
            platform.start()
    cascades.check_works_again(since=ended)

    cascades.check_whole()
    assert platform.terminate() == 0


def test_told_to_end_under_load_it_ends_in_order_and_goes_on_at_the_next_start(
    platform: PlatformInOne, cascades: Cascades
) -> None:
    platform.start()
    codes = []
    with cascades.running(LOAD):
        for moment in moments(platform, 3, "岐山"):
            assert eventually(lambda at=moment: progress(platform) >= at, 120)
            codes.append(platform.terminate())
            platform.start()

    cascades.check_whole()
    assert [*codes, platform.terminate()] == [0, 0, 0, 0]


def test_commands_killed_in_the_middle_are_repeated_to_the_same_end(
    platform: PlatformInOne, cascades: Cascades
) -> None:
    """Without a running platform each command brings one up for itself."""
    table = cascades.write(LOAD)
    cascades.number += LOAD
    at = iter(moments(platform, 5, "凤翔"))
    moment = next(at, None)
    for words in (("import", str(table.file), "--mapping", str(table.mapping)), ("evaluate",)):
        code = None
        while code != 0:
            command = platform.spawn(*words)
            while (code := command.poll()) is None:
                if moment is not None and progress(platform) >= moment:
                    command.kill()
                    moment = next(at, None)
                time.sleep(0.02)
            assert code in (0, -9), platform.last_words()

    assert moment is None
    cascades.check_whole()
