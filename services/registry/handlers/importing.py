"""A file of a source goes into the registry: read, checked, settled, announced.

The file is read and checked outside the transaction; in the transaction are only the
set-based statements and the events. Either all of it becomes true, or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import clock, outbox
from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.events.registry import ObjectKind
from services.registry.handlers import announcing
from services.registry.handlers.tally import Tally, Told
from services.registry.mapping import Mapping
from services.registry.mapping.drafting import Drafting
from services.registry.model import Change, ImportReport, Outcome, Progress
from services.registry.reading import open_table
from services.registry.store import (
    exact_keys,
    history,
    matching,
    reference,
    runs,
    settling,
    writing,
)
from services.registry.store.search import indexing
from services.registry.store.staged import Staged
from services.registry.store.staging import SLICE, Staging

UNNAMED = "unnamed"
MANY = 1000  # rows after which a table's size has changed in earnest


class _NotAllRight(Exception):
    """Some row is wrong, and all were asked for: what was written is taken back."""


def import_file(
    database: Database,
    file: Path,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    seals: Seals | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Import a file through a mapping. The same file again changes nothing.

    Good rows go in and wrong ones are listed, or with *all_or_nothing* none goes in if any
    is wrong. *dry_run* gives the same answer and writes nothing. Raises FileBroken.
    """
    run = Import(
        database, file, mapping, dry_run=dry_run, all_or_nothing=all_or_nothing, seals=seals
    )
    for progress in run.steps():
        if on_progress is not None:
            on_progress(progress)
    return run.report


@dataclass
class Import:
    """One import, step by step, for those who want to show how far it is.

    *tell* hears of everything that is wrong, as it is found. *ending* is called in the
    transaction that makes the import true, or notes that it was refused as a whole.
    """

    database: Database
    file: Path
    mapping: Mapping
    dry_run: bool = False
    all_or_nothing: bool = False
    file_name: str | None = None
    made_by: str = UNNAMED
    seals: Seals | None = None
    run_id: UUID = field(default_factory=uuid4)
    tell: Told = lambda _refused, _faults: None
    ending: Callable[[Session, ImportReport], None] = lambda _session, _report: None
    _report: ImportReport | None = field(default=None, init=False)

    @property
    def report(self) -> ImportReport:
        """What came of it. Only after the last step."""
        if self._report is None:
            raise RuntimeError("the import has not come to its end")
        return self._report

    def steps(self) -> Generator[Progress]:
        """Do it. Closed before its end, it leaves nothing behind. Raises FileBroken."""
        started_at = clock.now()
        tally = Tally(self.mapping, self.tell)
        salt = runs.salt(self.database, may_write=not self.dry_run)
        with Staging(self.mapping, salt, self.seals) as staging:
            yield from self._read(staging, tally)
            yield Progress("settling", tally.rows, 0.0)
            if self.dry_run or (self.all_or_nothing and tally.wrong):
                with self.database.reading() as session:
                    self._settle(session, staging, tally)
            else:
                yield from self._write(staging, tally, started_at)
        if self._report is None:
            self._report = self._unwritten(tally, started_at)

    def _read(self, staging: Staging, tally: Tally) -> Iterator[Progress]:
        """Every row to the staging or to the errors."""
        today = clock.today()
        with self.database.reading() as session:
            known = reference.in_force(session, today)
        with open_table(self.file, self.mapping.wanted, sheet=self.mapping.sheet) as table:
            tally.sheet = table.sheet
            drafting = Drafting(
                self.mapping, table.columns, table.places, today=today, references=known
            )
            for row in table.rows:
                draft = drafting.draft(row)
                if draft is None:
                    continue
                tally.drafted(draft)
                if draft.thing is not None:
                    staging.add(draft.line, draft.thing)
                if tally.rows % SLICE == 0:
                    yield Progress("reading", tally.rows, table.share())

    def _settle(self, session: Session, staging: Staging, tally: Tally) -> Staged:
        """What the good rows come to."""
        staged = staging.load(session)
        matching.match(
            session,
            staged,
            self.mapping.source,
            codes=staging.codes,
            keys=staging.keys,
            numbers=staging.numbers,
        )
        if staging.numbers:
            tally.disagreed(exact_keys.disagreements(session, staged, self.mapping.source))
        revision = outbox.revision_after(None)
        settling.settle(session, staged, self.mapping, revision, on=clock.today())
        tally.settled(writing.counts(session, staged), writing.refused_rows(session, staged))
        return staged

    def _write(
        self, staging: Staging, tally: Tally, started_at: datetime
    ) -> Iterator[Progress]:
        """Settle, write, announce and note the run, in one transaction."""
        with suppress(_NotAllRight), self.database.transaction() as session:
            writing.one_import_at_a_time(session)
            since = outbox.revision_after(None)
            staged = self._settle(session, staging, tally)
            if self.all_or_nothing and tally.wrong:
                raise _NotAllRight
            change = Change(self.run_id, self.mapping.source, self.made_by, None, clock.now())
            history.note(session, change)
            today = clock.today()
            writing.write_enterprises(session, staged, self.mapping, change, today=today)
            writing.write_things(session, staged, self.mapping, change, today=today)
            indexing.follow(session, since=since, at=change.made_at)
            if tally.written >= MANY:
                writing.count_again(session, self.mapping)
            yield from self._announce(session, staged, tally)
            staged.drop(session)
            report = tally.report(Outcome.IMPORTED, self.run_id)
            runs.note(session, self._run(report, started_at))
            self.ending(session, report)
            self._report = report

    def _announce(self, session: Session, staged: Staged, tally: Tally) -> Iterator[Progress]:
        sayings = announcing.of_enterprises(session, staged)
        if self.mapping.kind.falls_due:
            kind = ObjectKind(self.mapping.kind.value)
            sayings = chain(sayings, announcing.of_objects(session, staged, kind))
        told = 0
        while slice_of := list(islice(sayings, writing.SLICE)):
            told += outbox.announce_all(session, slice_of)
            yield Progress("announcing", tally.rows, min(told / max(tally.rows, 1), 1.0))

    def _unwritten(self, tally: Tally, started_at: datetime) -> ImportReport:
        """The answer of a dry run, or of a file that was refused as a whole."""
        refused = self.all_or_nothing and tally.wrong > 0
        outcome = Outcome.REFUSED if refused else Outcome.CHECKED
        if self.dry_run:
            return tally.report(outcome, None)
        report = tally.report(outcome, self.run_id)
        with self.database.transaction() as session:
            runs.note(session, self._run(report, started_at))
            self.ending(session, report)
        return report

    def _run(self, report: ImportReport, started_at: datetime) -> dict[str, Any]:
        with self.file.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return {
            "id": self.run_id,
            "file_name": self.file_name or self.file.name,
            "file_sha256": sha256,
            "mapping_name": self.mapping.name,
            "mapping_sha256": self.mapping.digest,
            "source": self.mapping.source,
            "kind": self.mapping.kind.value,
            "outcome": report.outcome.value,
            "rows": report.rows,
            "new": report.new,
            "changed": report.changed,
            "same": report.same,
            "wrong": report.wrong,
            "suspicious": report.suspicious,
            "started_at": started_at,
            "finished_at": clock.now(),
        }
