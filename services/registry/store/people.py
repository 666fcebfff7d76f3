"""People: found by a hash of their number, who saw them in full, and keys replaced."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from services.chassis.scope import Scope
from services.chassis.sealing import Seals
from services.events.registry import ObjectKind
from services.registry.rules.verdict import plain
from services.registry.store.tables import DisclosureRow, ObjectRow

_MOST = 200


def by_number(session: Session, seals: Seals, number: str, *, scope: Scope) -> list[ObjectRow]:
    """The certificates that bear a number, within the scope. Nothing is opened for it."""
    bearing = (
        select(ObjectRow)
        .where(
            ObjectRow.number_hash == seals.hash(plain(number)),
            ObjectRow.kind == ObjectKind.OPERATOR.value,
            scope.clause(ObjectRow.division),
        )
        .order_by(ObjectRow.class_code, ObjectRow.id)
        .limit(_MOST)
    )
    return list(session.scalars(bearing))


def disclose(session: Session, disclosure: dict[str, Any]) -> None:
    """Write down that somebody sees personal data in full."""
    session.execute(insert(cast("Table", DisclosureRow.__table__)), [disclosure])


def disclosures(session: Session, limit: int) -> list[DisclosureRow]:
    """Who saw what, the latest first."""
    latest = select(DisclosureRow).order_by(DisclosureRow.seen_at.desc()).limit(limit)
    return list(session.scalars(latest))
