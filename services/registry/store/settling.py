"""What the matched rows come to: new, changed or same. Nothing is written for good here.

Every statement is set-based and the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Index, Table, case, func, insert, null, or_, select
from sqlalchemy.orm import Session

from services.events.registry import EnterpriseStatus
from services.registry.mapping.language import Mapping
from services.registry.store.staged import ENTERPRISES, STATED, Staged, count, table_of

NEW, CHANGED, OWNER_CHANGED, SAME = "new", "changed", "owner", "same"

_TOLD_TO_ALL = ("name", "uscc", "division", "status")
_TOLD_AS_CONTACT = ("email", "officer")


def settle(session: Session, staged: Staged, mapping: Mapping, revision: int) -> None:
    """Fill the settled tables. *revision* is the lowest that a change may take."""
    _settle_enterprises(session, staged, mapping, revision)
    if table_of(mapping.kind) is None:
        _settle_rows_of_enterprises(session, staged)
    else:
        _settle_rows(session, staged, mapping, revision)


def _settle_enterprises(
    session: Session, staged: Staged, mapping: Mapping, revision: int
) -> None:
    """Of each enterprise the last good statement; only what is new or differs."""
    settled = staged.enterprises
    ranked = _ranked(staged)
    will_be = {name: _will_be(name, ranked.c[name], mapping) for name in STATED}

    def differs(names: tuple[str, ...]) -> ColumnElement[bool]:
        return or_(*(will_be[name].is_distinct_from(ENTERPRISES.c[name]) for name in names))

    is_new = ENTERPRISES.c.id.is_(None)
    chosen = (
        select(
            ranked.c.ref,
            ranked.c.enterprise_id,
            ranked.c.key,
            *will_be.values(),
            _next_revision(ENTERPRISES, revision),
            is_new,
            differs(_TOLD_TO_ALL),
            differs(_TOLD_AS_CONTACT),
        )
        .select_from(ranked)
        .outerjoin(ENTERPRISES, ENTERPRISES.c.id == ranked.c.enterprise_id)
        .where(ranked.c.place == 1, or_(is_new, differs(STATED)))
    )
    names = [column.name for column in settled.columns]
    session.execute(insert(settled).from_select(names, chosen))
    Index("settled_enterprise_id", settled.c.id).create(session.connection())
    count(session, settled)


def _ranked(staged: Staged) -> Any:
    """The statements about each enterprise; place 1 is the last one that names its division."""
    owners, stated = staged.owners, staged.stated
    place = func.row_number().over(
        partition_by=owners.c.enterprise_id,
        order_by=(case((owners.c.division.is_(None), 1), else_=0), stated.c.last_line.desc()),
    )
    return (
        select(owners, place.label("place"))
        .join(stated, stated.c.ref == owners.c.ref)
        .where(owners.c.name.is_not(None))
        .subquery("ranked")
    )


def _will_be(name: str, stated: Any, mapping: Mapping) -> ColumnElement[Any]:
    """An empty cell erases nothing; what the file does not speak of is for new ones only."""
    known = ENTERPRISES.c[name]
    speaks = name in mapping.states_of_enterprises and not mapping.fills_only
    values = [stated, known] if speaks else [known, stated]
    if name == "status":
        values.append(EnterpriseStatus.ACTIVE.value)
    return func.coalesce(*values)


def _settle_rows_of_enterprises(session: Session, staged: Staged) -> None:
    rows, enterprises = staged.rows, staged.enterprises
    verdict = case(
        (enterprises.c.is_new, NEW), (enterprises.c.id.is_not(None), CHANGED), else_=SAME
    )
    verdicts = (
        select(rows.c.line, rows.c.id, verdict, null())
        .select_from(rows)
        .outerjoin(enterprises, enterprises.c.id == rows.c.id)
        .where(rows.c.verdict.is_(None))
    )
    _keep(session, staged, verdicts)


def _settle_rows(session: Session, staged: Staged, mapping: Mapping, revision: int) -> None:
    """A row is changed if its thing differs, or belongs to another, or its owner differs."""
    rows, owners, enterprises = staged.rows, staged.owners, staged.enterprises
    kept = table_of(mapping.kind)
    if kept is None:
        return
    verdict = case(
        (kept.c.id.is_(None), NEW),
        (kept.c.digest != rows.c.digest, CHANGED),
        (kept.c.enterprise_id != owners.c.enterprise_id, CHANGED),
        (enterprises.c.id.is_not(None), OWNER_CHANGED),
        else_=SAME,
    )
    verdicts = (
        select(rows.c.line, owners.c.enterprise_id, verdict, _next_revision(kept, revision))
        .select_from(rows)
        .join(owners, owners.c.ref == rows.c.owner_ref)
        .outerjoin(kept, kept.c.id == rows.c.id)
        .outerjoin(enterprises, enterprises.c.id == owners.c.enterprise_id)
        .where(rows.c.verdict.is_(None))
    )
    _keep(session, staged, verdicts)


def _keep(session: Session, staged: Staged, verdicts: Any) -> None:
    names = [column.name for column in staged.settled.columns]
    session.execute(insert(staged.settled).from_select(names, verdicts))
    count(session, staged.settled)


def _next_revision(kept: Table, revision: int) -> ColumnElement[int]:
    return case((kept.c.revision >= revision, kept.c.revision + 1), else_=revision)
