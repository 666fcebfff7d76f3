"""Mail servers on the loopback address: one that works, and those that do not."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.servers import free_ports

Answer = Callable[[str], str]
TAKEN = "250 OK"


class Post:
    """What a mail server was asked, and what it has taken."""

    def __init__(
        self,
        *,
        rcpt: Answer = lambda _address: TAKEN,
        data: Answer = lambda _address: "250 taken as 4711",
        drops: int = 0,
    ) -> None:
        self.url = ""
        self.asked: list[str] = []
        self.mails: list[EmailMessage] = []
        self.tries: list[str] = []
        self.connections = 0
        self.drops = drops
        self._rcpt = rcpt
        self._data = data

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked.append(address)
        answer = self._rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.tries.append(str(mail["Message-ID"]))
        if self.drops:
            self.drops -= 1
            server.transport.abort()
            return TAKEN
        answer = self._data(envelope.rcpt_tos[0])
        if answer.startswith("250"):
            self.mails.append(mail)
        return answer


@contextmanager
def open_for_mail(post: Post, **options: Any) -> Iterator[Post]:
    """Let a post take mails; its url is known then."""
    (port,) = free_ports(1)
    controller = Controller(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    post.url = f"smtp://127.0.0.1:{port}"
    try:
        yield post
    finally:
        controller.stop()


def takes_only(user: str, password: str) -> dict[str, Any]:
    """Options of a server that takes mails from one user only."""

    def authenticate(
        _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        known = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=known, handled=False)

    return {
        "authenticator": authenticate,
        "auth_required": True,
        "auth_require_tls": False,
    }


@contextmanager
def silent_server(says: bytes = b"", every: float = 0.05) -> Iterator[str]:
    """The URL of a server that takes a connection and then says next to nothing.

    With *says* it repeats that, bit by bit, for ever: no single answer is ever late.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    taken: list[socket.socket] = []

    def drip(connection: socket.socket) -> None:
        with suppress(OSError):
            while not over.wait(every):
                connection.sendall(says)

    def take() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                taken.append(connection)
                if says:
                    threading.Thread(target=drip, args=[connection], daemon=True).start()

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for connection in taken:
            connection.close()
        thread.join()


@contextmanager
def nobody() -> Iterator[str]:
    """The URL of a port on which nobody listens."""
    (port,) = free_ports(1)
    yield f"smtp://127.0.0.1:{port}"
