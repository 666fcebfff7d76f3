"""The credit service: what wakes it up. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.chassis import clock, workdays
from services.chassis.database import Database
from services.chassis.envelope import Envelope
from services.chassis.hearing import hears
from services.chassis.policy import Policy
from services.chassis.settings import Settings
from services.chassis.timing import every
from services.credit import handlers, store
from services.credit.handlers import merging, records
from services.events.inspection import (
    CaseClosed,
    CaseDecided,
    DecisionChanged,
    OrderClosed,
    OrderOverdue,
    RefusalRecorded,
    RefusalWithdrawn,
    WarningCleared,
    WarningTurnedRed,
)
from services.events.registry import EnterpriseRecorded, EnterprisesMerged, MergeUndone


class CreditService:
    """诚信发布."""

    name = "credit"
    database: Database
    policy: Policy
    settings: Settings
    _counted_by: workdays.WorkingDays | None = None
    _ended_for: date | None = None  # the day up to which corrected entries were ended

    @hears(WarningTurnedRed)
    def on_warning_turned_red(
        self, heard: Sequence[Envelope[WarningTurnedRed]], session: Session
    ) -> None:
        """红色预警: publish or draft."""
        handlers.note_red_warnings(session, heard, today=clock.today(), policy=self.policy)

    @hears(WarningCleared)
    def on_warning_cleared(
        self, heard: Sequence[Envelope[WarningCleared]], session: Session
    ) -> None:
        """预警消除: record the correction, or withdraw."""
        handlers.note_cleared_warnings(session, heard, today=clock.today(), policy=self.policy)

    @hears(EnterpriseRecorded)
    def on_enterprise_recorded(
        self, heard: Sequence[Envelope[EnterpriseRecorded]], session: Session
    ) -> None:
        """企业登记: keep its name."""
        handlers.note_enterprises(session, heard)

    @hears(EnterprisesMerged)
    def on_enterprises_merged(
        self, heard: Sequence[Envelope[EnterprisesMerged]], session: Session
    ) -> None:
        """企业合并: show the entries of both under the survivor."""
        merging.note_merges(session, heard, today=clock.today())

    @hears(MergeUndone)
    def on_merge_undone(self, heard: Sequence[Envelope[MergeUndone]], session: Session) -> None:
        """撤销合并: show them apart again."""
        merging.note_merges(session, heard, today=clock.today())

    @hears(CaseDecided)
    def on_case_decided(self, heard: Sequence[Envelope[CaseDecided]], session: Session) -> None:
        """处罚决定: draft the penalty."""
        records.note_cases(session, heard, today=clock.today(), policy=self.policy)

    @hears(DecisionChanged)
    def on_decision_changed(
        self, heard: Sequence[Envelope[DecisionChanged]], session: Session
    ) -> None:
        """决定变更: change or withdraw it."""
        records.note_cases(session, heard, today=clock.today(), policy=self.policy)

    @hears(CaseClosed)
    def on_case_closed(self, heard: Sequence[Envelope[CaseClosed]], session: Session) -> None:
        """结案: withdraw it if the decision was annulled."""
        records.note_cases(session, heard, today=clock.today(), policy=self.policy)

    @hears(OrderOverdue)
    def on_order_overdue(
        self, heard: Sequence[Envelope[OrderOverdue]], session: Session
    ) -> None:
        """到期未整改: draft bad information."""
        records.note_orders(session, heard, today=clock.today(), policy=self.policy)

    @hears(OrderClosed)
    def on_order_closed(self, heard: Sequence[Envelope[OrderClosed]], session: Session) -> None:
        """整改办结: withdraw it, or note the correction."""
        records.note_orders(session, heard, today=clock.today(), policy=self.policy)

    @hears(RefusalRecorded)
    def on_refusal_recorded(
        self, heard: Sequence[Envelope[RefusalRecorded]], session: Session
    ) -> None:
        """拒绝整改: draft a proposal for the list."""
        records.note_refusals(session, heard, today=clock.today(), policy=self.policy)

    @hears(RefusalWithdrawn)
    def on_refusal_withdrawn(
        self, heard: Sequence[Envelope[RefusalWithdrawn]], session: Session
    ) -> None:
        """记录撤回: withdraw the proposal."""
        records.note_refusals(session, heard, today=clock.today(), policy=self.policy)

    @every(seconds=60, because_days_pass=True)
    def take_due_steps(self) -> None:
        """期满处理: what the day brings."""
        handlers.take_due_steps(self.database, today=clock.today(), policy=self.policy)
        records.take_due_records(self.database, today=clock.today(), policy=self.policy)

    @every(seconds=60, because_days_pass=True)
    def end_corrected(self) -> None:
        """公示期满: corrected bad information whose time is over; once a day."""
        if self._ended_for != (today := clock.today()):
            records.end_corrected(self.database, today=today, policy=self.policy)
            self._ended_for = today

    @every(seconds=2)
    def grade_due(self) -> None:
        """信用等级: computed anew where public records changed."""
        records.grade_due(self.database, today=clock.today(), policy=self.policy)

    @every(seconds=60, because_days_pass=True)
    def recount_provisional_terms(self) -> None:
        """放假通知: what a year's notice makes known; once for each calendar."""
        if self._counted_by is not (calendar := workdays.in_use()):
            handlers.recount_provisional_terms(
                self.database, today=clock.today(), policy=self.policy
            )
            records.recount_requests(self.database, policy=self.policy)
            self._counted_by = calendar

    def busy(self, session: Session) -> int:
        """Grades to compute; and steps due and not yet taken, where a calendar is kept."""
        grades = store.count_grades_due(session)
        if not self.settings.calendar:
            return grades
        today = clock.today()
        steps = store.count_due(session, today=today)
        return grades + steps + store.count_due_records(session, today=today)

    def status(self, session: Session) -> dict[str, Any]:
        """Counts for `bianque status`."""
        counted = store.counts(session)
        return {
            "bad_information": counted["states"],
            "drafts_waiting": counted["states"]["drafted"],
            "escalations": counted["escalations"],
            "enterprises": store.count_enterprises(session),
            "steps_due": store.count_due(session, today=clock.today()),
            "records": store.count_records(session),
            "requests": store.count_requests(session, today=clock.today()),
            "grades": store.count_grades(session) | {"due": store.count_grades_due(session)},
        }
