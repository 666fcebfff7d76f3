"""What the matched rows come to: new, changed or same. Nothing is written for good here.

Every statement is set-based and the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    case,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from services.events.registry import EnterpriseStatus
from services.registry.mapping.language import Mapping
from services.registry.rules import ranks
from services.registry.store import ranking, sharing
from services.registry.store.staged import (
    ENTERPRISES,
    STATED,
    STATEMENTS,
    Staged,
    add_index,
    count,
    table_of,
)

NEW, CHANGED, OWNER_CHANGED, SAME = "new", "changed", "owner", "same"

_TOLD_TO_ALL = ("name", "uscc", "division", "status", "industry")
_TOLD_AS_CONTACT = ("email", "officer")


def settle(
    session: Session, staged: Staged, mapping: Mapping, revision: int, *, on: date
) -> None:
    """Fill the settled tables. *revision* is the lowest that a change may take."""
    _gather_statements(session, staged, mapping)
    _settle_enterprises(session, staged, mapping, revision, on)
    if table_of(mapping.kind) is None:
        _settle_rows_of_enterprises(session, staged)
        return
    if mapping.kind.falls_due:
        sharing.share(session, staged, mapping, on=on)
    _settle_rows(session, staged, mapping, revision)


def _gather_statements(session: Session, staged: Staged, mapping: Mapping) -> None:
    """Of each enterprise the last good statement, laid over what the source stated before.

    An empty cell erases nothing. Only what is new or differs is kept.
    """
    ranked = _ranked(staged)
    before = STATEMENTS.alias("before")
    now_says = {name: func.coalesce(ranked.c[name], before.c[name]) for name in STATED}
    now_says["implied_division"] = func.coalesce(
        before.c.implied_division, ranked.c.implied_division
    )
    differs = or_(
        before.c.enterprise_id.is_(None),
        *(value.is_distinct_from(before.c[name]) for name, value in now_says.items()),
    )
    gathered = (
        select(ranked.c.enterprise_id, ranked.c.ref, ranked.c.key, *now_says.values())
        .select_from(ranked)
        .outerjoin(
            before,
            (before.c.enterprise_id == ranked.c.enterprise_id)
            & (before.c.source == mapping.source)
            & (before.c.fills == mapping.fills_only),
        )
        .where(ranked.c.place == 1, differs)
    )
    names = [column.name for column in staged.statements.columns]
    session.execute(insert(staged.statements).from_select(names, gathered))
    count(session, staged.statements)


def _settle_enterprises(
    session: Session, staged: Staged, mapping: Mapping, revision: int, on: date
) -> None:
    """Of each enterprise what the best sources state; only what is new or differs."""
    said, settled = staged.statements, staged.enterprises
    files = _files(session, _all_statements(staged, mapping), on)

    def differs(names: tuple[str, ...]) -> ColumnElement[bool]:
        return or_(*(files.c[name].is_distinct_from(ENTERPRISES.c[name]) for name in names))

    is_new = ENTERPRISES.c.id.is_(None)
    chosen = (
        select(
            said.c.ref,
            said.c.enterprise_id,
            said.c.key,
            *(files.c[name] for name in STATED),
            _next_revision(ENTERPRISES, revision),
            is_new,
            differs(_TOLD_TO_ALL),
            differs(_TOLD_AS_CONTACT),
        )
        .select_from(said)
        .join(files, files.c.enterprise_id == said.c.enterprise_id)
        .outerjoin(ENTERPRISES, ENTERPRISES.c.id == said.c.enterprise_id)
        .where(or_(is_new, differs(STATED)))
    )
    names = [column.name for column in settled.columns]
    session.execute(insert(settled).from_select(names, chosen))
    add_index(session, "settled_enterprise_id", settled.c.id)
    count(session, settled)


def _all_statements(staged: Staged, mapping: Mapping) -> Any:
    """What is stated of the enterprises in hand: now by this source, before by the others."""
    said = staged.statements
    facts = (*STATED, "implied_division")
    of_others = (
        select(
            STATEMENTS.c.enterprise_id,
            STATEMENTS.c.source,
            STATEMENTS.c.fills,
            *(STATEMENTS.c[name] for name in facts),
        )
        .join(said, said.c.enterprise_id == STATEMENTS.c.enterprise_id)
        .where(
            or_(STATEMENTS.c.source != mapping.source, STATEMENTS.c.fills != mapping.fills_only)
        )
    )
    own = select(
        said.c.enterprise_id,
        literal(mapping.source, STATEMENTS.c.source.type),
        literal(mapping.fills_only),
        *(said.c[name] for name in facts),
    )
    return union_all(of_others, own).subquery("statements")


def _files(session: Session, statements: Any, on: date) -> Any:
    """Of each enterprise the best of every fact."""
    dialect = session.get_bind().dialect

    def the_best(name: str, of: str) -> ColumnElement[Any]:
        order = ranks.shipped().of("enterprise", name, on=on)
        at = ranking.place(statements.c.source, statements.c.fills, order)
        return ranking.best(statements.c[of], at, dialect)

    values = {name: the_best(name, name) for name in STATED}
    implied = the_best("division", "implied_division")
    values["division"] = func.coalesce(values["division"], implied)
    values["status"] = func.coalesce(values["status"], EnterpriseStatus.ACTIVE.value)
    return (
        select(
            statements.c.enterprise_id, *(value.label(name) for name, value in values.items())
        )
        .group_by(statements.c.enterprise_id)
        .subquery("files")
    )


def _ranked(staged: Staged) -> Any:
    """The statements about each enterprise; place 1 is the last one that names its division."""
    owners, stated = staged.owners, staged.stated
    somewhere = func.coalesce(owners.c.division, owners.c.implied_division)
    place = func.row_number().over(
        partition_by=owners.c.enterprise_id,
        order_by=(case((somewhere.is_(None), 1), else_=0), stated.c.last_line.desc()),
    )
    return (
        select(owners, place.label("place"))
        .join(stated, stated.c.ref == owners.c.ref)
        .where(owners.c.name.is_not(None))
        .subquery("ranked")
    )


def _settle_rows_of_enterprises(session: Session, staged: Staged) -> None:
    rows, enterprises = staged.rows, staged.enterprises
    verdict = case(
        (enterprises.c.is_new, NEW), (enterprises.c.id.is_not(None), CHANGED), else_=SAME
    )
    verdicts = (
        select(rows.c.line, rows.c.id, null(), verdict, null())
        .select_from(rows)
        .outerjoin(enterprises, enterprises.c.id == rows.c.id)
        .where(rows.c.verdict.is_(None))
    )
    _keep(session, staged, verdicts)


def _settle_rows(session: Session, staged: Staged, mapping: Mapping, revision: int) -> None:
    """A row is changed if its thing differs, or belongs to another, or its owner differs."""
    rows, owners, enterprises = staged.rows, staged.owners, staged.enterprises
    proprietors = owners.alias("proprietors")
    kept = table_of(mapping.kind)
    if kept is None:
        return
    final = staged.settled_objects
    is_shared = final.c.object_id.is_not(None)
    differs = or_(
        kept.c.digest != rows.c.digest,
        kept.c.enterprise_id != owners.c.enterprise_id,
        *_other_proprietor(kept, proprietors),
    )
    verdict = case(
        (kept.c.id.is_(None), NEW),
        (case((is_shared, final.c.changed), else_=differs), CHANGED),
        (enterprises.c.id.is_not(None), OWNER_CHANGED),
        else_=SAME,
    )
    verdicts = (
        select(
            rows.c.line,
            func.coalesce(final.c.enterprise_id, owners.c.enterprise_id),
            case((is_shared, final.c.proprietor_id), else_=proprietors.c.enterprise_id),
            verdict,
            _next_revision(kept, revision),
        )
        .select_from(rows)
        .join(owners, owners.c.ref == rows.c.owner_ref)
        .outerjoin(proprietors, proprietors.c.ref == rows.c.proprietor_ref)
        .outerjoin(kept, kept.c.id == rows.c.id)
        .outerjoin(final, final.c.object_id == rows.c.id)
        .outerjoin(enterprises, enterprises.c.id == owners.c.enterprise_id)
        .where(rows.c.verdict.is_(None))
    )
    _keep(session, staged, verdicts)


def _other_proprietor(kept: Table, proprietors: Any) -> list[Any]:
    if "proprietor_id" not in kept.c:
        return []
    return [kept.c.proprietor_id.is_distinct_from(proprietors.c.enterprise_id)]


def _keep(session: Session, staged: Staged, verdicts: Any) -> None:
    names = [column.name for column in staged.settled.columns]
    session.execute(insert(staged.settled).from_select(names, verdicts))
    count(session, staged.settled)


def _next_revision(kept: Table, revision: int) -> ColumnElement[int]:
    return case((kept.c.revision >= revision, kept.c.revision + 1), else_=revision)
