"""The mail server of an installation, as BIANQUE_SMTP_URL names it."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from services.chassis.settings import SettingBroken

PORTS = {"smtp": 25, "smtps": 465}


class MailServerWrong(SettingBroken):
    """BIANQUE_SMTP_URL cannot be used; the message says what is wrong with it."""

    code = "mail_server_wrong"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mails are handed in: smtp://user:password@host:587?starttls=1, or smtps://."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    starttls: bool

    @classmethod
    def read(cls, url: str) -> MailServer:
        """From the setting. Raises MailServerWrong, which never repeats a password."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
            options = parse_qs(parts.query, strict_parsing=bool(parts.query))
        except ValueError:
            raise MailServerWrong(
                "BIANQUE_SMTP_URL is no URL; smtp://host:port is one"
            ) from None
        if parts.scheme not in PORTS or not host:
            raise MailServerWrong(
                "BIANQUE_SMTP_URL must be smtp://host:port or smtps://host:port"
            )
        if options not in ({}, {"starttls": ["0"]}, {"starttls": ["1"]}):
            raise MailServerWrong(
                "BIANQUE_SMTP_URL can end in ?starttls=1, and in nothing else"
            )
        return cls(
            host=host,
            port=port or PORTS[parts.scheme],
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=parts.scheme == "smtps",
            starttls=options.get("starttls") == ["1"],
        )

    def client(self, *, greeting: str, seconds: float) -> smtplib.SMTP:
        """A client that is not connected yet. *seconds* bound each single answer."""
        client = (
            smtplib.SMTP_SSL(
                local_hostname=greeting, timeout=seconds, context=ssl.create_default_context()
            )
            if self.tls
            else smtplib.SMTP(local_hostname=greeting, timeout=seconds)
        )
        # otherwise TLS does not know whose certificate to expect: only connecting in the
        # constructor sets it, and then there is nothing to cut off while it lasts
        client._host = self.host  # type: ignore[attr-defined]
        return client

    def greet(self, client: smtplib.SMTP) -> None:
        """Connect and log in. Raises SMTPException or OSError."""
        client.connect(self.host, self.port)
        if self.starttls:
            client.starttls(context=ssl.create_default_context())
        client.ehlo_or_helo_if_needed()
        if self.user is not None:
            client.login(self.user, self.password or "")
