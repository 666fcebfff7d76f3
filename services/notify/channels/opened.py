"""Which channels an installation has."""

from __future__ import annotations

from services.chassis.settings import Settings
from services.notify.channels.channel import Channel, ServerAway
from services.notify.channels.logfile import LogFile
from services.notify.channels.mail_server import MailServer
from services.notify.channels.smtp import Smtp
from services.notify.model import Medium, Outgoing, Receipt


class Trial:
    """Stands in for a channel to the outside: what would leave is written to the log."""

    def __init__(self, medium: Medium, log: LogFile) -> None:
        self.medium = medium
        self._log = log

    def send(self, outgoing: Outgoing) -> Receipt:
        """As the log does."""
        return self._log.send(outgoing)

    def close(self) -> None:
        """Nothing is held open."""


class NoMailServer:
    """Takes the mails that were meant to go out when there still was a mail server."""

    medium = Medium.EMAIL

    def send(self, outgoing: Outgoing) -> Receipt:
        """Always raises ServerAway."""
        raise ServerAway("BIANQUE_SMTP_URL is not set")

    def close(self) -> None:
        """Nothing is held open."""


def stands_for_email(settings: Settings) -> Medium | None:
    """The medium of what would be mailed: e-mail; the log in a trial; None: no mail server.

    Raises MailServerWrong.
    """
    if settings.trial:
        return Medium.LOG
    return Medium.EMAIL if settings.smtp_url and MailServer.read(settings.smtp_url) else None


def channels(settings: Settings, *, seconds: float) -> list[Channel]:
    """Fresh channels for one round, quick ones first. Raises MailServerWrong."""
    log = LogFile(settings.var / "messages.log")
    if settings.trial:  # mails from before the trial do not leave either
        return [log, Trial(Medium.EMAIL, log)]
    if settings.smtp_url is None:
        return [log, NoMailServer()]
    server = MailServer.read(settings.smtp_url)
    return [log, Smtp(server, mail_from=settings.mail_from, seconds=seconds)]
