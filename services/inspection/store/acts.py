"""What was done with an order, a refusal or a case, step by step; nothing is ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table as SqlTable, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_all
from services.inspection.model.procedure import Act
from services.inspection.store.tables import ActRow

ACT: SqlTable = ActRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True)
class Filed:
    """An act as it lies on file."""

    number: int
    what: str
    rule: str
    words: str
    item_id: UUID | None
    particulars: dict[str, Any]
    taken_on: date
    taken_by: str | None
    taken_at: datetime
    caused_by: UUID | None
    policy_version: str


def add(
    session: Session,
    about_id: UUID,
    acts: Sequence[Act],
    *,
    after: int,
    on: date,
    by: str | None,
    at: datetime,
    caused_by: UUID | None,
    policy_version: str,
) -> int:
    """File some acts behind the ones that are there. Returns the number of the last one.

    The thing that they are about is locked by this transaction.
    """
    rows = [
        {
            "about_id": about_id,
            "number": number,
            **{name: getattr(act, name) for name in ("what", "rule", "words", "item_id")},
            "particulars": dict(act.particulars),
            "taken_on": on,
            "taken_by": by,
            "taken_at": at,
            "caused_by": caused_by,
            "policy_version": policy_version,
        }
        for number, act in enumerate(acts, start=after + 1)
    ]
    if rows:
        insert_all(session, ACT, rows)
    return after + len(rows)


def of(session: Session, about_id: UUID) -> list[Filed]:
    """All acts about something, in order."""
    columns = [ACT.c[name] for name in Filed.__dataclass_fields__]
    wanted = select(*columns).where(ACT.c.about_id == about_id).order_by(ACT.c.number)
    return [Filed(**row._mapping) for row in session.execute(wanted)]
