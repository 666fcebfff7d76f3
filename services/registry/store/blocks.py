"""Who is held against whom: only what shares a key, and only what has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_new, upsert
from services.registry.rules.former_names import together, unpacked
from services.registry.rules.likeness import File
from services.registry.store.tables import (
    BlockRow,
    ComparedRow,
    EnterpriseRow,
    FormerNameRow,
)

BLOCK = cast("Table", BlockRow.__table__)
COMPARED = cast("Table", ComparedRow.__table__)
AT_ONCE = 500
"""A database takes only so many values in one statement."""

_FACTS = (
    "id",
    "division",
    "address",
    "email",
    "uscc",
    "organisation_code",
    "registration_number",
)


def changed(session: Session, *, since: int, limit: int) -> list[tuple[UUID, int]]:
    """Enterprises that have changed since they were compared, the oldest change first."""
    found = (
        select(EnterpriseRow.id, EnterpriseRow.revision)
        .outerjoin(COMPARED, COMPARED.c.enterprise_id == EnterpriseRow.id)
        .where(
            EnterpriseRow.revision >= since,
            COMPARED.c.revision.is_distinct_from(EnterpriseRow.revision),
        )
        .order_by(EnterpriseRow.revision, EnterpriseRow.id)
        .limit(limit)
    )
    return [(row.id, row.revision) for row in session.execute(found)]


def note_compared(session: Session, revisions: Iterable[tuple[UUID, int]]) -> None:
    """They are done, until they change again."""
    rows = [{"enterprise_id": each, "revision": revision} for each, revision in revisions]
    upsert(session, COMPARED, rows, key=["enterprise_id"])


def files(session: Session, ids: Collection[UUID]) -> dict[UUID, File]:
    """What is compared of some enterprises."""
    found: dict[UUID, File] = {}
    for some in _slices(ids):
        former: dict[UUID, list[str]] = {}
        kept = select(FormerNameRow.enterprise_id, FormerNameRow.name).where(
            FormerNameRow.enterprise_id.in_(some)
        )
        for row in session.execute(kept.order_by(FormerNameRow.name)):
            former.setdefault(row.enterprise_id, []).append(row.name)
        facts = select(
            EnterpriseRow.name,
            EnterpriseRow.former_names,
            *(getattr(EnterpriseRow, each) for each in _FACTS),
        )
        for name, stated, *values in session.execute(facts.where(EnterpriseRow.id.in_(some))):
            known: dict[str, Any] = dict(zip(_FACTS, values, strict=True))
            names = together((name,), former.get(known["id"], ()), unpacked(stated))
            found[known["id"]] = File(names=names, **known)
    return found


def keep(session: Session, keys: Mapping[UUID, Collection[str]]) -> None:
    """The keys of some enterprises, in place of those they had."""
    for some in _slices(keys):
        session.execute(delete(BLOCK).where(BLOCK.c.enterprise_id.in_(some)))
    rows = [{"key": key, "enterprise_id": each} for each, own in keys.items() for key in own]
    insert_new(session, BLOCK, rows, returning=BLOCK.c.key)


def neighbours(
    session: Session, ids: Collection[UUID], *, largest: int
) -> Iterator[tuple[UUID, UUID]]:
    """Pairs (one of these, another one) that share a key which few have.

    What very many share tells nobody apart.
    """
    own, beside = BLOCK.alias("own"), BLOCK.alias("beside")
    for some in _slices(ids):
        small = (
            select(BLOCK.c.key)
            .where(BLOCK.c.key.in_(select(own.c.key).where(own.c.enterprise_id.in_(some))))
            .group_by(BLOCK.c.key)
            .having(func.count() > 1, func.count() <= largest)
            .subquery()
        )
        pairs = (
            select(own.c.enterprise_id, beside.c.enterprise_id)
            .join(small, small.c.key == own.c.key)
            .join(beside, beside.c.key == own.c.key)
            .where(own.c.enterprise_id.in_(some), beside.c.enterprise_id != own.c.enterprise_id)
            .distinct()
        )
        yield from ((row[0], row[1]) for row in session.execute(pairs))


def _slices(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    ordered = list(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
