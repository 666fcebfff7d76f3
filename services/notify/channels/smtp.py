"""E-mail by SMTP. The Message-ID comes from the delivery, so that a repetition shows."""

from __future__ import annotations

import re
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr

from services.chassis.clock import BEIJING
from services.notify.channels.channel import SendFailed, SendRefused, ServerAway
from services.notify.channels.mail_server import MailServer
from services.notify.model import Medium, Outgoing, Receipt

ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}@[^\s@,;:<>()\[\]\"\\]{1,253}")
ANSWERS_PER_MAIL = 3  # a single answer may take this part of the time for a whole mail
TAKEN = frozenset({250, 251})
CLOSING = 421
NOT_LOGGED_IN = frozenset({530, 534, 535, 538})
PERMANENT = 500


class Smtp:
    """Keeps one connection for a round. *seconds* bound each mail as a whole."""

    medium = Medium.EMAIL

    def __init__(self, server: MailServer, *, mail_from: str, seconds: float) -> None:
        self.server = server
        self.mail_from = mail_from
        self.sender = parseaddr(mail_from)[1]
        self.domain = self.sender.rpartition("@")[2] or "localhost"
        self.seconds = seconds
        self._client: smtplib.SMTP | None = None

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand one mail to the server. Raises SendFailed or SendRefused."""
        if outgoing.address is None:
            raise SendFailed("no address is on file any more")
        if not ADDRESS.fullmatch(outgoing.address):
            raise SendRefused(f"{outgoing.address!r} is not an e-mail address")
        try:
            with self._connected() as client:
                said = self._hand_in(client, self.mail(outgoing), outgoing.address)
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(_words(error)) from error
        return Receipt(sent_to=outgoing.address, said=said)

    def close(self) -> None:
        """Say good-bye to the server."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def mail(self, outgoing: Outgoing) -> EmailMessage:
        """The mail as it goes out: the same bytes at every attempt."""
        mail = EmailMessage(policy=SMTP if str(outgoing.address).isascii() else SMTPUTF8)
        mail["From"] = self.mail_from
        mail["To"] = outgoing.address
        mail["Subject"] = outgoing.subject
        mail["Date"] = format_datetime(outgoing.written_at.astimezone(BEIJING))
        mail["Message-ID"] = f"<{outgoing.delivery_id}@{self.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = outgoing.language
        mail.set_content(outgoing.body, cte="base64")
        return mail

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """The open connection, or a new one. After a failure it is not used again."""
        client = self._kept() or self.server.client(
            greeting=self.domain, seconds=self.seconds / ANSWERS_PER_MAIL
        )
        try:
            with self._in_time(client):
                if client.sock is None:
                    self.server.greet(client)
                self._client = client
                yield client
        except SendRefused:
            self.close()
            raise
        except BaseException:
            self._client = None
            client.close()
            raise

    def _kept(self) -> smtplib.SMTP | None:
        """The connection of the mail before, unless the server has closed it since."""
        client, self._client = self._client, None
        if client is None:
            return None
        with suppress(smtplib.SMTPException, OSError), self._in_time(client):
            if client.noop()[0] in TAKEN:
                return client
        client.close()
        return None

    @contextmanager
    def _in_time(self, client: smtplib.SMTP) -> Iterator[None]:
        """Cut the connection after a while.

        A server that says one byte now and then would outlast every single timeout.
        """
        deadline = threading.Timer(self.seconds, _cut, [client])
        deadline.daemon = True
        deadline.start()
        try:
            yield
        finally:
            deadline.cancel()

    def _hand_in(self, client: smtplib.SMTP, mail: EmailMessage, address: str) -> str:
        """What the server said when it took the mail."""
        if not address.isascii() and not client.has_extn("smtputf8"):
            raise SendRefused(f"the mail server cannot write the address {address}")
        options = [] if address.isascii() else ["SMTPUTF8"]
        code, said = client.mail(self.sender, options)
        if code not in TAKEN:
            raise ServerAway(f"sender {self.sender}: {_answer(code, said)}")
        _check(*client.rcpt(address))
        try:
            code, said = client.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        _check(code, said)
        return _answer(code, said)


def _check(code: int, said: bytes) -> None:
    """Raise what an answer means, unless it means yes."""
    if code in TAKEN:
        return
    if code == CLOSING or code in NOT_LOGGED_IN:
        raise ServerAway(_answer(code, said))
    if code >= PERMANENT:
        raise SendRefused(_answer(code, said))
    raise SendFailed(_answer(code, said))


def _cut(client: smtplib.SMTP) -> None:
    """End whatever the connection waits for."""
    with suppress(OSError, AttributeError):
        client.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


def _answer(code: int, said: bytes) -> str:
    return f"{code} {' '.join(said.decode('utf-8', 'replace').split())}"


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, _bytes(error.smtp_error))
    return f"{type(error).__name__}: {error}"
