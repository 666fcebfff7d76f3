"""When a source last stated what stands under a key: later statements hold, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_new, upsert
from services.registry.store.runs import new_salt
from services.registry.store.tables import SaltRow, StatedKeyRow

SLICE = 500

_STATED = cast("Table", StatedKeyRow.__table__)
_SALT = cast("Table", SaltRow.__table__)


def newer(
    session: Session, source: str, table: str, keys: Mapping[str, datetime]
) -> frozenset[str]:
    """The keys of which nothing later was stated; from now on these statements are the last."""
    salt = _salt(session)
    hashed = {_hash(key, salt): key for key in keys}
    rows = [
        {"source": source, "table": table, "key_hash": found, "stated_at": keys[key]}
        for found, key in hashed.items()
    ]
    by = ("source", "table", "key_hash")
    written = upsert(session, _STATED, rows, key=by, newer_by="stated_at")
    return frozenset(hashed[found[2]] for found in written)


def later(
    session: Session, source: str, table: str, keys: Mapping[str, datetime]
) -> frozenset[str]:
    """The keys of which something later was stated meanwhile."""
    salt = _salt(session)
    hashed = {_hash(key, salt): key for key in keys}
    asked, found = list(hashed), set()
    for start in range(0, len(asked), SLICE):
        known = select(StatedKeyRow.key_hash, StatedKeyRow.stated_at).where(
            StatedKeyRow.source == source,
            StatedKeyRow.table == table,
            StatedKeyRow.key_hash.in_(asked[start : start + SLICE]),
        )
        for row in session.execute(known):
            if row.stated_at > keys[hashed[row.key_hash]]:
                found.add(hashed[row.key_hash])
    return frozenset(found)


def _hash(key: str, salt: str) -> str:
    """A key can be a resident's number, and they are few enough to try them all."""
    return blake2b(key.encode(), key=salt.encode(), digest_size=16).hexdigest()


def _salt(session: Session) -> str:
    known = session.scalar(select(SaltRow.salt))
    if known is None:
        insert_new(session, _SALT, [{"id": 1, "salt": new_salt()}], returning=SaltRow.id)
        known = session.scalars(select(SaltRow.salt)).one()
    return str(known)
