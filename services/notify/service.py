"""The notify service: what wakes it up. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.chassis.hearing import hears
from services.chassis.policy import Policy
from services.chassis.sealing import Seals
from services.chassis.settings import Settings
from services.chassis.timing import every
from services.events import credit, inspection
from services.events.contract import Event
from services.events.registry import (
    ContactRecorded,
    EnterpriseRecorded,
    EnterprisesMerged,
    MergeUndone,
)
from services.notify import handlers, sending
from services.notify.channels.logbook import Logbook
from services.notify.channels.opened import WaysOut
from services.notify.handlers import merging
from services.notify.practice import Installation, Practice
from services.notify.store import deliveries, figures, tries
from services.notify.wording import Wording

A_DAY = timedelta(days=1)
WORDING = Wording.read()  # a template that cannot be filled stops the program here


def tells(
    event: type[Event],
) -> Callable[[NotifyService, Sequence[Envelope[Any]], Session], None]:
    """A method of the service that hears an event and tells it to those whom it concerns."""

    @hears(event)
    def tell(self: NotifyService, heard: Sequence[Envelope[Any]], session: Session) -> None:
        handlers.tell(session, heard, self.practice)

    return tell


class NotifyService:
    """质监通: tells everybody concerned, once, and says where each message stands."""

    name = "notify"

    database: Database
    policy: Policy
    settings: Settings
    seals: Seals

    @cached_property
    def practice(self) -> Practice:
        """What the bureau has laid down. Raises PracticeBroken."""
        installation = Installation(
            bureau=self.settings.bureau,
            language=self.settings.language,
            outside=self.ways_out.stands_for,
            robots=self.ways_out.robots,
            trial=self.settings.trial,
        )
        return Practice(self.policy, self.wording, installation)

    @cached_property
    def wording(self) -> Wording:
        """The templates, a bureau's own in the place of the shipped. Raises TemplateRefused."""
        own = self.settings.var / "templates" / "notify"
        return Wording.read(own=own) if own.is_dir() else WORDING

    @cached_property
    def ways_out(self) -> WaysOut:
        """How messages leave the platform. Raises MailServerWrong, ChannelsWrong."""
        return WaysOut(self.settings)

    def check(self) -> None:
        """Whatever is laid down wrongly stops the start, and says so."""
        self.practice.patience(clock.today())

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

    @hears(EnterprisesMerged)
    def on_enterprises_merged(
        self, heard: Sequence[Envelope[EnterprisesMerged]], session: Session
    ) -> None:
        """Two enterprises are one."""
        merging.note_merges(session, heard, self.practice)

    @hears(MergeUndone)
    def on_merge_undone(self, heard: Sequence[Envelope[MergeUndone]], session: Session) -> None:
        """They are two after all."""
        merging.note_merges(session, heard, self.practice)

    on_warning_turned_red = tells(inspection.WarningTurnedRed)
    on_warning_cleared = tells(inspection.WarningCleared)
    on_bad_information_drafted = tells(credit.BadInformationDrafted)
    on_bad_information_published = tells(credit.BadInformationPublished)
    on_bad_information_corrected = tells(credit.BadInformationCorrected)
    on_bad_information_withdrawn = tells(credit.BadInformationWithdrawn)
    on_enterprise_blacklisted = tells(credit.EnterpriseBlacklisted)
    on_safety_alert_raised = tells(credit.SafetyAlertRaised)
    on_escalation_proposed = tells(credit.EscalationProposed)
    on_escalation_lifted = tells(credit.EscalationLifted)
    on_duty_reminder_due = tells(inspection.DutyReminderDue)
    on_duty_reminded_by_hand = tells(inspection.DutyRemindedByHand)
    on_overdue_digest_due = tells(inspection.OverdueDigestDue)
    on_visit_concluded = tells(inspection.VisitConcluded)
    on_booking_confirmed = tells(inspection.BookingConfirmed)
    on_booking_declined = tells(inspection.BookingDeclined)
    on_order_issued = tells(inspection.OrderIssued)
    on_order_extended = tells(inspection.OrderExtended)
    on_order_overdue = tells(inspection.OrderOverdue)
    on_order_closed = tells(inspection.OrderClosed)
    on_refusal_recorded = tells(inspection.RefusalRecorded)
    on_refusal_withdrawn = tells(inspection.RefusalWithdrawn)
    on_case_filed = tells(inspection.CaseFiled)
    on_case_term_near = tells(inspection.CaseTermNear)
    on_case_decided = tells(inspection.CaseDecided)
    on_case_closed = tells(inspection.CaseClosed)
    on_decision_changed = tells(inspection.DecisionChanged)
    on_record_drafted = tells(credit.RecordDrafted)
    on_notice_served = tells(credit.NoticeServed)
    on_publication_blocked = tells(credit.PublicationBlocked)
    on_record_published = tells(credit.RecordPublished)
    on_record_ended = tells(credit.RecordEnded)
    on_request_received = tells(credit.RequestReceived)
    on_request_decided = tells(credit.RequestDecided)
    on_term_overrun = tells(credit.TermOverrun)
    on_grade_changed = tells(credit.GradeChanged)

    @every(seconds=2)
    def deliver_due(self) -> None:
        """Send what is due now. May run twice, or at any time."""
        today = clock.today()
        pace = self.practice.pace(today)
        with self.database.reading() as session:
            logbook = Logbook(tries.since(session, clock.now() - pace.remembers))
        sending.send_due(
            self.database,
            self.ways_out.channels(pace, logbook),
            patience=self.practice.patience(today),
            round_time=timedelta(seconds=self.policy.number("round_seconds", on=today)),
            logbook=logbook,
            quiet=self.practice.quiet(today),
            seals=self.seals,
        )

    @every(seconds=20)
    def catch_up(self) -> None:
        """Facts that came at the very moment when a message was stored; mails without address."""
        handlers.catch_up(self.database, self.practice)
        handlers.tell_of_disabled(self.database, self.practice)
        kept = max(A_DAY, self.practice.pace(clock.today()).remembers)
        with self.database.transaction() as session:
            tries.forget(session, before=clock.now() - kept)

    @every(seconds=60, because_days_pass=True)
    def digest(self) -> None:
        """What came since the last digest, and who is to be told what nobody reads."""
        handlers.digest(self.database, self.practice)
        handlers.tell_of_unread(self.database, self.practice)

    @every(seconds=300, because_days_pass=True)
    def watch_directives(self) -> None:
        """What silence leads to: reminders, supervision, the superior."""
        handlers.watch(self.database, self.practice)

    def busy(self, session: Session) -> int:
        """Deliveries that are due now or being sent."""
        return deliveries.count_due(session, now=clock.now())

    def status(self, session: Session) -> dict[str, Any]:
        """Counts of messages and deliveries, what waits for facts, how fast it goes."""
        newest = self.policy.number("latency_messages", on=clock.today())
        return figures.status(session, newest=newest)
