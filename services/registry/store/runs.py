"""The record of imports, and the salt of this installation."""

from __future__ import annotations

import secrets
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from services.chassis.database import Database, insert_new
from services.registry.store.tables import ImportRunRow, SaltRow

_SALT = cast("Table", SaltRow.__table__)


def salt(database: Database, *, may_write: bool) -> str:
    """The secret of this installation; made when it is first needed."""
    with database.reading() as session:
        known = session.scalar(select(SaltRow.salt))
    if known is not None:
        return str(known)
    made = new_salt()
    if not may_write:
        return made  # nothing is kept yet that it would have to agree with
    with database.transaction() as session:
        insert_new(session, _SALT, [{"id": 1, "salt": made}], returning=SaltRow.id)
        kept: str = session.scalars(select(SaltRow.salt)).one()
    return kept


def new_salt() -> str:
    """One that nobody can guess."""
    return secrets.token_hex(16)


def note(session: Session, run: dict[str, Any]) -> None:
    """Leave the record of an import."""
    session.execute(insert(ImportRunRow), [run])


def latest(session: Session, limit: int) -> list[ImportRunRow]:
    """The imports, the last one first."""
    newest = select(ImportRunRow).order_by(ImportRunRow.finished_at.desc()).limit(limit)
    return list(session.scalars(newest))
