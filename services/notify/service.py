"""The notify service: what wakes it up. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.chassis.hearing import hears
from services.chassis.policy import Policy
from services.chassis.settings import Settings
from services.chassis.timing import every
from services.events.credit import (
    BadInformationCorrected,
    BadInformationDrafted,
    BadInformationPublished,
    BadInformationWithdrawn,
    EnterpriseBlacklisted,
    EscalationLifted,
    EscalationProposed,
    SafetyAlertRaised,
)
from services.events.inspection import WarningCleared, WarningTurnedRed
from services.events.registry import ContactRecorded, EnterpriseRecorded
from services.notify import handlers, sending
from services.notify.channels import opened
from services.notify.practice import Installation, Practice
from services.notify.store import deliveries, figures
from services.notify.wording import Wording

WORDING = Wording.read()  # a template that cannot be filled stops the program here


class NotifyService:
    """质监通: tells everybody concerned, once, and says where each message stands."""

    name = "notify"

    database: Database
    policy: Policy
    settings: Settings

    @cached_property
    def practice(self) -> Practice:
        """What the bureau has laid down. Raises PracticeBroken."""
        installation = Installation(
            bureau=self.settings.bureau,
            language=self.settings.language,
            outside=opened.stands_for_email(self.settings),
        )
        return Practice(self.policy, WORDING, installation)

    @hears(EnterpriseRecorded)
    def on_enterprise_recorded(
        self, heard: Sequence[Envelope[EnterpriseRecorded]], session: Session
    ) -> None:
        handlers.keep_enterprises(session, heard, self.practice)

    @hears(ContactRecorded)
    def on_contact_recorded(
        self, heard: Sequence[Envelope[ContactRecorded]], session: Session
    ) -> None:
        handlers.keep_contacts(session, heard, self.practice)

    @hears(WarningTurnedRed)
    def on_warning_turned_red(
        self, heard: Sequence[Envelope[WarningTurnedRed]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(WarningCleared)
    def on_warning_cleared(
        self, heard: Sequence[Envelope[WarningCleared]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(BadInformationDrafted)
    def on_bad_information_drafted(
        self, heard: Sequence[Envelope[BadInformationDrafted]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(BadInformationPublished)
    def on_bad_information_published(
        self, heard: Sequence[Envelope[BadInformationPublished]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(BadInformationCorrected)
    def on_bad_information_corrected(
        self, heard: Sequence[Envelope[BadInformationCorrected]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(BadInformationWithdrawn)
    def on_bad_information_withdrawn(
        self, heard: Sequence[Envelope[BadInformationWithdrawn]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(EnterpriseBlacklisted)
    def on_enterprise_blacklisted(
        self, heard: Sequence[Envelope[EnterpriseBlacklisted]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(SafetyAlertRaised)
    def on_safety_alert_raised(
        self, heard: Sequence[Envelope[SafetyAlertRaised]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(EscalationProposed)
    def on_escalation_proposed(
        self, heard: Sequence[Envelope[EscalationProposed]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @hears(EscalationLifted)
    def on_escalation_lifted(
        self, heard: Sequence[Envelope[EscalationLifted]], session: Session
    ) -> None:
        handlers.tell(session, heard, self.practice)

    @every(seconds=2)
    def deliver_due(self) -> None:
        """Send what is due now. May run twice, or at any time."""
        today = clock.today()
        seconds = self.policy.number("send_seconds", on=today)
        sending.send_due(
            self.database,
            opened.channels(self.settings, seconds=seconds),
            patience=self.practice.patience(today),
            round_time=timedelta(seconds=self.policy.number("round_seconds", on=today)),
        )

    @every(seconds=20)
    def catch_up(self) -> None:
        """Facts that came at the very moment when a message was stored; mails without address."""
        handlers.catch_up(self.database, self.practice)

    def busy(self, session: Session) -> int:
        """Deliveries that are due now or being sent."""
        return deliveries.count_due(session, now=clock.now())

    def status(self, session: Session) -> dict[str, Any]:
        """Counts of messages and deliveries, what waits for facts, how fast it goes."""
        newest = self.policy.number("latency_messages", on=clock.today())
        return figures.status(session, newest=newest)
