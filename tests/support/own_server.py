"""A server that the tests start, stop, kill and start again themselves."""

import atexit
import os
import random
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from tests.support.runs import SERVERS, RunFolder

SECONDS_TO_START = 120  # a loaded machine of two cores needs a tenth of it
SECONDS_TO_STOP = 60
TRIES_FOR_FREE_PORTS = 3
PORT_TAKEN = ("eaddrinuse", "address already in use")


class NotStarted(Exception):
    """The server could not be brought up; the message ends with its last words."""


class OwnServer(ABC):
    """One server process with its data in a folder of this run, on free loopback ports.

    The data outlive `stop`, `kill` and `restart`; they go with `discard`, which also happens
    at the end of a `with` block and of the process.
    """

    kind: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, base: Path = SERVERS) -> None:
        """Nothing happens before `start`. `base`: where the folder is made."""
        self._base = base
        self._folder: RunFolder | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner_pid = os.getpid()

    @abstractmethod
    def _prepare(self, folder: RunFolder) -> None:
        """Choose ports and lay down settings and data in a new folder."""

    @abstractmethod
    def _launch(self, folder: RunFolder) -> subprocess.Popen[bytes]:
        """Start the process on what `_prepare` laid down."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether the server does its work."""

    @property
    def running(self) -> bool:
        """Whether the server process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def folder(self) -> Path:
        """The folder with the data and the `log` of the server."""
        if self._folder is None:
            raise NotStarted(f"the {self.kind} has not been started yet: it has no folder")
        return self._folder.path

    def start(self) -> Self:
        """Bring the server up, on the data of the last time if there are any."""
        if self.running:
            return self
        try:
            if self._folder is None:
                self._start_on_free_ports()
            else:
                self._bring_up(self._folder)
        except BaseException:  # an interrupted start must leave nothing behind either
            self.discard()
            raise
        return self

    def stop(self) -> None:
        """End the server in order. Its data stay."""
        if self._folder is None:
            return
        try:
            if self._process is not None and self.running:
                self._process.send_signal(self.stop_signal)
                self._process.wait(SECONDS_TO_STOP)
        finally:
            self._folder.kill()

    def kill(self) -> None:
        """Kill -9 the server with all its processes, as a power cut would. Its data stay."""
        if self._folder is not None:
            self._folder.kill()

    def restart(self) -> Self:
        """Stop in order what still runs, and start on the same data and the same ports."""
        self.stop()
        return self.start()

    def discard(self) -> None:
        """Kill the server and delete its data."""
        if self._folder is None or os.getpid() != self._owner_pid:  # a fork owns nothing
            return
        self._folder.remove()
        self._folder = None
        self._process = None
        atexit.unregister(self.discard)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    def _start_on_free_ports(self) -> None:
        """Another run may take a port between our choice and the server's `bind`."""
        for tries_left in reversed(range(TRIES_FOR_FREE_PORTS)):
            self._folder = RunFolder(self.kind, self._base)
            atexit.register(self.discard)
            try:
                self._prepare(self._folder)
                self._bring_up(self._folder)
                return
            except NotStarted as failure:
                words = str(failure).lower()
                if not tries_left or not any(taken in words for taken in PORT_TAKEN):
                    raise
                self.discard()

    def _bring_up(self, folder: RunFolder) -> None:
        self._process = self._launch(folder)
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if not self.running:
                raise NotStarted(f"the {self.kind} ended as it started: {last_words(folder)}")
            if time.monotonic() > deadline:
                raise NotStarted(f"the {self.kind} does not answer: {last_words(folder)}")
            time.sleep(0.02)


def last_words(folder: RunFolder) -> str:
    """The end of the log, for an error message."""
    lines = (folder.path / "log").read_text(errors="replace").splitlines()
    return "\n".join(lines[-25:]) or "its log is empty"


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 nobody listens on, none of them one the kernel gives to clients.

    A client that calls again and again at a dead server's port may be given that very port as
    its own, connect to itself, and keep the server from coming back.
    """
    limits = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    lowest, highest = int(limits[0]), int(limits[1])
    candidates = [*range(10000, lowest), *range(highest + 1, 65536)] or range(10000, 65536)
    found: list[int] = []
    for port in random.sample(candidates, len(candidates)):
        if len(found) == count:
            break
        if _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as attempt:
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
