"""What is sealed under an old key is sealed again under the first one, a slice at a time."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, and_, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.sealing import Seals
from services.notify.store.tables import AddressRow, WebhookRow

_WHERE: dict[Any, tuple[str, ...]] = {
    AddressRow: ("address",),
    WebhookRow: ("secret", "former_secret"),
}


def renew(session: Session, seals: Seals, *, limit: int) -> int:
    """Seal up to *limit* rows again. Returns how many were; 0: all are under the first key."""
    done = 0
    for row, names in _WHERE.items():
        if done < limit:
            done += _renew(session, cast("Table", row.__table__), names, seals, limit - done)
    return done


def _renew(
    session: Session, table: Table, names: tuple[str, ...], seals: Seals, limit: int
) -> int:
    keys = list(table.primary_key)
    old = or_(*(table.c[n].is_not(None) & ~table.c[n].startswith(seals.mark) for n in names))
    wanted = select(*keys, *(table.c[name] for name in names)).where(old).order_by(*keys)
    found = session.execute(wanted.limit(limit).with_for_update()).all()
    for row in found:
        known = row._mapping
        fresh = {name: seals.seal(seals.open(known[name])) for name in names if known[name]}
        this = and_(*(key == known[key.name] for key in keys))
        session.execute(update(table).where(this).values(fresh))
    return len(found)
