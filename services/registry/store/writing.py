"""What is new and changed, into the registry's tables; and what a file came to, in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Row,
    Select,
    Table,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from services.registry.mapping.language import Mapping
from services.registry.model import Change
from services.registry.store import history, sharing
from services.registry.store.matching import DUPLICATE, OWNERLESS
from services.registry.store.settling import CHANGED, NEW
from services.registry.store.staged import (
    ENTERPRISES,
    KEYS,
    STATED,
    STATEMENTS,
    Staged,
    count,
    facts_kept,
    table_of,
)
from services.registry.store.upserting import Since, upsert

SLICE = 2000


def one_import_at_a_time(session: Session) -> None:
    """Two files at once would meet the same enterprises; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(func.hashtext("registry import"))
        session.execute(select(lock))


def counts(session: Session, staged: Staged) -> dict[str, int]:
    """How many rows came to what, by verdict."""
    found: dict[str, int] = {}
    for table, alive in ((staged.settled, True), (staged.rows, False)):
        verdict = table.c.verdict
        counted = select(verdict, func.count()).group_by(verdict)
        if not alive:
            counted = counted.where(verdict.is_not(None))
        found |= dict(session.execute(counted).all())
    return found


def refused_rows(session: Session, staged: Staged) -> Iterator[list[Any]]:
    """(line, verdict, key, first line of the same thing) of rows that cannot go in, in slices."""
    rows = staged.rows
    first = rows.alias("first")
    same = first.c.id == rows.c.id
    if staged.of_enterprises:
        same = or_(same, first.c.key == rows.c.key)
    first_line = select(func.min(first.c.line)).where(same).scalar_subquery()
    refused = (
        select(rows.c.line, rows.c.verdict, rows.c.key, first_line)
        .where(rows.c.verdict.in_((DUPLICATE, OWNERLESS)))
        .order_by(rows.c.line)
        .limit(SLICE)
    )
    last = -1
    while found := session.execute(refused.where(rows.c.line > last)).all():
        yield list(found)
        last = found[-1][0]


def write_enterprises(
    session: Session, staged: Staged, mapping: Mapping, change: Change, *, today: date
) -> None:
    """Insert what is new, overwrite what differs, and remember what the source stated."""
    settled = staged.enterprises
    known = select(settled.c.id).where(~settled.c.is_new)
    history.keep(session, "enterprise", change, known)
    names = ("id", "source", "key", *STATED, "revision", "updated_at", "change_id")
    values = select(
        settled.c.id,
        literal(change.source),
        settled.c.key,
        *(settled.c[name] for name in STATED),
        settled.c.revision,
        *_made(ENTERPRISES, change),
    ).where(settled.c.id.is_not(None))
    since = {"status_since": _status_since(ENTERPRISES, today)}
    upsert(session, ENTERPRISES, names, values, keeps=("source", "key"), sets=since)
    _write_statements(session, staged, mapping, change)
    _write_keys(session, staged, change.source)


def _write_statements(
    session: Session, staged: Staged, mapping: Mapping, change: Change
) -> None:
    said = staged.statements
    facts = (*STATED, "implied_division")
    names = ("enterprise_id", "source", "fills", *facts, "stated_at", "change_id")
    values = select(
        said.c.enterprise_id,
        literal(change.source),
        literal(mapping.fills_only),
        *(said.c[name] for name in facts),
        literal(change.made_at, STATEMENTS.c.stated_at.type),
        literal(change.id, STATEMENTS.c.change_id.type),
    ).where(said.c.enterprise_id.is_not(None))
    upsert(session, STATEMENTS, names, values, by=("enterprise_id", "source", "fills"))


def _made(kept: Table, change: Change) -> tuple[Any, Any]:
    """When, and by which change."""
    return (
        literal(change.made_at, kept.c.updated_at.type),
        literal(change.id, kept.c.change_id.type),
    )


def _status_since(kept: Table, today: date) -> Since:
    """Since when a status holds: as the source says, else a new one from today on."""

    def since(excluded: Any) -> ColumnElement[Any]:
        same = excluded.status == kept.c.status
        unsaid = case((same, kept.c.status_since), else_=literal(today, Date))
        return func.coalesce(excluded.status_since, unsaid)

    return since


def _write_keys(session: Session, staged: Staged, source: str) -> None:
    """Of each key the enterprise of its last good statement, where that was not known."""
    owners, stated = staged.owners, staged.stated
    place = func.row_number().over(
        partition_by=owners.c.key, order_by=stated.c.last_line.desc()
    )
    ranked = (
        select(owners.c.key, owners.c.enterprise_id, place.label("place"))
        .join(stated, stated.c.ref == owners.c.ref)
        .where(owners.c.key.is_not(None))
        .subquery("ranked")
    )
    unknown = (
        select(literal(source), ranked.c.key, ranked.c.enterprise_id)
        .outerjoin(KEYS, (KEYS.c.source == source) & (KEYS.c.key == ranked.c.key))
        .where(
            ranked.c.place == 1, KEYS.c.enterprise_id.is_distinct_from(ranked.c.enterprise_id)
        )
    )
    names = ("source", "key", "enterprise_id")
    upsert(session, KEYS, names, unknown, by=("source", "key"))


def write_things(
    session: Session, staged: Staged, mapping: Mapping, change: Change, *, today: date
) -> None:
    """Insert new objects or products, overwrite changed ones."""
    kept = table_of(mapping.kind)
    if kept is None:
        return
    rows, settled = staged.rows, staged.settled
    facts = facts_kept(kept)
    own: dict[str, Any] = {}
    if "kind" in kept.c:
        own = {"kind": literal(mapping.kind.value), "proprietor_id": settled.c.proprietor_id}
    names = (
        *("id", "source", *own, *facts, "enterprise_id", "digest", "revision"),
        *("updated_at", "change_id"),
    )
    was_known = settled.c.verdict == CHANGED
    if kept.name == "object":
        sharing.write(session, staged, change)
    replaced = select(rows.c.id).join(settled, settled.c.line == rows.c.line).where(was_known)
    history.keep(session, kept.name, change, replaced)
    values = (
        select(
            rows.c.id,
            literal(change.source),
            *own.values(),
            *(rows.c[name] for name in facts),
            settled.c.enterprise_id,
            rows.c.digest,
            settled.c.revision,
            *_made(kept, change),
        )
        .join(settled, settled.c.line == rows.c.line)
        .where(settled.c.verdict.in_((NEW, CHANGED)))
    )
    sets = {"status_since": _status_since(kept, today)} if kept.name == "object" else {}
    upsert(session, kept, names, values, keeps=("source", "key"), sets=sets)


def count_again(session: Session, mapping: Mapping) -> None:
    """Until PostgreSQL counts by itself, the next import would be planned for empty tables."""
    kept = table_of(mapping.kind)
    count(session, ENTERPRISES, KEYS, STATEMENTS, *([kept] if kept is not None else []))


def enterprises_to_tell(session: Session, staged: Staged) -> Iterator[Row[Any]]:
    """What is new or different of enterprises, a slice at a time."""
    settled = staged.enterprises
    yield from _sliced(session, select(settled), settled.c.ref)


def objects_to_tell(session: Session, staged: Staged) -> Iterator[Row[Any]]:
    """New and changed objects, a slice at a time, in the order of the file."""
    rows, settled = staged.rows, staged.settled
    told = (
        select(
            settled.c.line,
            rows.c.id,
            settled.c.revision,
            rows.c.class_code,
            rows.c.label,
            settled.c.enterprise_id,
            rows.c.division,
            rows.c.status,
            rows.c.commissioned_on,
            rows.c.traits,
            rows.c.records,
        )
        .join(rows, rows.c.line == settled.c.line)
        .where(settled.c.verdict.in_((NEW, CHANGED)))
    )
    yield from _sliced(session, told, settled.c.line)


def _sliced(session: Session, told: Select[Any], place: Column[int]) -> Iterator[Row[Any]]:
    """By key, not by offset: other statements run between the slices."""
    last = -1
    while found := session.execute(told.where(place > last).order_by(place).limit(SLICE)).all():
        yield from found
        last = found[-1][0]
