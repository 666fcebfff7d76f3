"""Maintained counters: changed in the transaction of the facts, so right after every crash.

A transaction adds rows with what it changed; a job folds them into the counters now and then.
What is shown is the sum of both. Nobody waits for anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Table as SqlTable,
    delete,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from services.chassis.database import insert_all, upsert
from services.chassis.scope import Scope
from services.inspection.model import Colour
from services.inspection.store.duties import DUTY
from services.inspection.store.subjects import SUBJECT
from services.inspection.store.tables import TallyChangeRow, TallyCheckRow, TallyRow

TALLY: SqlTable = TallyRow.__table__  # type: ignore[assignment]
CHANGE: SqlTable = TallyChangeRow.__table__  # type: ignore[assignment]
CHECK: SqlTable = TallyCheckRow.__table__  # type: ignore[assignment]

GROUP = ("what", "division", "kind", "class_code", "colour")
Groups = Counter[tuple[str, str, str, str, Colour]]


@contextmanager
def kept(session: Session, objects: ColumnElement[bool]) -> Iterator[None]:
    """Keep the counters right while objects and their duties change.

    *objects* is a condition on the subject's id that holds for the same objects before and
    after; they are locked by this transaction, or nobody else can know them yet.
    """
    before = _counted(session, objects)
    yield
    after = _counted(session, objects)
    after.subtract(before)
    _add(session, after)


def add_new(session: Session, objects: ColumnElement[bool]) -> None:
    """Count objects that this transaction has written and nobody knew before."""
    _add(session, _counted(session, objects))


def fold(session: Session) -> int:
    """Fold what transactions added into the counters. Returns how many rows went in."""
    gone = delete(CHANGE).returning(*(CHANGE.c[name] for name in (*GROUP, "number")))
    changes: Groups = Counter()
    rows = 0
    for *group, number in session.execute(gone):
        changes[tuple(group)] += number
        rows += 1
    keys = [group for group, number in changes.items() if number]
    if keys:
        columns = [TALLY.c[name] for name in (*GROUP, "number")]
        known = {tuple(row[:-1]): row[-1] for row in session.execute(select(*columns))}
        upsert(
            session,
            TALLY,
            [_row(group, known.get(group, 0) + changes[group]) for group in keys],
            key=GROUP,
        )
    return rows


def counts(
    session: Session, scopes: Sequence[Scope], *, by_class: bool = False
) -> list[dict[str, Any]]:
    """Objects and duties by division, kind, colour and, if wanted, class."""
    kept_now = _kept()
    names = ("division", "kind", *(("class_code",) if by_class else ()), "colour")
    columns = [kept_now.c[name] for name in names]
    number = func.sum(kept_now.c.number)
    statement = (
        select(kept_now.c.what, *columns, number)
        .where(*(scope.clause(kept_now.c.division) for scope in scopes))
        .group_by(kept_now.c.what, *columns)
        .having(number != 0)
    )
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for what, *group, many in session.execute(statement):
        key = (*group[:-1], Colour(group[-1]))
        found.setdefault(key, {"objects": 0, "duties": 0})[what] = int(many)
    return [
        dict(zip(names, key, strict=True)) | numbers for key, numbers in sorted(found.items())
    ]


def differences(session: Session) -> tuple[int, Groups]:
    """How many groups there are, and where the counters differ from a recount.

    One statement, so that both are of one moment even while others write.
    """
    kept_now = _kept()
    negative = select(*(kept_now.c[name] for name in GROUP), -kept_now.c.number)
    both = union_all(*_recount(None), negative).subquery()
    columns = [both.c[name] for name in GROUP]
    total = func.sum(both.c.number)
    rows = session.execute(select(*columns, total).group_by(*columns)).all()
    return len(rows), Counter({tuple(row[:-1]): int(row[-1]) for row in rows if row[-1]})


def repair(session: Session, differing: Groups) -> None:
    """Add what is missing."""
    _add(session, differing)


def note_check(
    session: Session, *, on: date, at: datetime, groups: int, differing: Groups
) -> None:
    """Keep that a comparison was made, and what it found."""
    told = [
        dict(zip(GROUP, (*group[:-1], group[-1].value), strict=True)) | {"number": number}
        for group, number in sorted(differing.items())
    ]
    row = {"checked_on": on, "checked_at": at, "groups": groups, "differences": told}
    upsert(session, CHECK, [row], key=["checked_on"])


def last_check(session: Session) -> TallyCheckRow | None:
    """The last comparison."""
    return session.scalar(
        select(TallyCheckRow).order_by(TallyCheckRow.checked_on.desc()).limit(1)
    )


def _counted(session: Session, objects: ColumnElement[bool]) -> Groups:
    found: Groups = Counter()
    for *group, number in session.execute(union_all(*_recount(objects))):
        found[tuple(group)] += number
    return found


def _recount(objects: ColumnElement[bool] | None) -> list[Select[Any]]:
    where = () if objects is None else (objects,)
    of_objects = (
        select(
            literal("objects").label("what"),
            *(SUBJECT.c[name] for name in GROUP[1:]),
            func.count().label("number"),
        )
        .where(*where)
        .group_by(*(SUBJECT.c[name] for name in GROUP[1:]))
    )
    grouped = [SUBJECT.c.division, SUBJECT.c.kind, SUBJECT.c.class_code, DUTY.c.colour]
    of_duties = (
        select(literal("duties").label("what"), *grouped, func.count().label("number"))
        .select_from(DUTY.join(SUBJECT, SUBJECT.c.object_id == DUTY.c.object_id))
        .where(*where)
        .group_by(*grouped)
    )
    return [of_objects, of_duties]


def _kept() -> Subquery:
    return union_all(
        *(select(*(table.c[name] for name in (*GROUP, "number"))) for table in (TALLY, CHANGE))
    ).subquery()


def _add(session: Session, changes: Groups) -> None:
    rows = [
        _row(group, number) | {"id": uuid4()} for group, number in changes.items() if number
    ]
    if rows:
        insert_all(session, CHANGE, rows)


def _row(group: tuple[Any, ...], number: int) -> dict[str, Any]:
    return dict(zip(GROUP, group, strict=True)) | {"number": number}
