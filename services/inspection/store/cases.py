"""Enforcement cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table as SqlTable, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import upsert
from services.chassis.scope import Scope
from services.events.inspection import CaseTerm
from services.events.wire import Wire
from services.inspection.model import Colour, ColourCounts
from services.inspection.model.cases import Case, CaseState
from services.inspection.store.tables import CaseRow

CASE: SqlTable = CaseRow.__table__  # type: ignore[assignment]

_FILE = Wire(Case)
# What a file that was written before a field existed says about it.
_UNSAID = {
    field.name: [] if field.default == () else field.default
    for field in fields(Case)
    if field.default is not MISSING
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases to list; `after` is the day and id of the last one already seen.

    told_only  only what its party was told of: until the notice the inquiry is the bureau's own
    """

    scope: Scope
    division: Scope | None = None
    state: CaseState | None = None
    enterprise_id: UUID | None = None
    order_id: UUID | None = None
    term: CaseTerm | None = None
    until: date | None = None
    told_only: bool = False
    after: tuple[date, UUID] | None = None
    limit: int = 50


def save(session: Session, case: Case) -> None:
    """Write a case, new or changed."""
    upsert(session, CASE, [_row(case)], key=["case_id"])


def find(session: Session, case_id: UUID, *, scope: Scope) -> Case | None:
    """One case; None also where it lies outside the scope."""
    wanted = select(CASE.c.file).where(CASE.c.case_id == case_id, scope.clause(CASE.c.division))
    row = session.execute(wanted).one_or_none()
    return _case(row) if row else None


def lock(session: Session, case_ids: Collection[UUID]) -> list[Case]:
    """Cases, as they stand once nobody else is at them; in the order of their ids."""
    wanted = select(CASE.c.file).where(CASE.c.case_id.in_(case_ids)).order_by(CASE.c.case_id)
    return [_case(row) for row in session.execute(wanted.with_for_update())]


def due(
    session: Session, *, today: date, limit: int, without: Collection[UUID] = ()
) -> list[UUID]:
    """Cases with something to be told by that day, the oldest first."""
    place = (CASE.c.next_change_on, CASE.c.case_id)
    wanted = select(CASE.c.case_id).where(
        CASE.c.next_change_on <= today, CASE.c.case_id.not_in(without)
    )
    return list(session.scalars(wanted.order_by(*place).limit(limit)))


def count_due(session: Session, *, today: date) -> int:
    """How many there are."""
    found = select(func.count()).select_from(CASE).where(CASE.c.next_change_on <= today)
    return session.scalar(found) or 0


def page(session: Session, wanted: Wanted) -> list[Case]:
    """The newest first; a page after another shows none twice and leaves none out."""
    place = (CASE.c.opened_on, CASE.c.case_id)
    found = select(CASE.c.file).where(wanted.scope.clause(CASE.c.division))
    if wanted.division is not None:
        found = found.where(wanted.division.clause(CASE.c.division))
    if wanted.enterprise_id is not None:
        both = aliases.together(session, wanted.enterprise_id)
        found = found.where(CASE.c.enterprise_id.in_(both))
    for name in ("state", "order_id", "term"):
        value = getattr(wanted, name)
        if value is not None:
            found = found.where(CASE.c[name] == getattr(value, "value", value))
    if wanted.until is not None:
        found = found.where(CASE.c.last_day <= wanted.until)
    if wanted.told_only:
        told = (CASE.c.file[name].as_string() for name in ("notice", "decision"))
        found = found.where(or_(*(words.is_not(None) for words in told)))
    if wanted.after is not None:
        found = found.where(tuple_(*place) < tuple_(*wanted.after))
    newest = found.order_by(*(column.desc() for column in place)).limit(wanted.limit)
    return [_case(row) for row in session.execute(newest)]


def violations(
    session: Session, enterprise_id: UUID, *, since: date
) -> list[tuple[date, str, str, UUID]]:
    """Day, matter, number and id of decisions against an enterprise that stand."""
    wanted = (
        select(CASE.c.decided_on, CASE.c.matter, CASE.c.decision_number, CASE.c.case_id)
        .where(
            CASE.c.enterprise_id.in_(aliases.together(session, enterprise_id)),
            CASE.c.decided_on >= since,
            CASE.c.standing,
        )
        .order_by(CASE.c.decided_on, CASE.c.case_id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(wanted)]


def counts(session: Session, scopes: Sequence[Scope]) -> dict[str, int]:
    """Cases by state."""
    mine = [scope.clause(CASE.c.division) for scope in scopes]
    by_state = select(CASE.c.state, func.count()).where(*mine).group_by(CASE.c.state)
    found: dict[str, int] = dict(session.execute(by_state).all())
    return {f"cases_{state}": found.get(state.value, 0) for state in CaseState}


def by_colour(
    session: Session, scopes: Sequence[Scope], *, today: date, near: date
) -> ColourCounts:
    """Open cases by how their present term stands: passed, up to *near*, later."""
    mine = [scope.clause(CASE.c.division) for scope in scopes]
    colour = case(
        (CASE.c.last_day < today, Colour.RED.value),
        (CASE.c.last_day <= near, Colour.YELLOW.value),
        else_=Colour.GREEN.value,
    )
    wanted = select(colour, func.count()).where(CASE.c.last_day.is_not(None), *mine)
    found: dict[str, int] = dict(session.execute(wanted.group_by(colour)).all())
    return ColourCounts(**found)


def _case(row: Row[Any]) -> Case:
    return Case(**_FILE.read(_UNSAID | row.file))


def _row(case: Case) -> dict[str, Any]:
    decision = case.decision
    return {
        "case_id": case.case_id,
        "revision": case.revision,
        "enterprise_id": case.enterprise_id,
        "division": case.division,
        "state": case.state.value,
        "matter": case.matter,
        "order_id": case.order_id,
        "opened_on": case.opened_on,
        "number": case.number,
        "decision_number": decision.number if decision else None,
        "decided_on": decision.decided_on if decision else None,
        "standing": case.standing is not None,
        "term": case.term.value if case.term else None,
        "last_day": case.last_day,
        "next_change_on": case.next_change_on,
        "file": _FILE.write(case),
    }
