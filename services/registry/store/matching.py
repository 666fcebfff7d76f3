"""Which rows of a staged file can go in, and which enterprise each speaks of.

Every statement is set-based and the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Select,
    String,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from services.registry.store import exact_keys, sharing
from services.registry.store.staged import ENTERPRISES, KEYS, Staged, add_index, count

DUPLICATE, OWNERLESS = "duplicate", "ownerless"


def match(
    session: Session, staged: Staged, source: str, *, codes: bool, keys: bool, numbers: bool
) -> None:
    """All steps, in their order. *codes*, *keys*, *numbers*: whether any enterprise has one."""
    _find_enterprises(session, staged, source, codes=codes, keys=keys, numbers=numbers)
    if staged.of_enterprises:
        _take_ids_of_enterprises(session, staged)
        _refuse_duplicates(session, staged, "key")
    if "common_number" in staged.rows.c:
        sharing.find(session, staged)
    _refuse_duplicates(session, staged, "id")
    _refuse_ownerless(session, staged)
    _note_last_lines(session, staged)


def _find_enterprises(
    session: Session, staged: Staged, source: str, *, codes: bool, keys: bool, numbers: bool
) -> None:
    """Who is meant: the code first, then the source's key, then nobody known yet.

    An enterprise that was known by a key only and now gets its code stays the same one.
    """
    owners = staged.owners
    beside = owners.alias("beside")
    with_code = _lowest(ENTERPRISES.c.id).where(ENTERPRISES.c.uscc == owners.c.uscc)
    with_key = (
        select(KEYS.c.enterprise_id)
        .join(ENTERPRISES, ENTERPRISES.c.id == KEYS.c.enterprise_id)
        .where(
            KEYS.c.source == source,
            KEYS.c.key == owners.c.key,
            or_(owners.c.uscc.is_(None), ENTERPRISES.c.uscc.is_(None)),
        )
    )
    same_key_with_code = _lowest(beside.c.by_uscc).where(beside.c.key == owners.c.key)
    found: list[Any] = [owners.c.by_uscc, owners.c.by_key]
    if numbers:
        found = [*exact_keys.joins(session, staged), *found]
    if codes and keys:
        place = found.index(owners.c.by_uscc) + 1
        found.insert(place, same_key_with_code.scalar_subquery())
    if keys:
        found.insert(0, with_key.scalar_subquery())
    if codes:
        found.insert(0, with_code.scalar_subquery())
    session.execute(update(owners).values(enterprise_id=func.coalesce(*found)))
    add_index(session, "staged_owner_enterprise", owners.c.enterprise_id)


def _lowest(column: Column[UUID]) -> Select[tuple[UUID]]:
    """One of several ids, always the same one. PostgreSQL has no min() of them."""
    return select(cast(func.min(cast(column, String)), column.type))


def _take_ids_of_enterprises(session: Session, staged: Staged) -> None:
    rows, owners = staged.rows, staged.owners
    whose = select(owners.c.enterprise_id).where(owners.c.ref == rows.c.owner_ref)
    session.execute(update(rows).values(id=whose.scalar_subquery()))


def _refuse_duplicates(session: Session, staged: Staged, by: str) -> None:
    """The first good row of a key counts; an earlier wrong one does not hide it."""
    rows = staged.rows
    earlier = rows.alias("earlier")
    twice = exists().where(earlier.c[by] == rows.c[by], earlier.c.line < rows.c.line)
    session.execute(update(rows).where(twice).values(verdict=DUPLICATE))


def _refuse_ownerless(session: Session, staged: Staged) -> None:
    """An owner without name or place has to be known, here or from before."""
    rows, owners = staged.rows, staged.owners
    other_rows, other = rows.alias("other_row"), owners.alias("other")
    described_here = exists().where(
        other.c.enterprise_id == owners.c.enterprise_id,
        other.c.name.is_not(None),
        _somewhere(other).is_not(None),
        other_rows.c.owner_ref == other.c.ref,
        other_rows.c.verdict.is_(None),
    )
    known = exists().where(ENTERPRISES.c.id == owners.c.enterprise_id)
    nobody = select(owners.c.ref).where(
        or_(owners.c.name.is_(None), _somewhere(owners).is_(None)), ~known, ~described_here
    )
    session.execute(
        update(rows)
        .where(rows.c.verdict.is_(None), rows.c.owner_ref.in_(nobody))
        .values(verdict=OWNERLESS)
    )


def _somewhere(owners: Any) -> Any:
    return func.coalesce(owners.c.division, owners.c.implied_division)


def _note_last_lines(session: Session, staged: Staged) -> None:
    rows, stated = staged.rows, staged.stated
    for ref in (rows.c.owner_ref, rows.c.proprietor_ref):
        last = (
            select(ref, func.max(rows.c.line))
            .where(rows.c.verdict.is_(None), ref.is_not(None))
            .group_by(ref)
        )
        session.execute(insert(stated).from_select(["ref", "last_line"], last))
    count(session, stated)
