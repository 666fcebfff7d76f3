"""Which channels an installation has."""

from __future__ import annotations

from collections.abc import Mapping

from services.chassis.settings import Settings
from services.notify.channels import described
from services.notify.channels.channel import Channel, ServerAway
from services.notify.channels.described import Described
from services.notify.channels.logbook import Logbook
from services.notify.channels.logfile import LogFile
from services.notify.channels.mail_server import MailServer
from services.notify.channels.posting import Guard
from services.notify.channels.robots import GroupRobots
from services.notify.channels.sms import SmsGateway
from services.notify.channels.smtp import Smtp
from services.notify.channels.webhook import Webhooks
from services.notify.model import Medium, Outgoing, Pace, Receipt

OUTSIDE = (Medium.EMAIL, Medium.SMS, Medium.WECOM, Medium.DINGTALK, Medium.WEBHOOK)


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


class NotSet:
    """Takes what was meant to go out when a way out still was there."""

    def __init__(self, medium: Medium, setting: str) -> None:
        self.medium = medium
        self.setting = setting

    def send(self, outgoing: Outgoing) -> Receipt:
        """Always raises ServerAway."""
        raise ServerAway(f"{self.setting} is not set")

    def close(self) -> None:
        """Nothing is held open."""


class WaysOut:
    """The ways out of one installation. Raises MailServerWrong, ChannelsWrong."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._log = LogFile(settings.var / "messages.log")
        self._mail = MailServer.read(settings.smtp_url) if settings.smtp_url else None
        self._described: Described = described.read(settings.channels)

    @property
    def stands_for(self) -> Mapping[Medium, Medium]:
        """What stands for each medium: itself, the log in a trial; absent: nothing does."""
        if self._settings.trial:
            return dict.fromkeys((Medium.LOG, *OUTSIDE), Medium.LOG)
        known = {Medium.LOG, *self._described.media}
        known |= {Medium.EMAIL} if self._mail else set()
        return {medium: medium for medium in Medium if medium in known}

    @property
    def robots(self) -> frozenset[tuple[str, Medium]]:
        """The accounts that have one."""
        return frozenset((robot.account, robot.medium) for robot in self._described.robots)

    @property
    def described(self) -> Described:
        """What the file of channels says."""
        return self._described

    @property
    def guard(self) -> Guard:
        """Where webhooks may lead."""
        return Guard(private=self._described.private_webhooks)

    def channels(self, pace: Pace, logbook: Logbook) -> list[Channel]:
        """Fresh channels for one round, quick ones first."""
        if self._settings.trial:  # what is left from before the trial does not leave either
            return [self._log, *(Trial(medium, self._log) for medium in OUTSIDE)]
        return [self._log, *(self._channel(medium, pace, logbook) for medium in OUTSIDE)]

    def _channel(self, medium: Medium, pace: Pace, logbook: Logbook) -> Channel:
        if medium is Medium.EMAIL:
            if self._mail is None:
                return NotSet(medium, "BIANQUE_SMTP_URL")
            mail_from = self._settings.mail_from
            return Smtp(self._mail, mail_from=mail_from, seconds=pace.seconds)
        if medium not in self._described.media:
            return NotSet(medium, f"{medium.value} in BIANQUE_CHANNELS")
        if medium is Medium.SMS:
            return SmsGateway(
                self._described.sms,
                caution=pace.caution,
                seconds=pace.seconds,
                logbook=logbook,
            )
        if medium is Medium.WEBHOOK:
            return Webhooks(self.guard, seconds=pace.seconds)
        return GroupRobots(
            medium,
            self._described.robots_of(medium),
            per_minute=pace.robot_messages_per_minute,
            seconds=pace.seconds,
            logbook=logbook,
        )
