"""Objects that several sources speak of, known to all of them by one number.

Nearly all objects have one source and never come here. For the others every source's last
statement is kept, and the staged rows are overwritten with what the best sources state:
from there they go the way of all rows. Every statement is set-based.
"""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    cast as sql_cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from services.registry.mapping.language import Mapping
from services.registry.model import Change
from services.registry.rules import ranks
from services.registry.store import ranking
from services.registry.store.facts import RANKED
from services.registry.store.staged import OBJECTS, Staged, count
from services.registry.store.tables import ObjectAliasRow, ObjectStatementRow
from services.registry.store.upserting import upsert

STATEMENTS = cast("Table", ObjectStatementRow.__table__)
ALIASES = cast("Table", ObjectAliasRow.__table__)

_PARTIES = ("enterprise_id", "proprietor_id")
_FACTS = (*RANKED, *_PARTIES)


def find(session: Session, staged: Staged) -> None:
    """Which rows speak of an object that another source brought, by alias or by number."""
    rows = staged.rows
    if session.scalar(select(ALIASES.c.id).limit(1)) is not None:
        _go_to(session, rows, select(ALIASES.c.object_id).where(ALIASES.c.id == rows.c.id))
    lowest = func.min(sql_cast(OBJECTS.c.id, String))  # PostgreSQL has no min() of ids
    by_number = select(sql_cast(lowest, OBJECTS.c.id.type)).where(
        OBJECTS.c.common_number == rows.c.common_number
    )
    unknown = ~exists().where(OBJECTS.c.id == rows.c.id)
    numbered = and_(rows.c.common_number.is_not(None), rows.c.own_id.is_(None), unknown)
    known = exists().where(OBJECTS.c.common_number == rows.c.common_number)
    _go_to(session, rows, by_number, and_(numbered, known))


def _go_to(
    session: Session, rows: Table, found: Select[Any], where: ColumnElement[bool] | None = None
) -> None:
    there = exists(found) if where is None else where
    moved = {"own_id": rows.c.id, "id": found.scalar_subquery()}
    session.execute(update(rows).where(there).values(moved))


def share(session: Session, staged: Staged, mapping: Mapping, *, on: date) -> None:
    """Overwrite what the rows of shared objects state with what the best sources do."""
    rows, shared = staged.rows, staged.shared
    by_several = exists().where(STATEMENTS.c.object_id == rows.c.id)
    found = (
        select(rows.c.id, rows.c.line)
        .join(OBJECTS, OBJECTS.c.id == rows.c.id)
        .where(rows.c.verdict.is_(None), or_(OBJECTS.c.source != mapping.source, by_several))
    )
    session.execute(insert(shared).from_select(["object_id", "line"], found))
    if not session.scalar(select(func.count()).select_from(shared)):
        return
    count(session, shared)
    _note_what_is_said(session, staged, mapping)
    _settle(session, staged, mapping, on)
    final = staged.settled_objects
    becomes = {name: final.c[name] for name in RANKED}
    session.execute(update(rows).where(rows.c.id == final.c.object_id).values(becomes))


def _said_now(staged: Staged, mapping: Mapping, *more: Any) -> Select[Any]:
    """What the rows of shared objects state, before anything is laid over it."""
    rows, owners, shared = staged.rows, staged.owners, staged.shared
    proprietors = owners.alias("proprietors")
    return (
        select(
            shared.c.object_id,
            *(rows.c[name] for name in RANKED),
            owners.c.enterprise_id,
            proprietors.c.enterprise_id.label("proprietor_id"),
            rows.c.key,
            rows.c.digest,
        )
        .select_from(shared)
        .join(rows, rows.c.line == shared.c.line)
        .join(owners, owners.c.ref == rows.c.owner_ref)
        .outerjoin(proprietors, proprietors.c.ref == rows.c.proprietor_ref)
    )


def _note_what_is_said(session: Session, staged: Staged, mapping: Mapping) -> None:
    said = staged.said_objects
    names = ["object_id", *_FACTS, "key", "digest"]
    session.execute(insert(said).from_select(names, _said_now(staged, mapping)))
    count(session, said)


def _settle(session: Session, staged: Staged, mapping: Mapping, on: date) -> None:
    """Of each shared object the best of every fact, and whether that is new."""
    dialect = session.get_bind().dialect
    stated = _all_statements(staged, mapping)

    def best(name: str) -> ColumnElement[Any]:
        order = ranks.shipped().of(mapping.kind.value, name, on=on)
        at = ranking.place(stated.c.source, literal(value=False), order)
        return ranking.best(stated.c[name], at, dialect)

    final = (
        select(stated.c.object_id, *(best(name).label(name) for name in _FACTS))
        .group_by(stated.c.object_id)
        .subquery("final")
    )
    differs = [
        final.c[name].is_distinct_from(OBJECTS.c[name])
        for name in _FACTS
        if name != "status_since"
    ]
    since = final.c.status_since
    differs.append(and_(since.is_not(None), since.is_distinct_from(OBJECTS.c.status_since)))
    settled = select(
        final.c.object_id, *(final.c[name] for name in _FACTS), or_(*differs)
    ).join(OBJECTS, OBJECTS.c.id == final.c.object_id)
    names = ["object_id", *_FACTS, "changed"]
    session.execute(insert(staged.settled_objects).from_select(names, settled))
    count(session, staged.settled_objects)


def _all_statements(staged: Staged, mapping: Mapping) -> Any:
    """Now by this source, before by the others; of an object with one source, itself."""
    said = staged.said_objects
    now = select(
        said.c.object_id,
        literal(mapping.source, STATEMENTS.c.source.type).label("source"),
        *(said.c[name] for name in _FACTS),
    )
    by_others = (
        select(STATEMENTS.c.object_id, STATEMENTS.c.source, *(STATEMENTS.c[n] for n in _FACTS))
        .join(said, said.c.object_id == STATEMENTS.c.object_id)
        .where(STATEMENTS.c.source != mapping.source)
    )
    itself = (
        select(OBJECTS.c.id, OBJECTS.c.source, *(OBJECTS.c[name] for name in _FACTS))
        .join(said, said.c.object_id == OBJECTS.c.id)
        .where(OBJECTS.c.source != mapping.source, _only_source())
    )
    return union_all(now, by_others, itself).subquery("stated")


def _only_source() -> ColumnElement[bool]:
    return ~exists().where(STATEMENTS.c.object_id == OBJECTS.c.id)


_KEPT = ("kind", *_FACTS, "key", "digest")
_WRITTEN = ("object_id", "source", *_KEPT, "stated_at", "change_id")


def write(session: Session, staged: Staged, change: Change) -> None:
    """Keep what each source stated, before the objects themselves are overwritten."""
    said, rows = staged.said_objects, staged.rows
    first = (
        select(
            OBJECTS.c.id,
            OBJECTS.c.source,
            *(OBJECTS.c[name] for name in _KEPT),
            OBJECTS.c.updated_at,
            OBJECTS.c.change_id,
        )
        .join(said, said.c.object_id == OBJECTS.c.id)
        .where(_only_source())
    )
    session.execute(insert(STATEMENTS).from_select(list(_WRITTEN), first))
    upsert(session, STATEMENTS, _WRITTEN, _new(said, change), by=("object_id", "source"))
    moved = select(rows.c.own_id, rows.c.id).where(
        rows.c.own_id.is_not(None), rows.c.verdict.is_(None)
    )
    upsert(session, ALIASES, ("id", "object_id"), moved)


def _new(said: Table, change: Change) -> Select[Any]:
    """What the source states now and did not state before."""
    differs = or_(
        STATEMENTS.c.digest.is_distinct_from(said.c.digest),
        *(STATEMENTS.c[name].is_distinct_from(said.c[name]) for name in _PARTIES),
    )
    before = (STATEMENTS.c.object_id == said.c.object_id) & (
        STATEMENTS.c.source == change.source
    )
    return (
        select(
            said.c.object_id,
            literal(change.source),
            OBJECTS.c.kind,
            *(said.c[name] for name in _KEPT[1:]),
            literal(change.made_at, STATEMENTS.c.stated_at.type),
            literal(change.id, STATEMENTS.c.change_id.type),
        )
        .join(OBJECTS, OBJECTS.c.id == said.c.object_id)
        .outerjoin(STATEMENTS, before)
        .where(differs)
    )
