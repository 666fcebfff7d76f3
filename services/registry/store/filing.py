"""One record at a time: what a person corrects, and the file that follows from all statements.

What an import does to thousands of records in SQL is done here to one, by the rule itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from services.events.registry import EnterpriseStatus
from services.registry.model import Change
from services.registry.rules import ranks
from services.registry.rules.ranks import Stated
from services.registry.store import history, queries
from services.registry.store.facts import RANKED
from services.registry.store.staged import STATED
from services.registry.store.tables import (
    EnterpriseRow,
    EnterpriseStatementRow,
    ObjectRow,
    ObjectStatementRow,
)

OF_OBJECTS = (*RANKED, "enterprise_id", "proprietor_id")


def state_of_enterprise(
    session: Session, row: EnterpriseRow, facts: Mapping[str, Any], change: Change
) -> None:
    """Lay *facts* over what the change's source stated; None takes a fact back."""
    place = (row.id, change.source, False)
    said = session.get(EnterpriseStatementRow, place) or EnterpriseStatementRow(
        enterprise_id=row.id, source=change.source, fills=False
    )
    _say(session, said, facts, change)


def state_of_object(
    session: Session, row: ObjectRow, facts: Mapping[str, Any], change: Change
) -> None:
    """The same of an object. So far it may have been the only statement of itself."""
    if not statements_of_object(session, row):
        first = ObjectStatementRow(object_id=row.id, source=row.source, kind=row.kind)
        as_it_is = {name: getattr(row, name) for name in (*OF_OBJECTS, "key", "digest")}
        _say(session, first, as_it_is, change, at=row.updated_at, by=row.change_id)
    said = session.get(ObjectStatementRow, (row.id, change.source)) or ObjectStatementRow(
        object_id=row.id, source=change.source, kind=row.kind
    )
    _say(session, said, facts, change)


def statements_of_object(session: Session, row: ObjectRow) -> list[ObjectStatementRow]:
    """What each source last stated of it, if several do."""
    stated = (
        select(ObjectStatementRow)
        .where(ObjectStatementRow.object_id == row.id)
        .order_by(ObjectStatementRow.source)
    )
    return list(session.scalars(stated))


def refile_enterprise(
    session: Session, row: EnterpriseRow, change: Change, *, today: date, revision: int
) -> set[str]:
    """Make an enterprise what its statements say. Returns the facts that changed."""
    statements = queries.statements_of(session, row.id)
    stated = [Stated(said.source, said.fills, _facts(said)) for said in statements]
    best = ranks.whole(stated, "enterprise", STATED, ranks=ranks.shipped(), on=today)
    implied = [
        Stated(said.source, said.fills, {"division": said.implied_division})
        for said in statements
    ]
    place = ranks.best(implied, "enterprise", "division", ranks=ranks.shipped(), on=today)
    instead = {
        "name": row.name,
        "division": place.value if place else row.division,
        "status": EnterpriseStatus.ACTIVE.value,
    }
    will_be = {name: best[name].value if name in best else instead.get(name) for name in STATED}
    return _become(session, row, will_be, change, today=today, revision=revision)


def refile_object(
    session: Session, row: ObjectRow, change: Change, *, today: date, revision: int
) -> set[str]:
    """Make an object what its statements say. Returns the facts that changed."""
    stated = [
        Stated(said.source, fills=False, facts=_facts(said))
        for said in statements_of_object(session, row)
    ]
    best = ranks.whole(stated, row.kind, OF_OBJECTS, ranks=ranks.shipped(), on=today)
    will_be = {name: best[name].value if name in best else None for name in OF_OBJECTS}
    if will_be["status"] == row.status:
        will_be["status_since"] = will_be["status_since"] or row.status_since
    return _become(session, row, will_be, change, today=today, revision=revision)


def _become(
    session: Session,
    row: Any,
    will_be: Mapping[str, Any],
    change: Change,
    *,
    today: date,
    revision: int,
) -> set[str]:
    changed = {name for name, value in will_be.items() if getattr(row, name) != value}
    if not changed:
        return changed
    kept = row.__table__
    history.keep(session, kept.name, change, select(kept.c.id).where(kept.c.id == row.id))
    for name in changed:
        setattr(row, name, will_be[name])
    if "status" in changed and not will_be.get("status_since"):
        row.status_since = today
    row.revision = max(row.revision + 1, revision)
    row.updated_at, row.change_id = change.made_at, change.id
    session.flush()
    return changed


def _say(
    session: Session,
    said: Any,
    facts: Mapping[str, Any],
    change: Change,
    *,
    at: Any = None,
    by: Any = None,
) -> None:
    for name, value in facts.items():
        setattr(said, name, value)
    said.stated_at, said.change_id = at or change.made_at, by or change.id
    session.add(said)
    session.flush()


def _facts(said: Any) -> dict[str, Any]:
    return {column.key: getattr(said, column.key) for column in inspect(said).mapper.columns}
