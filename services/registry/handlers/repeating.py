"""An import that could not be done is done once more, with what was sent the first time.

A file that failed for a fault of the program, a missing key or a mapping that has been put
right since need not be asked for again: a linked system would never send its message twice.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.sealing import KeysBroken, Seals
from services.registry.handlers import stating
from services.registry.handlers.stating import StatementBroken
from services.registry.mapping import MappingBroken
from services.registry.model import JobState
from services.registry.store import jobs
from services.registry.store.tables import ImportJobRow


class NotRepeatable(Exception):
    """Why it cannot be done once more; *code* is stable."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def is_repeatable(job: ImportJobRow) -> bool:
    """It ended without being done, for no fault of the file, and the file is still here."""
    ended = job.state == JobState.FAILED.value or job.code == "mapping_broken"
    return ended and job.parts_kept


def repeat(session: Session, job_id: UUID, seals: Seals) -> ImportJobRow:
    """It waits again. Rows that came by message are read by the adapter's mapping of today.

    Raises NotRepeatable, LookupError.
    """
    job = jobs.locked(session, job_id)
    if job is None:
        raise LookupError(job_id)
    if not is_repeatable(job):
        raise NotRepeatable(
            "import_not_repeatable",
            "只有因程序故障、密钥或映射没有做成,而文件还保存着的导入可以重做",
        )
    if job.stated_at is not None:
        _state_again(session, job, seals)
    jobs.begin_again(session, job_id)
    session.refresh(job)
    return job


def _state_again(session: Session, job: ImportJobRow, seals: Seals) -> None:
    assert job.stated_at is not None  # noqa: S101 - the caller asked
    try:
        kept = b"".join(jobs.content_of(session, job.id, seals))
        mapping, text, content = stating.stated_again(
            session,
            kept,
            system_table=job.mapping_name,
            stated_at=job.stated_at,
            by=job.asked_by,
        )
    except KeysBroken:
        raise NotRepeatable(
            "key_missing", "文件加密保存时的密钥不在 BIANQUE_PERSONAL_KEYS 中,打不开"
        ) from None
    except (MappingBroken, StatementBroken) as broken:
        raise NotRepeatable("mapping_broken", str(broken)) from None
    jobs.drop_content(session, job.id)
    jobs.keep_content(session, job.id, [content], seals)
    job.mapping_text, job.mapping_sha256 = text, mapping.digest
    job.file_sha256, job.file_size = hashlib.sha256(content).hexdigest(), len(content)
    session.flush()
