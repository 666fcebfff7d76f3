"""What enterprises refused, and grave violations."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table as SqlTable, select
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.chassis.scope import Scope
from services.events.inspection import RefusalGround
from services.inspection.model.orders import Refusal
from services.inspection.store.tables import RefusalRow

REFUSAL: SqlTable = RefusalRow.__table__  # type: ignore[assignment]

_NAMES = [field.name for field in fields(Refusal)]


def save(session: Session, refusal: Refusal) -> None:
    """Write it, new or changed."""
    row = {name: getattr(refusal, name) for name in _NAMES} | {
        "ground": refusal.ground.value,
        "object_ids": [str(each) for each in refusal.object_ids],
        "officers": list(refusal.officers),
        "evidence": list(refusal.evidence),
    }
    upsert(session, REFUSAL, [row], key=["refusal_id"])


def lock(session: Session, refusal_id: UUID, *, scope: Scope) -> Refusal | None:
    """One of them, held; None also where it lies outside the scope."""
    wanted = _columns().where(
        REFUSAL.c.refusal_id == refusal_id, scope.clause(REFUSAL.c.division)
    )
    row = session.execute(wanted.with_for_update()).one_or_none()
    return _refusal(row) if row else None


def of_order(session: Session, order_id: UUID) -> list[Refusal]:
    """Those that an order led to, the oldest first."""
    wanted = _columns().where(REFUSAL.c.order_id == order_id)
    ordered = wanted.order_by(REFUSAL.c.recorded_on, REFUSAL.c.refusal_id)
    return [_refusal(row) for row in session.execute(ordered)]


def _columns() -> Any:
    return select(*(REFUSAL.c[name] for name in _NAMES))


def _refusal(row: Row[Any]) -> Refusal:
    values = dict(row._mapping)
    values["ground"] = RefusalGround(values["ground"])
    values["object_ids"] = tuple(UUID(each) for each in values["object_ids"])
    values["officers"] = tuple(values["officers"])
    values["evidence"] = tuple(values["evidence"])
    return Refusal(**values)
