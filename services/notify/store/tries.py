"""How the newest tries went: by them a provider is trusted, and a robot keeps its pace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_all
from services.notify.model import Try
from services.notify.store.tables import TryRow

TRY = cast("Table", TryRow.__table__)
MILLISECOND = timedelta(milliseconds=1)


def since(session: Session, instant: datetime) -> list[Try]:
    """All tries after an instant."""
    rows = session.execute(select(TRY).where(TRY.c.at > instant).order_by(TRY.c.at))
    return [
        Try(way=row.way, at=row.at, took=row.took_milliseconds * MILLISECOND, worked=row.worked)
        for row in rows
    ]


def keep(session: Session, tries: Iterable[Try]) -> None:
    """Store how some tries went."""
    rows = [
        {
            "id": uuid4(),
            "way": one.way,
            "at": one.at,
            "took_milliseconds": one.took // MILLISECOND,
            "worked": one.worked,
        }
        for one in tries
    ]
    if rows:
        insert_all(session, TRY, rows)


def forget(session: Session, *, before: datetime) -> None:
    """Delete what nobody asks for any more."""
    session.execute(delete(TRY).where(TRY.c.at < before))
