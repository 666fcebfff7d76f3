"""After a key was replaced: everything again under the first one, in many short transactions."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session

from services.chassis.database import Database
from services.chassis.sealing import Seals

SLICE = 1000


class Renew(Protocol):
    """Seals again at most *limit* rows of one kind. Returns how many."""

    def __call__(self, session: Session, seals: Seals, *, limit: int) -> int: ...


def renew_all(database: Database, seals: Seals, *renewals: Renew, limit: int = SLICE) -> int:
    """Of each kind until none is left: a crash between two slices leaves less to do."""
    renewed = 0
    for renew in renewals:
        done = limit
        while done == limit:
            with database.transaction() as session:
                done = renew(session, seals, limit=limit)
            renewed += done
    return renewed
