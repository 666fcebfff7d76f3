"""The inspection service: what wakes it up. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
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
from services.events.registry import (
    EnterpriseRecorded,
    EnterprisesMerged,
    MergeUndone,
    ObjectRecorded,
)
from services.inspection.handlers import (
    alarms,
    evaluation,
    merging,
    recording,
    reminding,
    reporting,
    tallying,
)
from services.inspection.handlers.acting import EVERYWHERE, Acting
from services.inspection.handlers.cases import days as case_days
from services.inspection.handlers.complaints import keeping as complaints
from services.inspection.handlers.orders import days as order_days
from services.inspection.model import DayLine
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.visits.checklists import Checklists
from services.inspection.store import cases, duties, enterprises, orders


class InspectionService:
    """预警研判."""

    name = "inspection"

    database: Database
    policy: Policy
    seals: Seals
    settings: Settings

    @property
    def table(self) -> RuleTable:
        """The shipped rules, with the bureau's own in BIANQUE_VAR/policy over them."""
        return _table(self.settings.var / "policy" / "duty_rules.csv")

    @property
    def checklists(self) -> Checklists:
        """The shipped checklists, with the bureau's own in BIANQUE_VAR/policy over them."""
        return _checklists(self.settings.var / "policy" / "checklists.yaml")

    @hears(ObjectRecorded)
    def on_object_recorded(
        self, heard: Sequence[Envelope[ObjectRecorded]], session: Session
    ) -> None:
        """What the recorded objects owe from now on."""
        recording.on_object_recorded(
            session, heard, today=clock.today(), policy=self.policy, table=self.table
        )

    @hears(EnterpriseRecorded)
    def on_enterprise_recorded(
        self, heard: Sequence[Envelope[EnterpriseRecorded]], session: Session
    ) -> None:
        """To whom documents are addressed."""
        enterprises.note(session, [each.event for each in heard])

    @hears(EnterprisesMerged)
    def on_enterprises_merged(
        self, heard: Sequence[Envelope[EnterprisesMerged]], session: Session
    ) -> None:
        """Two enterprises are one."""
        merging.note_merges(session, heard)

    @hears(MergeUndone)
    def on_merge_undone(self, heard: Sequence[Envelope[MergeUndone]], session: Session) -> None:
        """They are two after all."""
        merging.note_merges(session, heard)

    @every(seconds=60, because_days_pass=True)
    def pass_terms(self) -> None:
        """期限届满: what has not been put right in time, what is due in a case."""
        order_days.sweep(self.database, self._by_rule())
        case_days.sweep(self.database, self._by_rule())

    @every(seconds=600, because_days_pass=True)
    def daily(self) -> None:
        """Evaluate if due, remind, count terms again, look whether yesterday was attested."""
        self.evaluate_if_due()
        self.remind()
        complaints.count_again(self.database, self.policy)
        with self.database.reading() as session:
            alarms.sound(alarms.alarms(session, today=clock.today()))

    def evaluate_if_due(self) -> DayLine | None:
        """Evaluate today, unless it is attested and nothing waits."""
        return evaluation.evaluate_if_due(
            self.database, on=clock.today(), policy=self.policy, table=self.table
        )

    def remind(self) -> None:
        """Tell which rungs of the ladder are reached today."""
        reminding.remind(self.database, on=clock.today(), policy=self.policy, table=self.table)

    @every(seconds=60)
    def fold_tallies(self) -> None:
        """Fold what transactions added to the counters of the dashboards."""
        tallying.fold(self.database)

    @every(seconds=3600, because_days_pass=True)
    def compare_tallies(self) -> None:
        """Every night: the counters against a recount."""
        tallying.compare_if_due(self.database, on=clock.today())

    def busy(self, session: Session) -> int:
        """Duties and terms whose day has come and which wait; none while no calendar is kept."""
        if not self.settings.calendar:
            return 0
        today = clock.today()
        terms = orders.count_due(session, today=today) + cases.count_due(session, today=today)
        return duties.count_waiting(session, today) + terms

    def status(self, session: Session) -> dict[str, Any]:
        """Facts for `bianque status`."""
        return reporting.status(session, today=clock.today())

    def _by_rule(self) -> Acting:
        """Nobody acts: a day has come."""
        return Acting(
            by=None,
            scope=EVERYWHERE,
            today=clock.today(),
            at=clock.now(),
            policy=self.policy,
            bureau=self.settings.bureau,
        )


@cache
def _checklists(own: Path) -> Checklists:
    return Checklists.read(own if own.is_file() else None)


@cache
def _table(own: Path) -> RuleTable:
    return RuleTable.read(own if own.is_file() else None)
