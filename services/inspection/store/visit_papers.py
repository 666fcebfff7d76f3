"""What belongs to a visit: every save of its record, evidence, signatures."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table as SqlTable, func, insert, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_new, upsert
from services.inspection.model.visits import Signature
from services.inspection.store.tables import (
    VisitEvidenceRow,
    VisitSaveRow,
    VisitSignatureRow,
)

SAVE: SqlTable = VisitSaveRow.__table__  # type: ignore[assignment]
EVIDENCE: SqlTable = VisitEvidenceRow.__table__  # type: ignore[assignment]
SIGNATURE: SqlTable = VisitSignatureRow.__table__  # type: ignore[assignment]


def add_save(
    session: Session,
    visit_id: UUID,
    content: dict[str, Any],
    *,
    based_on: int,
    beside: bool,
    by: str,
    at: datetime,
) -> int:
    """Keep what was sent, whatever becomes of it. Returns its number. The visit is locked."""
    last = session.scalar(select(func.max(SAVE.c.number)).where(SAVE.c.visit_id == visit_id))
    row = {
        "visit_id": visit_id,
        "number": (last or 0) + 1,
        "based_on": based_on,
        "beside": beside,
        "saved_by": by,
        "saved_at": at,
        "content": content,
    }
    session.execute(insert(SAVE), [row])
    return (last or 0) + 1


def saves(session: Session, visit_id: UUID) -> list[dict[str, Any]]:
    """Every save, the latest first."""
    statement = select(SAVE).where(SAVE.c.visit_id == visit_id).order_by(SAVE.c.number.desc())
    return [dict(row._mapping) for row in session.execute(statement)]


def add_evidence(session: Session, row: dict[str, Any]) -> bool:
    """Let a file belong to a visit. False: it does already."""
    return bool(insert_new(session, EVIDENCE, [row], returning=EVIDENCE.c.sha256))


def evidence(session: Session, visit_id: UUID) -> list[dict[str, Any]]:
    """The files of a visit."""
    statement = select(EVIDENCE).where(EVIDENCE.c.visit_id == visit_id)
    found = session.execute(statement.order_by(EVIDENCE.c.added_at, EVIDENCE.c.sha256))
    return [dict(row._mapping) for row in found]


def sign(session: Session, visit_id: UUID, signature: Signature) -> None:
    """Write a signature over the same signer's earlier one."""
    row = {"visit_id": visit_id, **asdict(signature)}
    upsert(session, SIGNATURE, [row], key=["visit_id", "signer"])


def signatures(session: Session, visit_id: UUID) -> list[Signature]:
    """The last signature of each signer."""
    columns = [SIGNATURE.c[name] for name in Signature.__dataclass_fields__]
    statement = select(*columns).where(SIGNATURE.c.visit_id == visit_id)
    return [
        Signature(**row._mapping)
        for row in session.execute(statement.order_by(SIGNATURE.c.signed_at))
    ]
