"""Imports that were asked for: kept until they are done, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_all
from services.chassis.sealing import Seals
from services.registry.model import JobState, RowError
from services.registry.store.tables import ImportFaultRow, ImportJobRow, ImportPartRow

PART = 1 << 20
SLICE = 1000
UNFINISHED = (JobState.WAITING.value, JobState.RUNNING.value)

_FAULTS = cast("Table", ImportFaultRow.__table__)
_NOT_SAID = {"stated_at": None, "campaign_id": None, "scope": None}
_OF_AN_END = ("started_at", "finished_at", "stage", "report", "code", "detail")
_UNBEGUN: dict[str, Any] = {
    "state": JobState.WAITING.value,
    "attempts": 0,
    "read": 0,
    "permille": 0,
    "parts_kept": True,
}


def ask_for(
    session: Session, job: dict[str, Any], content: Iterable[bytes], seals: Seals
) -> None:
    """Keep a file, sealed, and what is to be done with it."""
    session.execute(insert(ImportJobRow), [_NOT_SAID | job | _UNBEGUN])
    keep_content(session, job["id"], content, seals)


def keep_content(
    session: Session, job_id: UUID, content: Iterable[bytes], seals: Seals
) -> None:
    """The parts of its file, sealed."""
    for number, part in enumerate(content):
        sealed = seals.seal_piece(part, place=place_of(job_id, number))
        row = {"job_id": job_id, "number": number, "content": sealed}
        session.execute(insert(ImportPartRow), [row])


def place_of(job_id: UUID, number: int) -> str:
    """Where a part belongs: it opens nowhere else."""
    return f"import/{job_id}/{number}"


def unfinished_like(session: Session, job: dict[str, Any]) -> ImportJobRow | None:
    """One that is asked for already and has not come to its end: same file, same reading."""
    same = ("file_sha256", "mapping_sha256", "dry_run", "all_or_nothing", *_NOT_SAID)
    said = _NOT_SAID | job
    like = select(ImportJobRow).where(
        ImportJobRow.state.in_(UNFINISHED),
        *(getattr(ImportJobRow, name).is_not_distinct_from(said[name]) for name in same),
    )
    return session.scalars(like.order_by(ImportJobRow.asked_at).limit(1)).first()


def take_up(session: Session, now: datetime) -> ImportJobRow | None:
    """The oldest that is not finished. One that was running was left by a process that ended."""
    oldest = (
        select(ImportJobRow)
        .where(ImportJobRow.state.in_(UNFINISHED))
        .order_by(ImportJobRow.asked_at, ImportJobRow.id)
        .limit(1)
        .with_for_update()
    )
    job = session.scalars(oldest).first()
    if job is not None:
        job.state = JobState.RUNNING.value
        job.attempts += 1
        job.started_at = now
        job.stage, job.read, job.permille = None, 0, 0
        session.flush()
    return job


def note(session: Session, job_id: UUID, **values: Any) -> None:
    """How a job stands."""
    session.execute(update(ImportJobRow).where(ImportJobRow.id == job_id).values(**values))


def job_by_id(session: Session, job_id: UUID) -> ImportJobRow | None:
    return session.get(ImportJobRow, job_id)


def locked(session: Session, job_id: UUID) -> ImportJobRow | None:
    """Nobody else changes it until the transaction has ended."""
    return session.get(ImportJobRow, job_id, with_for_update=True)


def begin_again(session: Session, job_id: UUID) -> None:
    """As if it had just been asked for; what was wrong the last time is forgotten."""
    session.execute(delete(ImportFaultRow).where(ImportFaultRow.job_id == job_id))
    note(session, job_id, **_UNBEGUN, **dict.fromkeys(_OF_AN_END))


def latest(session: Session, limit: int) -> list[ImportJobRow]:
    """The last that was asked for first."""
    newest = select(ImportJobRow).order_by(ImportJobRow.asked_at.desc(), ImportJobRow.id)
    return list(session.scalars(newest.limit(limit)))


def count_unfinished(session: Session) -> int:
    """How many wait or are in hand."""
    counted = select(func.count(ImportJobRow.id)).where(ImportJobRow.state.in_(UNFINISHED))
    return session.scalar(counted) or 0


def content_of(session: Session, job_id: UUID, seals: Seals) -> Iterator[bytes]:
    """The file that was sent, a part at a time. Raises KeysBroken."""
    number = 0
    part = select(ImportPartRow.content).where(ImportPartRow.job_id == job_id)
    while (sealed := session.scalar(part.where(ImportPartRow.number == number))) is not None:
        yield seals.open_piece(sealed, place=place_of(job_id, number))
        number += 1


def drop_content(session: Session, *job_ids: UUID) -> None:
    """The files are not needed any more."""
    session.execute(delete(ImportPartRow).where(ImportPartRow.job_id.in_(job_ids)))
    dropped = update(ImportJobRow).where(ImportJobRow.id.in_(job_ids))
    session.execute(dropped.values(parts_kept=False))


def forget_files(session: Session, *, finished_before: datetime) -> int:
    """Files and faults of what was done long ago; the counts stay. Returns how many."""
    old = list(
        session.scalars(
            select(ImportJobRow.id).where(
                ImportJobRow.parts_kept, ImportJobRow.finished_at < finished_before
            )
        )
    )
    for start in range(0, len(old), SLICE):
        some = old[start : start + SLICE]
        session.execute(delete(ImportFaultRow).where(ImportFaultRow.job_id.in_(some)))
        drop_content(session, *some)
    return len(old)


def keep_faults(
    session: Session, job_id: UUID, faults: Iterable[tuple[int, bool, RowError]]
) -> None:
    """(number, refused, what is wrong), in the order in which they were found."""
    rows = [
        {
            "job_id": job_id,
            "number": number,
            "refused": refused,
            "line": fault.line,
            "column": fault.column,
            "value": fault.value,
            "code": fault.code,
            "reason": fault.reason,
            "right": fault.right,
        }
        for number, refused, fault in faults
    ]
    if rows:
        insert_all(session, _FAULTS, rows)


def faults_of(session: Session, job_id: UUID, *, refused: bool) -> Iterator[RowError]:
    """By line, a slice at a time."""
    by_line = (
        select(ImportFaultRow)
        .where(ImportFaultRow.job_id == job_id, ImportFaultRow.refused == refused)
        .order_by(ImportFaultRow.line, ImportFaultRow.number)
        .execution_options(yield_per=SLICE)
    )
    for row in session.scalars(by_line):
        yield RowError(row.line, row.column, row.value, row.code, row.reason, row.right)
