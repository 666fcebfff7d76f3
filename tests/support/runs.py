"""Where a test run keeps its servers, and how these end whatever becomes of the run.

Each server has a folder of its own under `var/test/servers/`. In it, `owner` is locked for as
long as the process that made the folder lives, and `processes` lists what was started there
(pid and start time: a pid alone may be somebody else's by now). Three nets hold the servers:
their owner ends them; a guard process ends them when the owner has died without doing so, even
by kill -9; and every later run first removes folders whose owner and guard are both gone.

Standard library only: the guard is this file, run as a program. Linux only (/proc).
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

SERVERS = Path(__file__).resolve().parents[2] / "var" / "test" / "servers"
SECONDS_TO_DIE = 15


class StillRunning(Exception):
    """Processes survived kill -9 for longer than a kernel needs."""


class Running(NamedTuple):
    """A process, recognisable after its pid has been given away again."""

    pid: int
    started: int  # clock ticks since boot, as in /proc/<pid>/stat


class RunFolder:
    """The folder of one server of this run, and the processes started in it."""

    def __init__(self, kind: str, base: Path = SERVERS) -> None:
        """Make `base`/`kind`-<random>, after clearing away what dead runs left in `base`."""
        base.mkdir(parents=True, exist_ok=True)
        with _alone(base):
            sweep(base)
            self.path = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=base))
            self._owner = (self.path / "owner").open("w")
            fcntl.flock(self._owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._owner.write(f"{os.getpid()}\n")
            self._owner.flush()
        self._children: list[subprocess.Popen[bytes]] = []
        self._started: list[Running] = []
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(self.path)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal ends the run, not the guard
        )
        self.guard_pid = self._guard.pid

    def spawn(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a process in this folder, in a session of its own; its words go to `log`.

        `user` (only as root): the account to run as, with its group and no other groups.
        """
        account = None if user is None else pwd.getpwnam(user)
        with log.open("ab") as output:
            child = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.path,
                env=env,
                start_new_session=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )
        self._children.append(child)
        if running := look_up(child.pid):
            self._note(running)
        return child

    def kill(self) -> None:
        """Kill -9 everything started here and all that it started; return when it is gone."""
        kill_all(self._started)
        for child in self._children:
            child.wait()
        self._children.clear()
        self._started.clear()

    def remove(self) -> None:
        """Kill everything and delete the folder. A second call does nothing."""
        if self._owner.closed:
            return
        self.kill()
        _delete(self.path)
        self._owner.close()
        self._guard.communicate()  # its standard input ends, and so does the guard

    def _note(self, running: Running) -> None:
        """Tell the sweep of a later run, and the guard, what to end."""
        self._started.append(running)
        line = f"{running.pid} {running.started}\n"
        with (self.path / "processes").open("a") as processes:
            processes.write(line)
        if self._guard.stdin is not None:
            with suppress(BrokenPipeError):  # killed by somebody: the sweep remains
                self._guard.stdin.write(line.encode())
                self._guard.stdin.flush()


def sweep(base: Path) -> None:
    """Clear away the folders in `base` whose owner is dead, and end their servers."""
    for folder in base.iterdir():
        if folder.is_dir() and not _owner_lives(folder):
            record = folder / "processes"
            kill_all(_parse(record.read_text()) if record.exists() else [])
            shutil.rmtree(folder)


def kill_all(started: Iterable[Running]) -> None:
    """Kill -9 what still runs of these processes, with all descendants."""
    roots = [running for running in started if look_up(running.pid) == running]
    for running in roots:
        _send(running, signal.SIGSTOP)  # so that it starts no more children while we look
    family = [*roots, *_descendants(roots)]
    for running in family:
        _send(running, signal.SIGKILL)

    deadline = time.monotonic() + SECONDS_TO_DIE
    while alive := [running for running in family if look_up(running.pid) == running]:
        if time.monotonic() > deadline:
            raise StillRunning(f"alive after kill -9: {alive}")
        time.sleep(0.01)


def look_up(pid: int) -> Running | None:
    """The process that has this pid now; None if there is none, or only its zombie."""
    fields = _stat(pid)
    return Running(pid, int(fields[19])) if fields else None


def _parse(record: str) -> list[Running]:
    return [Running(*map(int, line.split())) for line in record.splitlines()]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; empty for the gone and for zombies."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    fields = text.rpartition(")")[2].split()  # the name before it may hold anything
    return [] if fields[0] in "ZX" else fields


def _descendants(roots: Iterable[Running]) -> Iterator[Running]:
    children: dict[int, list[Running]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdecimal() and (fields := _stat(int(entry))):
            running = Running(int(entry), int(fields[19]))
            children.setdefault(int(fields[1]), []).append(running)
    waiting = list(roots)
    while waiting:
        found = children.get(waiting.pop().pid, [])
        waiting.extend(found)
        yield from found


def _send(running: Running, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it ended by itself a moment ago: as good
        os.kill(running.pid, number)


def _owner_lives(folder: Path) -> bool:
    try:
        with (folder / "owner").open() as owner:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except (BlockingIOError, PermissionError):
        return True  # locked, or another user's: theirs to clear away
    return False


@contextmanager
def _alone(base: Path) -> Iterator[None]:
    """Nobody else makes, sweeps or removes a folder in `base` meanwhile."""
    with os.fdopen(os.open(base / ".lock", os.O_RDONLY | os.O_CREAT, 0o644)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _delete(folder: Path) -> None:
    """Delete a folder of `base`, unless somebody has done so, as with `rm -r var`."""
    if folder.exists():
        with _alone(folder.parent):
            shutil.rmtree(folder)


def keep_watch(folder: Path) -> None:
    """Wait for the end of the owner, then clear away what it left."""
    record = sys.stdin.read()  # ends when the owner closes the pipe, or dies
    kill_all(_parse(record))
    _delete(folder)


if __name__ == "__main__":
    keep_watch(Path(sys.argv[1]))
