"""Red warnings: raised once for each due date, cleared, and red again if that was undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table as SqlTable, func, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_new, upsert
from services.chassis.outbox import revision_after
from services.events.inspection import ClearedBy
from services.events.registry import DutyKind, ObjectKind
from services.inspection.model import Basis, RaisedWarning, Red, WarningState
from services.inspection.store.tables import WarningRow

WARNING: SqlTable = WarningRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Clearing:
    """That a red warning is over. *cleared_in* is the message that showed it, if one did."""

    red: Red
    revision: int
    cleared_on: date
    cleared_by: ClearedBy
    cleared_in: UUID | None


def raise_new(session: Session, reds: Sequence[Red], *, on: date) -> list[Red]:
    """Write warnings of locked objects. Returns those that were not red before, as written.

    One that had been cleared is red again under the same id: to stop an overdue machine for
    a day and start it again does not inspect it.
    """
    rows = [_row(red) for red in reds]
    new = insert_new(session, WARNING, rows, returning=WARNING.c.warning_id)
    raised = [red for red in reds if red.warning_id in new]
    if len(raised) == len(reds):
        return raised
    cleared = select(WarningRow.warning_id, WarningRow.revision).where(
        WarningRow.warning_id.in_([red.warning_id for red in reds]),
        WarningRow.state == WarningState.CLEARED.value,
    )
    before = {row.warning_id: row.revision for row in session.execute(cleared)}
    again = [
        replace(red, revision=revision_after(before[red.warning_id]))
        for red in reds
        if red.warning_id in before
    ]
    rows = [_row(red) | {"reopened_on": on} for red in again]
    upsert(session, WARNING, rows, key=["warning_id"])
    return [*raised, *again]


def standing(session: Session, object_ids: Sequence[UUID]) -> list[Red]:
    """The warnings of locked objects that are red."""
    statement = select(WARNING).where(
        WARNING.c.object_id.in_(object_ids), WARNING.c.state == WarningState.RED.value
    )
    return [_red(row) for row in session.execute(statement)]


def clear(session: Session, clearings: Sequence[Clearing]) -> None:
    """Write that warnings of locked objects are over."""
    if clearings:
        session.execute(update(WarningRow), [_cleared(clearing) for clearing in clearings])


def move(session: Session, divisions: dict[UUID, str]) -> None:
    """A red warning follows its object to another division."""
    if divisions:
        session.execute(
            update(WarningRow),
            [{"warning_id": key, "division": there} for key, there in divisions.items()],
        )


def get(session: Session, warning_id: UUID) -> RaisedWarning | None:
    """One warning, red or cleared."""
    row = session.execute(select(WARNING).where(WARNING.c.warning_id == warning_id)).first()
    if row is None:
        return None
    return RaisedWarning(
        red=_red(row),
        state=WarningState(row.state),
        reopened_on=row.reopened_on,
        cleared_on=row.cleared_on,
        cleared_by=ClearedBy(row.cleared_by) if row.cleared_by else None,
        cleared_in=row.cleared_in,
    )


def count(session: Session) -> dict[str, int]:
    """How many warnings there are of each state."""
    by_state = select(WarningRow.state, func.count().label("many")).group_by(WarningRow.state)
    found = {row.state: row.many for row in session.execute(by_state)}
    return {state.value: found.get(state.value, 0) for state in WarningState}


def _row(red: Red) -> dict[str, Any]:
    return {
        **vars(red),
        "kind": red.kind.value,
        "duty": red.duty.value,
        "basis": red.basis.value,
        "state": WarningState.RED.value,
        "reopened_on": None,
        "cleared_on": None,
        "cleared_by": None,
        "cleared_in": None,
    }


def _cleared(clearing: Clearing) -> dict[str, Any]:
    return {
        "warning_id": clearing.red.warning_id,
        "revision": clearing.revision,
        "state": WarningState.CLEARED.value,
        "cleared_on": clearing.cleared_on,
        "cleared_by": clearing.cleared_by.value,
        "cleared_in": clearing.cleared_in,
    }


def _red(row: Any) -> Red:
    facts = {name: getattr(row, name) for name in Red.__dataclass_fields__}
    facts |= {
        "kind": ObjectKind(row.kind),
        "duty": DutyKind(row.duty),
        "basis": Basis(row.basis),
    }
    return Red(**facts)
