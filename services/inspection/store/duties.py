"""What objects owe, and which of it changes colour by a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Table as SqlTable, case, delete, func, select, update
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.events.registry import DutyKind, ObjectRecorded
from services.inspection.model import Basis, Colour
from services.inspection.rules.ruling import Standing
from services.inspection.store.tables import DutyRow, SubjectRow

DUTY: SqlTable = DutyRow.__table__  # type: ignore[assignment]


class Overdue(NamedTuple):
    """A duty that has turned red because its day had come."""

    duty_id: UUID
    object_id: UUID
    duty: DutyKind
    done_on: date | None
    due_on: date
    red_on: date
    basis: Basis
    rule_id: str | None


class Due(NamedTuple):
    """A duty whose change has come, and the day of it."""

    duty_id: UUID
    change_on: date


def write(session: Session, owed: Iterable[tuple[ObjectRecorded, Standing]]) -> None:
    """Write duties of locked objects."""
    upsert(session, DUTY, [_row(*each) for each in owed], key=["duty_id"])


def owed_by(session: Session, object_id: UUID) -> set[DutyKind]:
    """What an object owes."""
    found = session.scalars(select(DUTY.c.duty).where(DUTY.c.object_id == object_id))
    return {DutyKind(duty) for duty in found}


def forget_others(session: Session, object_ids: Sequence[UUID], owed: Sequence[UUID]) -> None:
    """Delete the duties of locked objects that are not owed any more."""
    gone = delete(DutyRow).where(
        DutyRow.object_id.in_(object_ids), DutyRow.duty_id.not_in(owed)
    )
    session.execute(gone)


def due_for_change(
    session: Session,
    on: date,
    *,
    since: date,
    limit: int,
    wait: bool,
    without: Collection[UUID] = (),
) -> list[Due]:
    """Some duties whose change has come by a day.

    Without *wait*, what another evaluation holds is passed over. The search starts at the day
    *since*, so as not to walk again over what has just been changed.
    """
    candidates = (
        select(DUTY.c.duty_id, DUTY.c.next_change_on)
        .where(
            DUTY.c.next_change_on <= on,
            DUTY.c.next_change_on >= since,
            DUTY.c.duty_id.not_in(without),
        )
        .order_by(DUTY.c.next_change_on)
        .limit(limit)
    )
    if not wait:
        candidates = candidates.join(
            SubjectRow, SubjectRow.object_id == DUTY.c.object_id
        ).with_for_update(of=SubjectRow, skip_locked=True)
    return [Due(*row) for row in session.execute(candidates)]


def recolour(session: Session, duty_ids: Sequence[UUID], on: date) -> int:
    """Give duties the colour of a day. Returns how many had not been given it meanwhile.

    Their objects are locked by this transaction.
    """
    statement = (
        update(DUTY)
        .where(DUTY.c.duty_id.in_(duty_ids), DUTY.c.next_change_on <= on)
        .values(colour=colour_on(on), next_change_on=_next_change_on(on))
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def overdue(session: Session, duty_ids: Sequence[UUID]) -> list[Overdue]:
    """Those of these duties that are red."""
    columns = [DUTY.c[name] for name in Overdue._fields]
    red = select(*columns).where(DUTY.c.duty_id.in_(duty_ids), DUTY.c.colour == Colour.RED)
    return [
        Overdue(*row)._replace(duty=DutyKind(row.duty), basis=Basis(row.basis))
        for row in session.execute(red)
    ]


def colour_on(on: date) -> ColumnElement[Colour]:
    """The same decision as rules.colour.colour, for a whole table."""
    return case(
        (DUTY.c.red_on.is_(None) | DUTY.c.yellow_on.is_(None), Colour.GREY.severity),
        (DUTY.c.red_on <= on, Colour.RED.severity),
        (DUTY.c.yellow_on <= on, Colour.YELLOW.severity),
        else_=Colour.GREEN.severity,
    )


def colours(session: Session, object_id: UUID) -> dict[UUID, Colour]:
    """The colours of one object's duties, by their ids."""
    statement = select(DUTY.c.duty_id, DUTY.c.colour).where(DUTY.c.object_id == object_id)
    return {row.duty_id: row.colour for row in session.execute(statement)}


def due_days(session: Session, object_ids: Iterable[UUID]) -> dict[UUID, date | None]:
    """On which day each duty of some objects falls due, by the duties' ids."""
    statement = select(DUTY.c.duty_id, DUTY.c.due_on)
    wanted = statement.where(DUTY.c.object_id.in_(list(object_ids)))
    return {row.duty_id: row.due_on for row in session.execute(wanted)}


def count_waiting(session: Session, on: date) -> int:
    """How many have a change that has come and is not made yet."""
    statement = select(func.count()).select_from(DUTY).where(DUTY.c.next_change_on <= on)
    return session.scalar(statement) or 0


def is_waiting(session: Session, on: date, *, without: Collection[UUID] = ()) -> bool:
    """Whether there is such a duty at all."""
    earliest = (
        select(DUTY.c.next_change_on)
        .where(DUTY.c.next_change_on <= on, DUTY.c.duty_id.not_in(without))
        .order_by(DUTY.c.next_change_on)  # so that no planner reads the table to find nothing
        .limit(1)
    )
    return session.execute(earliest).first() is not None


def _next_change_on(on: date) -> ColumnElement[date | None]:
    return case(
        (DUTY.c.red_on <= on, None),
        (DUTY.c.yellow_on <= on, DUTY.c.red_on),
        else_=DUTY.c.yellow_on,
    )


def lock_objects_of(session: Session, duty_ids: Sequence[UUID]) -> None:
    """In the order of their ids, as every writer does: no deadlock."""
    objects = select(DutyRow.object_id).where(DutyRow.duty_id.in_(duty_ids))
    held = select(SubjectRow.object_id).where(SubjectRow.object_id.in_(objects))
    session.execute(held.order_by(SubjectRow.object_id).with_for_update()).all()


def _row(facts: ObjectRecorded, standing: Standing) -> dict[str, Any]:
    duty = standing.duty
    return {
        "duty_id": duty.duty_id,
        "object_id": facts.object_id,
        "division": facts.division,
        "kind": facts.kind.value,
        "duty": duty.duty.value,
        "done_on": duty.done_on,
        "due_on": duty.due_on,
        "basis": duty.basis.value,
        "rule_id": duty.rule.version_id if duty.rule else None,
        "yellow_on": duty.yellow_on,
        "red_on": duty.red_on,
        "colour": standing.colour,
        "next_change_on": standing.next_change_on,
        "next_reminder_on": duty.yellow_on,
    }
