"""The load of the crash tests: files of overdue equipment, and what comes of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from services.command.client import NotAnswered, Rejected
from tests.support.installation import LOOK_SECONDS, Installation
from tests.support.overdue import Table, write_overdue
from tests.support.whole import tally, whole

TRY_AGAIN = 503
SECONDS_TO_RECOVER = 15  # from the end of a fault until ten new red warnings go through


class Cascades:
    """Red warnings on their way through a platform, and how many there must be."""

    def __init__(self, platform: Installation, folder: Path) -> None:
        self.platform = platform
        self.folder = folder
        self.number = 0
        self.files = 0

    def write(self, number: int) -> Table:
        """A file of so many, not imported yet."""
        self.files += 1
        return write_overdue(self.folder, f"t{self.files}", number)

    def take_in(self, number: int) -> None:
        """Import a file; asked again while the registry cannot be reached."""
        table = self.write(number)
        while True:
            try:
                self.platform.import_table(table)
            except (NotAnswered, Rejected) as error:
                self._must_pass(error)
            else:
                break
        self.number += number

    def wait_until_heard(self) -> None:
        """Until inspection knows every object."""
        heard = "subject WHERE label LIKE '锅炉 t%'"
        self.platform.wait_until(
            lambda: self.platform.count("inspection", heard) >= self.number
        )

    def evaluate(self) -> None:
        """As the calendar does: again until it comes to an end."""
        while True:
            try:
                self.platform.evaluate()
            except (NotAnswered, Rejected) as error:
                self._must_pass(error)
            else:
                return

    def run(self, number: int) -> None:
        """Import, wait until all is heard, evaluate."""
        self.take_in(number)
        self.wait_until_heard()
        self.evaluate()

    def check_whole(self) -> None:
        """When it is quiet: nothing lost, nothing twice, nothing parked."""
        self.platform.wait_until_quiet()

        found = tally(self.platform).items()
        wanted = whole(self.number, self.platform.profile).items()
        assert found == wanted, f"{found ^ wanted}\n{self.platform.last_words()}"

    def check_whole_at_last(self) -> None:
        """The same, where what is missing comes when nothing waits any more."""
        wanted = whole(self.number, self.platform.profile)
        self.platform.wait_until(lambda: tally(self.platform) == wanted)

        self.check_whole()

    def check_works_again(self, *, since: float) -> None:
        """Ten more go through, and all are whole, in time after the fault's end.

        In time: what there is to recover, and twice what ten more need on this machine just
        then without any fault; other work may go on beside.
        """
        self._ten()
        recovered = time.monotonic() - since
        began = time.monotonic()
        self._ten()
        calm = time.monotonic() - began

        assert recovered <= SECONDS_TO_RECOVER + 2 * calm, self.platform.last_words()

    def _ten(self) -> None:
        self.run(10)
        wanted = whole(self.number, self.platform.profile)
        self.platform.wait_until(lambda: tally(self.platform) == wanted)

    @contextmanager
    def running(self, number: int) -> Iterator[None]:
        """So many run meanwhile; all of them have begun at the end. Its own error comes first."""
        with ThreadPoolExecutor(1) as beside:
            load = beside.submit(self.run, number)
            try:
                yield
            finally:
                load.result()

    @contextmanager
    def running_on(self, number: int) -> Iterator[None]:
        """So many run meanwhile, and again, as long as it takes."""
        enough = Event()

        def run_on() -> None:
            while not enough.is_set():
                self.run(number)

        with ThreadPoolExecutor(1) as beside:
            load = beside.submit(run_on)
            try:
                yield
            finally:
                enough.set()
                load.result()

    def _must_pass(self, error: NotAnswered | Rejected) -> None:
        """A refusal must say that the same call can be made again."""
        if isinstance(error, Rejected):
            assert error.problem.get("status") == TRY_AGAIN, error.problem
        time.sleep(LOOK_SECONDS)
