"""Numbers of documents: without gaps for each bureau, kind and year."""

from __future__ import annotations

from sqlalchemy import Table as SqlTable, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_new
from services.inspection.store.tables import NumberSeriesRow

SERIES: SqlTable = NumberSeriesRow.__table__  # type: ignore[assignment]


def take(session: Session, *, bureau: str, kind: str, year: int) -> int:
    """The next number. It is taken if, and only if, this transaction commits.

    The row stays locked until then: the next one who takes a number waits, so that a
    transaction that is undone leaves no gap.
    """
    series = f"{bureau}/{kind}/{year}"
    insert_new(session, SERIES, [{"series": series, "last": 0}], returning=SERIES.c.series)
    taken = (
        update(SERIES)
        .where(SERIES.c.series == series)
        .values(last=SERIES.c.last + 1)
        .returning(SERIES.c.last)
    )
    return int(session.execute(taken).scalar_one())
