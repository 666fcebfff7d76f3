"""A network that can be cut: a small TCP proxy before a server of the tests."""

import selectors
import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

DEFAULT_PORTS = {"amqp": 5672, "postgresql": 5432, "http": 80}
PIECE = 65536
BACKLOG = 128
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a close that is a reset, not a goodbye


class Cut:
    """Listens on a loopback port of its own and carries everything to a server and back.

    `freeze` is the cable pulled out: no byte passes in either direction, nobody is told, and
    who calls anew hears nothing at all. `thaw` puts it back: what waited arrives, as TCP would
    have sent it again. `drop` closes every connection, as a restarted firewall does.
    """

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        """Open at once; `port` and `host` are the server's."""
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._turn = threading.Lock()  # between taking a call and freezing, closing, dropping
        self._open = threading.Event()
        self._open.set()
        self._closed = False
        self._plug: socket.socket | None = None
        self._links: list[Link] = []
        self._thread = threading.Thread(target=self._take_calls, daemon=True)
        self._thread.start()

    @classmethod
    def before(cls, url: str) -> Self:
        """A cut before the server of an address."""
        place = urlsplit(url)
        port = place.port or DEFAULT_PORTS[place.scheme.partition("+")[0]]
        return cls(port, place.hostname or "127.0.0.1")

    def through(self, url: str) -> str:
        """The same address, by way of this cut."""
        place = urlsplit(url)
        who, at, _ = place.netloc.rpartition("@")
        return place._replace(netloc=f"{who}{at}127.0.0.1:{self.port}").geturl()

    def freeze(self) -> None:
        """Let nothing pass any more; connections stay open and silent.

        What had passed before still arrives. A new call is not answered: the listener's queue
        is made as short as it can be and filled, and the kernel then ignores whoever knocks.
        """
        with self._turn:
            if self._plug is not None:
                return
            self._open.clear()
            self._listener.listen(0)
            self._plug = socket.socket()
            self._plug.setblocking(False)
            with suppress(BlockingIOError):  # the connection comes about without our waiting
                self._plug.connect(("127.0.0.1", self.port))

    def thaw(self) -> None:
        """Let everything pass again, first of all what waited."""
        with self._turn:
            if self._plug is not None:
                self._plug.close()
                self._plug = None
            self._listener.listen(BACKLOG)
            self._open.set()

    def drop(self) -> None:
        """Close all connections, on both sides. New ones are taken (unless frozen)."""
        with self._turn:
            for link in self._links:
                link.drop()

    def close(self) -> None:
        """Drop everything and listen no longer."""
        if self._closed:
            return
        self._closed = True
        self.drop()
        self.thaw()  # whoever waits to carry on finds the connection gone
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread
        self._thread.join()
        self._listener.close()
        for link in self._links:
            link.drop()
            link.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _take_calls(self) -> None:
        with selectors.DefaultSelector() as knocking:
            knocking.register(self._listener, selectors.EVENT_READ)
            while not self._closed:
                self._open.wait()
                knocking.select()
                with self._turn:
                    if self._open.is_set() and not self._closed:
                        self._take_call()

    def _take_call(self) -> None:
        try:
            near, _ = self._listener.accept()
        except BlockingIOError:
            return  # whoever knocked has gone
        near.setblocking(True)
        try:
            far = socket.create_connection(self._target, timeout=5)
        except OSError:  # the server is away: let the caller see a broken connection
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            near.close()
            return
        far.settimeout(None)
        self._links = [link for link in self._links if link.is_alive()]
        self._links.append(Link(near, far, self._open))


class Link(threading.Thread):
    """One connection through the cut, until both of its directions have ended."""

    def __init__(self, near: socket.socket, far: socket.socket, way: threading.Event) -> None:
        """Carries between `near` and `far` while `way` is set; begins at once."""
        super().__init__(daemon=True)
        self._near, self._far, self._way = near, far, way
        self.start()

    def run(self) -> None:
        """Carry both directions, then close both sockets."""
        there = threading.Thread(target=self._carry, args=(self._near, self._far), daemon=True)
        there.start()
        self._carry(self._far, self._near)
        there.join()
        self._near.close()
        self._far.close()

    def drop(self) -> None:
        """End both directions."""
        for end in (self._near, self._far):
            with suppress(OSError):  # it has ended already
                end.shutdown(socket.SHUT_RDWR)

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := source.recv(PIECE):
                self._way.wait()
                sink.sendall(piece)
            self._way.wait()
            sink.shutdown(socket.SHUT_WR)
        except OSError:  # one side broke off: so does the other
            self.drop()
