"""One HTTP request, bounded in time as a whole, that goes nowhere it was not meant to go.

The name is resolved here, the guard looks at the addresses, and the connection is made to
the very address it has seen: a name that changes its mind in between leads nowhere. No
redirect is followed, no proxy is asked, no cookie is kept.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from queue import Empty, Queue
from urllib.parse import urlsplit

from services.notify.channels.channel import SendFailed, SendRefused, ServerAway

PORTS = {"http": 80, "https": 443}
MOST_READ = 64 * 1024
TOO_MANY = 429
BROKEN = 500
MOVED = 300


class Unclear(SendFailed):
    """The request has left, and no whole answer came: it may have been taken or not."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Which hosts may be asked. *private*: also those of the bureau's own network."""

    private: bool

    def admitted(self, host: str, port: int, *, seconds: float) -> str:
        """The address to connect to. Raises ServerAway, SendRefused."""
        addresses = _addresses(host, port, seconds)
        for address in addresses:
            if not self.private and not is_public(address):
                raise SendRefused(
                    f"{host} leads to {address}, which lies inside a private network; "
                    "set webhooks.private in the file of channels if that is meant"
                )
        return addresses[0]


ANYWHERE = Guard(private=True)


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    """The system's resolver knows no deadline: a thread waits for it, as long as it likes."""
    found: Queue[list[str] | Exception] = Queue()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put([str(entry[4][0]) for entry in entries])
        except (OSError, UnicodeError) as error:  # also: no name at all
            found.put(error)

    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    try:
        outcome = found.get(timeout=seconds)
    except Empty:
        raise ServerAway(f"{host}: its address was not found in time") from None
    if isinstance(outcome, Exception):
        raise ServerAway(f"{host}: {outcome}") from outcome
    return outcome


def is_public(address: str) -> bool:
    """Whether an address belongs to the open Internet and to one host there."""
    ip: IPv4Address | IPv6Address | None = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip is not None and ip.is_global and not ip.is_multicast


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was said to it."""

    status: int
    text: str

    def in_short(self, most: int = 200) -> str:
        """For the record: one line."""
        return f"{self.status} {' '.join(self.text.split())[:most]}".rstrip()


def ask(asked: Asked, *, seconds: float, guard: Guard = ANYWHERE) -> Answered:
    """The whole answer, whatever its status.

    Raises ServerAway if it was certainly not taken, Unclear if nobody knows, SendRefused
    if the guard says no.
    """
    parts = urlsplit(asked.url)
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    until = time.monotonic() + seconds
    address = guard.admitted(host, port, seconds=seconds)
    left = max(until - time.monotonic(), 0.0)
    line = _Line(host, port, address, parts.scheme == "https", seconds)
    with _in_time(line, left):
        try:
            line.connect()
        except OSError as error:
            raise ServerAway(f"{host}: {line.why(error)}") from error
        try:
            return _exchange(line, asked, f"{parts.path or '/'}?{parts.query}".rstrip("?"))
        except (http.client.HTTPException, OSError) as error:
            raise Unclear(f"{host}: {line.why(error)}") from error
        finally:
            line.let_go()


def judged(answer: Answered) -> None:
    """Raise what a status other than 2xx means: too busy or broken passes, the rest does not."""
    if answer.status in range(200, MOVED):
        return
    if answer.status == TOO_MANY or answer.status >= BROKEN:
        raise ServerAway(answer.in_short())
    raise SendRefused(answer.in_short())


def _exchange(line: _Line, asked: Asked, target: str) -> Answered:
    headers = {"User-Agent": "Bianque", "Connection": "close", **asked.headers}
    line.request(asked.method, target, body=asked.body or None, headers=headers)
    with closing(line.getresponse()) as answer:
        read = answer.read(MOST_READ)
    if line.late or ((answer.length or 0) > 0 and len(read) < MOST_READ):
        raise http.client.IncompleteRead(read)
    return Answered(status=answer.status, text=read.decode("utf-8", "replace"))


class _Line(http.client.HTTPConnection):
    """A connection to one address, under the name that it was asked for."""

    def __init__(self, host: str, port: int, address: str, tls: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.late = False
        self._address = address
        self._tls = tls
        self._held: socket.socket | None = None

    def connect(self) -> None:
        self._held = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            trust = ssl.create_default_context()
            self._held = trust.wrap_socket(self._held, server_hostname=self.host)
        self.sock = self._held

    def cut(self) -> None:
        """End whatever the connection waits for."""
        self.late = True
        with suppress(OSError, AttributeError):
            self._held.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    def let_go(self) -> None:
        self.close()
        if self._held is not None:
            self._held.close()

    def why(self, error: Exception) -> str:
        if self.late or isinstance(error, TimeoutError):
            return "no whole answer in time"
        return f"{type(error).__name__}: {error}"


@contextmanager
def _in_time(line: _Line, seconds: float) -> Iterator[None]:
    """A server that says one byte now and then would outlast every single timeout."""
    deadline = threading.Timer(seconds, line.cut)
    deadline.daemon = True
    deadline.start()
    try:
        yield
    finally:
        deadline.cancel()
