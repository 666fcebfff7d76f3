"""Imports that were asked for: kept first, done one after the other, taken up again after a crash.

What is asked for is committed with its file before anybody is told that it will be done.
The transaction that makes the rows true also says that the job is done: a process that
ends in the middle has done nothing, and the job is there to be taken up again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database, is_passing
from services.chassis.sealing import KeysBroken, Seals
from services.registry.handlers import leftovers
from services.registry.handlers.faults import FaultSpool
from services.registry.handlers.importing import Import
from services.registry.handlers.repeating import is_repeatable
from services.registry.handlers.stating import without_outdated
from services.registry.handlers.surveying import Sheet, read_sheet_mapping
from services.registry.mapping import Mapping, MappingBroken, parse_mapping
from services.registry.mapping.survey import SurveyMapping
from services.registry.model import ImportReport, JobState, Outcome, Progress
from services.registry.reading import FileBroken
from services.registry.store import jobs, reference
from services.registry.store.tables import ImportJobRow

MOST_ATTEMPTS = 3  # a file that ends its process so often will do it again
NOTED_EVERY = timedelta(seconds=1)

log = structlog.get_logger()


def work_off(database: Database, seals: Seals) -> None:
    """Do what was asked for, the oldest first, until nothing waits.

    Only one process at a time may be here: a job that is running is then one that was left.
    """
    while _waits(database):
        with database.transaction() as session:
            job = jobs.take_up(session, clock.now())
            if job is not None and job.attempts > MOST_ATTEMPTS:
                _end(session, job.id, JobState.FAILED, "gave_up", _GAVE_UP)
                continue
        if job is not None:
            _work_on(database, job, seals)


def _waits(database: Database) -> bool:
    """Asked twice a second: it must not stand in the way of those who write."""
    with database.reading() as session:
        return jobs.count_unfinished(session) > 0


_KEPT = "什么也没有写入,文件还保存着"
_GAVE_UP = f"导入这个文件时程序{MOST_ATTEMPTS}次意外终止,不再重试;{_KEPT},原因排除后可以重做"
_KEY_MISSING = (
    f"文件加密保存时的密钥不在 BIANQUE_PERSONAL_KEYS 中,打不开;{_KEPT},加回密钥后可以重做"
)
_FAILED = f"服务内部错误,已记录;{_KEPT},原因排除后可以重做"


def _work_on(database: Database, job: ImportJobRow, seals: Seals) -> None:
    """To its end, whatever that is. Raises what passes by itself: then it is taken up again."""
    try:
        _import(database, job, seals)
    except FileBroken as broken:
        with database.transaction() as session:
            _end(session, job.id, JobState.REFUSED, broken.code, str(broken))
            jobs.drop_content(
                session, job.id
            )  # the file itself is wrong: another one will come
    except MappingBroken as broken:
        with database.transaction() as session:
            _end(session, job.id, JobState.REFUSED, "mapping_broken", str(broken))
    except KeysBroken as broken:
        log.error("import_sealed_under_another_key", job_id=str(job.id), reason=str(broken))
        with database.transaction() as session:
            _end(session, job.id, JobState.FAILED, "key_missing", _KEY_MISSING)
    except Exception as error:
        if is_passing(error):
            with database.transaction() as session:
                jobs.note(session, job.id, attempts=0)
            raise
        log.exception("import_failed", job_id=str(job.id), mapping=job.mapping_name)
        with database.transaction() as session:
            _end(session, job.id, JobState.FAILED, "failed", _FAILED)


def _import(database: Database, job: ImportJobRow, seals: Seals) -> None:
    with file_of(database, job.id, seals) as path, FaultSpool() as faults:

        def ending(session: Session, report: ImportReport) -> None:
            faults.keep(session, job.id)
            _done(session, job.id, report)

        run: Import | Sheet
        if job.campaign_id is not None:
            run = Sheet(database, path, job, tell=faults.tell, ending=ending)
        else:
            run = Import(
                database,
                path,
                mapping_of_job(database, job),
                dry_run=job.dry_run,
                all_or_nothing=job.all_or_nothing,
                file_name=job.file_name,
                made_by=job.asked_by,
                seals=seals,
                run_id=job.id,
                tell=faults.tell,
                ending=ending,
            )
        _go_through(database, job.id, run.steps())
        if job.dry_run:
            with database.transaction() as session:
                ending(session, run.report)


def mapping_of(database: Database, text: str, *, name: str) -> Mapping:
    """A mapping as it reads under the code tables in force. Raises MappingBroken."""
    today = clock.today()
    with database.reading() as session:
        known = reference.in_force(session, today)
    return parse_mapping(text, name=name, today=today, references=known)


def mapping_of_job(database: Database, job: ImportJobRow) -> Mapping:
    """Raises MappingBroken."""
    mapping = mapping_of(database, job.mapping_text, name=job.mapping_name)
    return without_outdated(mapping) if job.stated_at is not None else mapping


def reading_of_job(database: Database, job: ImportJobRow) -> tuple[Collection[str], str | None]:
    """The columns that its file has to have, and the sheet, if one is named.

    Raises MappingBroken.
    """
    mapping: Mapping | SurveyMapping
    if job.campaign_id is not None:
        mapping = read_sheet_mapping(job.mapping_text, name=job.mapping_name)
    else:
        mapping = mapping_of_job(database, job)
    return mapping.wanted, mapping.sheet


def _go_through(database: Database, job_id: UUID, steps: Iterator[Progress]) -> None:
    """Say now and then how far it is, but not while the import itself holds on to the file."""
    noted_at = clock.now()
    for progress in steps:
        now = clock.now()
        begins = progress.stage == "settling"
        if begins or (progress.stage == "reading" and now - noted_at >= NOTED_EVERY):
            noted_at = now
            with database.transaction() as session:
                jobs.note(
                    session,
                    job_id,
                    stage=progress.stage,
                    read=progress.rows,
                    permille=round(1000 * progress.share),
                )


def _done(session: Session, job_id: UUID, report: ImportReport) -> None:
    refused = report.outcome is Outcome.REFUSED
    counts = asdict(report) | {"outcome": report.outcome.value, "refused": refused}
    counts["run_id"] = str(report.run_id) if report.run_id else None
    del counts["errors"], counts["findings"]
    detail = "有错误行,而要求全部正确:一行也没有写入" if refused else None
    jobs.note(
        session,
        job_id,
        state=(JobState.REFUSED if refused else JobState.DONE).value,
        finished_at=clock.now(),
        read=report.rows,
        permille=1000,
        report=json.dumps(counts),
        code="rows_wrong" if refused else None,
        detail=detail,
    )
    if not report.wrong:
        jobs.drop_content(session, job_id)


def _end(session: Session, job_id: UUID, state: JobState, code: str, detail: str) -> None:
    jobs.note(
        session, job_id, state=state.value, finished_at=clock.now(), code=code, detail=detail
    )


@contextmanager
def file_of(database: Database, job_id: UUID, seals: Seals) -> Iterator[Path]:
    """The file that was sent, as a file, for as long as it is needed. Raises KeysBroken."""
    with NamedTemporaryFile(prefix=leftovers.IMPORT) as file:
        with database.reading() as session:
            for part in jobs.content_of(session, job_id, seals):
                file.write(part)
        file.flush()
        yield Path(file.name)


def forget_files(database: Database, *, keep_days: int) -> int:
    """Files with wrong rows are kept so long, to be given back."""
    leftovers.sweep(Path(gettempdir()))
    before: datetime = clock.now() - timedelta(days=keep_days)
    with database.transaction() as session:
        return jobs.forget_files(session, finished_before=before)


def told_of(job: ImportJobRow) -> dict[str, Any]:
    """How a job stands, as JSON."""
    shown: dict[str, Any] = {
        "id": str(job.id),
        "state": job.state,
        "file_name": job.file_name,
        "file_sha256": job.file_sha256,
        "file_size": job.file_size,
        "mapping_name": job.mapping_name,
        "source": job.source,
        "kind": job.kind,
        "dry_run": job.dry_run,
        "all_or_nothing": job.all_or_nothing,
        "asked_by": job.asked_by,
        "asked_at": job.asked_at.isoformat(),
        "stated_at": job.stated_at and job.stated_at.isoformat(),
        "campaign_id": job.campaign_id and str(job.campaign_id),
        "started_at": job.started_at and job.started_at.isoformat(),
        "finished_at": job.finished_at and job.finished_at.isoformat(),
        "report": json.loads(job.report) if job.report else None,
        "problem": {"code": job.code, "detail": job.detail} if job.code else None,
        "repeatable": is_repeatable(job),
    }
    return shown | {"progress": _progress(job)}


def _progress(job: ImportJobRow) -> dict[str, Any] | None:
    """Rate and remaining time are of the reading: what follows takes about as long."""
    if job.state != JobState.RUNNING.value or job.started_at is None:
        return None
    seconds = max((clock.now() - job.started_at).total_seconds(), 0.001)
    share = job.permille / 1000
    reading = job.stage == "reading" and share > 0
    return {
        "stage": job.stage or "reading",
        "rows": job.read,
        "share": share,
        "rows_per_second": round(job.read / seconds) if reading else None,
        "seconds_left": round(seconds * (1 - share) / share) if reading else None,
    }
