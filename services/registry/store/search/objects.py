"""Objects by a part of their number, key, registration or name: the words, and the question.

Who knows the beginning of a number is served by an index, at once. A part from the middle is
looked for in a narrow table of words, which follows the objects within seconds.
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, delete, exists, func, or_, select, union
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import upsert
from services.chassis.scope import Scope
from services.events.registry import ObjectKind
from services.registry.rules import searching
from services.registry.store.search.narrowing import Asked, begins, narrowed
from services.registry.store.tables import EnterpriseRow, ObjectRow, ObjectWordsRow

OBJECT = cast("Table", ObjectRow.__table__)
WORDS = cast("Table", ObjectWordsRow.__table__)
SLICE = 2000

_ENTERPRISE = cast("Table", EnterpriseRow.__table__)
_NUMBERS = ("number", "key", "filing_number")
_LINES = ("label", *_NUMBERS, "installation_filing")
_SHOWN = (
    *("id", "kind", "key", "number", "label", "class_code", "division", "status"),
    "enterprise_id",
)
_OPERATOR = ObjectKind.OPERATOR.value


def page(
    session: Session, asked: Asked, *, scope: Scope, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Those that have the text somewhere, behind an id, with the owner's name."""
    ids = found(session, asked, scope=scope, after=after, limit=limit)
    if ids is None:
        return []
    owner = aliases.root_of(OBJECT.c.enterprise_id)
    shown = (
        select(*(OBJECT.c[name] for name in _SHOWN), _ENTERPRISE.c.name.label("enterprise"))
        .select_from(OBJECT.outerjoin(_ENTERPRISE, _ENTERPRISE.c.id == owner))
        .where(OBJECT.c.id.in_(select(ids.c.id)))
        .order_by(OBJECT.c.id)
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(shown)]


def found(
    session: Session, asked: Asked, *, scope: Scope, after: UUID | None, limit: int
) -> Any | None:
    """The next ids, by each way alone and then together: each can stop early."""
    if not asked.of_objects:
        return None
    seen = [scope.clause(OBJECT.c.division), *narrowed(asked, OBJECT), _kinds(asked)]
    if after is not None:
        seen.append(OBJECT.c.id > after)
    ways = [
        select(OBJECT.c.id).where(way, *seen).order_by(OBJECT.c.id).limit(limit)
        for way in _beginnings(session, asked.text)
    ]
    part = searching.plain(asked.text)
    if len(part) >= searching.SHORTEST:
        ways.append(_containing(session, part, seen, after).limit(limit))
    each = [way.subquery() for way in ways]
    return union(*(select(way.c.id) for way in each)).subquery() if each else None


def follow(session: Session, *, since: int) -> int:
    """Write the words of some objects that changed since a revision. Returns how many."""
    stale = (
        _all()
        .outerjoin(WORDS, WORDS.c.object_id == OBJECT.c.id)
        .where(OBJECT.c.revision >= since, WORDS.c.revision.is_distinct_from(OBJECT.c.revision))
        .order_by(OBJECT.c.revision, OBJECT.c.id)
        .limit(SLICE)
    )
    return _write(session, session.execute(stale).all())


def again(session: Session, *, after: UUID | None) -> tuple[UUID | None, int]:
    """Write the words of the next objects behind an id. None: these were the last."""
    wanted = _all().order_by(OBJECT.c.id).limit(SLICE)
    if after is not None:
        wanted = wanted.where(OBJECT.c.id > after)
    some = session.execute(wanted).all()
    if some:
        return some[-1].id, _write(session, some)
    there = exists().where(OBJECT.c.id == WORDS.c.object_id, OBJECT.c.kind != _OPERATOR)
    session.execute(delete(WORDS).where(~there))
    return None, 0


def newest_revision(session: Session) -> int:
    """Of all objects."""
    return session.scalar(select(func.max(OBJECT.c.revision))) or 0


def _all() -> Select[Any]:
    """What people's certificates say of them is masked: nobody is found by it."""
    lines = (OBJECT.c[name] for name in _LINES)
    return select(OBJECT.c.id, OBJECT.c.revision, *lines).where(OBJECT.c.kind != _OPERATOR)


def _write(session: Session, some: Any) -> int:
    rows = [
        {
            "object_id": one.id,
            "revision": one.revision,
            "words": searching.lines(getattr(one, name) for name in _LINES),
        }
        for one in some
    ]
    upsert(session, WORDS, rows, key=["object_id"])
    return len(rows)


def _beginnings(session: Session, text: str) -> list[ColumnElement[bool]]:
    """As the number may stand in the register."""
    numbers = searching.spellings(text)
    if not numbers or len(numbers[0]) < searching.SHORTEST:
        return []
    return [
        or_(*(begins(session, OBJECT.c[name], each) for name in _NUMBERS for each in numbers))
    ]


def _containing(
    session: Session, part: str, seen: list[ColumnElement[bool]], after: UUID | None
) -> Select[Any]:
    has: ColumnElement[bool] = WORDS.c.words.contains(part, autoescape=True)
    if session.get_bind().dialect.name == "sqlite":
        has = func.instr(WORDS.c.words, part) > 0  # LIKE there folds case, letter by letter
    ids = select(OBJECT.c.id).join(WORDS, WORDS.c.object_id == OBJECT.c.id)
    if after is not None:
        ids = ids.where(WORDS.c.object_id > after)
    return ids.where(has, *seen).order_by(WORDS.c.object_id)


def _kinds(asked: Asked) -> ColumnElement[bool]:
    """What is kept of a certificate's number is masked: nobody is found by it unasked."""
    if asked.kind:
        return OBJECT.c.kind == asked.kind
    return OBJECT.c.kind.in_([kind.value for kind in ObjectKind if kind.value != _OPERATOR])
