"""The registry service: what wakes it up. Files come through its API, and wait for their turn."""

from __future__ import annotations

from collections.abc import Sequence
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
from services.events.source import RowsStated
from services.registry import handlers
from services.registry.handlers import census, finding, resembling
from services.registry.store import jobs, queries


class RegistryService:
    """底数."""

    name = "registry"
    database: Database
    settings: Settings
    policy: Policy
    seals: Seals

    @hears(RowsStated)
    def on_rows_stated(
        self, received: Sequence[Envelope[RowsStated]], session: Session
    ) -> None:
        """A linked system states rows of its tables."""
        handlers.take_statements(received, session, self.seals)

    @every(seconds=0.5, apart=True)
    def work_off_imports(self) -> None:
        """Files that were handed in, one after the other."""
        handlers.work_off(self.database, self.seals)

    @every(seconds=3600)
    def forget_files(self) -> None:
        """Files with wrong rows that nobody has asked for in time."""
        handlers.forget_files(self.database, keep_days=self.settings.keep_days)

    def busy(self, session: Session) -> int:
        """Imports that are not finished: the platform is not quiet before."""
        return jobs.count_unfinished(session)

    @every(seconds=600, because_days_pass=True)
    def note_census_days(self) -> None:
        """普查日报: how every day that is over ended."""
        census.note_past_days(self.database, today=clock.today())

    @every(seconds=30)
    def follow_names(self) -> None:
        """Index what was renamed by other ways than an import; after an update, everything."""
        finding.follow_names(self.database)

    @every(seconds=10, apart=True)
    def follow_objects(self) -> None:
        """Index the words of objects that are new or changed."""
        finding.follow_objects(self.database)

    @every(seconds=60, apart=True)
    def find_candidates(self) -> None:
        """Hold what has changed against the rest: who may be the same?"""
        resembling.find_all(self.database, policy=self.policy)

    def status(self, session: Session) -> dict[str, Any]:
        """Counts for `bianque status`."""
        return queries.counts(session)
