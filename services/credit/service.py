"""The credit service: what wakes it up. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
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
from services.credit.handlers import merging
from services.events.inspection import WarningCleared, WarningTurnedRed
from services.events.registry import EnterpriseRecorded, EnterprisesMerged, MergeUndone


class CreditService:
    """诚信发布."""

    name = "credit"
    database: Database
    policy: Policy
    settings: Settings
    _counted_by: workdays.WorkingDays | None = None

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
        merging.note_merges(session, heard)

    @hears(MergeUndone)
    def on_merge_undone(self, heard: Sequence[Envelope[MergeUndone]], session: Session) -> None:
        """撤销合并: show them apart again."""
        merging.note_merges(session, heard)

    @every(seconds=60, because_days_pass=True)
    def take_due_steps(self) -> None:
        """期满处理: what the day brings."""
        handlers.take_due_steps(self.database, today=clock.today(), policy=self.policy)

    @every(seconds=60, because_days_pass=True)
    def recount_provisional_terms(self) -> None:
        """放假通知: what a year's notice makes known; once for each calendar."""
        if self._counted_by is not (calendar := workdays.in_use()):
            handlers.recount_provisional_terms(
                self.database, today=clock.today(), policy=self.policy
            )
            self._counted_by = calendar

    def busy(self, session: Session) -> int:
        """Entries whose step is due and not yet taken; none while no calendar is kept."""
        if not self.settings.calendar:
            return 0
        return store.count_due(session, today=clock.today())

    def status(self, session: Session) -> dict[str, Any]:
        """Counts for `bianque status`."""
        counted = store.counts(session)
        return {
            "bad_information": counted["states"],
            "drafts_waiting": counted["states"]["drafted"],
            "escalations": counted["escalations"],
            "enterprises": store.count_enterprises(session),
            "steps_due": store.count_due(session, today=clock.today()),
        }
