"""Bad information, its escalations and the log of its steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, bindparam, func, select, tuple_, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_all, upsert
from services.credit.model import (
    BadInformation,
    Escalate,
    Lift,
    Propose,
    State,
    Step,
    escalation_id,
)
from services.credit.store.tables import BadInformationRow, CreditStepRow, EscalationRow
from services.events.credit import EscalatedTo

ENTRY: Table = BadInformationRow.metadata.tables["bad_information"]
ESCALATION: Table = EscalationRow.metadata.tables["escalation"]
STEP: Table = CreditStepRow.metadata.tables["credit_step"]

_OVERWRITE = (
    update(ENTRY)
    .where(ENTRY.c.id == bindparam("which"))
    .values({column.name: bindparam(column.name) for column in ENTRY.c if column.name != "id"})
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A step that was taken, and how the entry stands after it.

    *revision* and *number* are those of this step; the entry's own are older.
    """

    step: Step
    entry: BadInformation
    revision: int
    number: int
    taken_on: date
    rule: str
    policy_version: str
    caused_by: UUID | None
    taken_by: str | None


def of_warnings(session: Session, warning_ids: Collection[UUID]) -> dict[UUID, BadInformation]:
    """The entries of these warnings, by warning."""
    rows = session.execute(select(ENTRY).where(ENTRY.c.warning_id.in_(warning_ids)))
    return {row.warning_id: entry_of(row) for row in rows}


def due(
    session: Session,
    *,
    today: date,
    after: tuple[date, UUID] | None,
    limit: int,
    without: Collection[UUID] = (),
) -> list[tuple[date, UUID]]:
    """Day and warning of entries with a step to take by that day, the oldest first.

    *after*: the last of the slice before; *without*: warnings to leave out.
    """
    is_due = ENTRY.c.next_step_on <= today
    return _places(session, is_due, after=after, limit=limit, without=without)


def provisional(
    session: Session,
    *,
    after: tuple[date, UUID] | None,
    limit: int,
    without: Collection[UUID] = (),
) -> list[tuple[date, UUID]]:
    """As `due`, of entries whose term rests on a year whose holidays were not known."""
    waits = ENTRY.c.provisional & ENTRY.c.next_step_on.is_not(None)
    return _places(session, waits, after=after, limit=limit, without=without)


def _places(
    session: Session,
    which: ColumnElement[bool],
    *,
    after: tuple[date, UUID] | None,
    limit: int,
    without: Collection[UUID],
) -> list[tuple[date, UUID]]:
    place = (ENTRY.c.next_step_on, ENTRY.c.warning_id)
    found = select(*place).where(which, ENTRY.c.warning_id.not_in(without))
    if after is not None:
        found = found.where(tuple_(*place) > tuple_(*after))
    rows = session.execute(found.order_by(*place).limit(limit))
    return [(row.next_step_on, row.warning_id) for row in rows]


def count_due(session: Session, *, today: date) -> int:
    """How many entries have a step to take by that day."""
    found = select(func.count()).select_from(ENTRY).where(ENTRY.c.next_step_on <= today)
    return session.scalar(found) or 0


def save(session: Session, changes: Sequence[Change]) -> None:
    """Keep what was done, in a handful of statements. The warnings are locked."""
    if not changes:
        return
    rows = {change.entry.id: _row(change) for change in changes}
    new = {change.entry.id for change in changes if change.number == 1}
    if new:
        insert_all(session, ENTRY, [rows[entry_id] for entry_id in new])
    known = [row | {"which": row["id"]} for row in rows.values() if row["id"] not in new]
    if known:
        session.execute(_OVERWRITE, known)
    insert_all(session, STEP, [_step_row(change) for change in changes])
    _save_escalations(session, changes)


def _save_escalations(session: Session, changes: Iterable[Change]) -> None:
    started: dict[UUID, dict[str, Any]] = {}
    ended = []
    for change in changes:
        match change.step:
            case Escalate(on, to):
                row = _escalation_row(change.entry, to, on, proposed=False)
                started[row["id"]] = row
            case Propose(on, to):
                row = _escalation_row(change.entry, to, on, proposed=True)
                started[row["id"]] = row
            case Lift(on, to, _, because):
                which = escalation_id(change.entry, to)
                if which in started:
                    started[which] |= {"ended_on": on, "ended_because": because}
                else:
                    ended.append({"which": which, "on": on, "because": because})
            case _:
                continue
    if ended:  # first: only one of an entry may stand
        statement = update(ESCALATION).where(ESCALATION.c.id == bindparam("which"))
        session.execute(
            statement.values(ended_on=bindparam("on"), ended_because=bindparam("because")),
            ended,
        )
    upsert(session, ESCALATION, list(started.values()), key=["id"])


def entry_of(row: Row[Any], *, leaving_out: Collection[str] = ()) -> BadInformation:
    """The model of a row of bad_information; columns that stand beside it are left out."""
    fields = {name: value for name, value in row._mapping.items() if name not in leaving_out}
    fields["state"] = State(fields["state"])
    if fields["escalated_to"] is not None:
        fields["escalated_to"] = EscalatedTo(fields["escalated_to"])
    return BadInformation(**fields)


def _row(change: Change) -> dict[str, Any]:
    entry = change.entry
    return vars(entry) | {
        "revision": change.revision,
        "steps": change.number,
        "state": entry.state.value,
        "escalated_to": entry.escalated_to.value if entry.escalated_to else None,
    }


def _step_row(change: Change) -> dict[str, Any]:
    return {
        "bad_information_id": change.entry.id,
        "number": change.number,
        "what": type(change.step).__name__.lower(),
        "taken_on": change.taken_on,
        "rule": change.rule,
        "policy_version": change.policy_version,
        "caused_by": change.caused_by,
        "taken_by": change.taken_by,
        "particulars": {name: _plain(value) for name, value in vars(change.step).items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value


def _escalation_row(
    entry: BadInformation, to: EscalatedTo, on: date, *, proposed: bool
) -> dict[str, Any]:
    return {
        "id": escalation_id(entry, to),
        "bad_information_id": entry.id,
        "enterprise_id": entry.enterprise_id,
        "division": entry.division,
        "escalated_to": to.value,
        "proposed": proposed,
        "started_on": on,
        "ended_on": None,
        "ended_because": None,
    }
