"""What is sealed under an old key is sealed again under the first one, a slice at a time."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Column, Table, and_, func, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.sealing import Seals
from services.registry.rules.verdict import plain
from services.registry.store import jobs
from services.registry.store.packing import person_of
from services.registry.store.tables import (
    EnterpriseRow,
    EnterpriseStatementRow,
    EnterpriseVersionRow,
    ImportPartRow,
    ObjectRow,
    ObjectStatementRow,
    ObjectVersionRow,
)

_OF_ENTERPRISES = ("phone", "legal_representative")
_WHERE: dict[Any, tuple[str, ...]] = {
    EnterpriseRow: _OF_ENTERPRISES,
    EnterpriseStatementRow: _OF_ENTERPRISES,
    EnterpriseVersionRow: _OF_ENTERPRISES,
    ObjectRow: ("sealed",),
    ObjectStatementRow: ("sealed",),
    ObjectVersionRow: ("sealed",),
}


def renew(session: Session, seals: Seals, *, limit: int) -> int:
    """Seal up to *limit* rows again. Returns how many were; 0: all are under the first key."""
    done = 0
    for row, names in _WHERE.items():
        if done < limit:
            done += _renew(session, cast("Table", row.__table__), names, seals, limit - done)
    return done


def renew_files(session: Session, seals: Seals, *, limit: int) -> int:
    """The same for parts of files that wait; they are large, so *limit* is small."""
    mark = seals.mark.encode()
    begins = func.substr(ImportPartRow.content, 1, len(mark))
    old = select(ImportPartRow).where(begins != mark)
    order = (ImportPartRow.job_id, ImportPartRow.number)
    found = session.scalars(old.order_by(*order).limit(limit).with_for_update()).all()
    for part in found:
        place = jobs.place_of(part.job_id, part.number)
        part.content = seals.seal_piece(
            seals.open_piece(part.content, place=place), place=place
        )
    session.flush()
    return len(found)


def _renew(
    session: Session, table: Table, names: tuple[str, ...], seals: Seals, limit: int
) -> int:
    keys: list[Column[Any]] = list(table.primary_key)
    old = or_(*(table.c[n].is_not(None) & ~table.c[n].startswith(seals.mark) for n in names))
    found = session.execute(
        select(*keys, *(table.c[name] for name in names)).where(old).limit(limit)
    ).all()
    for row in found:
        known = row._mapping
        opened = {name: seals.open(known[name]) for name in names if known[name]}
        fresh: dict[str, str] = {name: seals.seal(word) for name, word in opened.items()}
        if "sealed" in opened:
            number = person_of(opened["sealed"]).get("number")
            fresh |= {"number_hash": seals.hash(plain(number))} if number else {}
        this = and_(*(key == known[key.name] for key in keys))
        session.execute(update(table).where(this).values(fresh))
    return len(found)
