"""What the search box is asked: enterprises by name or code; how many there are of all.

Each list is in the order of its key, so that a page continues where the one before ended,
whatever came in meanwhile. Every question takes the caller's scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    column,
    exists,
    func,
    or_,
    select,
    table,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.scope import Scope
from services.registry.rules import searching
from services.registry.rules.former_names import together, unpacked
from services.registry.store.search import objects
from services.registry.store.search.indexing import ENTRY, phrase
from services.registry.store.search.narrowing import Asked, begins, narrowed
from services.registry.store.tables import EnterpriseRow, FormerNameRow, ObjectRow

COUNTED = 1000
"""Beyond this many nobody is helped by the exact number, which would cost a full count."""

_ENTERPRISE = cast("Table", EnterpriseRow.__table__)
_OBJECT = cast("Table", ObjectRow.__table__)
_FULL_TEXT = table("search_gram", column("rowid"), column("search_gram"))
_CODES = ("uscc", "registration_number", "organisation_code")
_SHOWN = ("id", "name", "uscc", "division", "address", "status", "industry")


def enterprises(
    session: Session, asked: Asked, *, scope: Scope, after: int, limit: int
) -> list[dict[str, Any]]:
    """Whose name, former name, initials or code has the text in it, behind a position."""
    places = _places(session, asked, scope, after=after, limit=limit)
    if places is None:
        return []
    shown = (
        select(
            ENTRY.c.position,
            *(_ENTERPRISE.c[name] for name in _SHOWN),
            aliases.root_of(_ENTERPRISE.c.id).label("stands_under"),
        )
        .join(_ENTERPRISE, _ENTERPRISE.c.id == ENTRY.c.enterprise_id)
        .where(ENTRY.c.position.in_(select(places.c.position)))
        .order_by(ENTRY.c.position)
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(shown)]


def count(session: Session, asked: Asked, *, scope: Scope) -> int:
    """How many there are of both, counted no further than 1,001."""
    places = _places(session, asked, scope, after=0, limit=COUNTED + 1)
    found = 0
    if places is not None:
        found = session.scalar(select(func.count()).select_from(places)) or 0
    things = objects.found(session, asked, scope=scope, after=None, limit=COUNTED + 1)
    if found <= COUNTED and things is not None:
        found += session.scalar(select(func.count()).select_from(things)) or 0
    return min(found, COUNTED + 1)


def former_names(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """What enterprises were called before: as this registry saw, then as sources state."""
    found: dict[UUID, list[str]] = {}
    kept = select(FormerNameRow).where(FormerNameRow.enterprise_id.in_(ids))
    for row in session.scalars(kept.order_by(FormerNameRow.given_up_at.desc())):
        found.setdefault(row.enterprise_id, []).append(row.name)
    stated = select(EnterpriseRow.id, EnterpriseRow.former_names).where(
        EnterpriseRow.id.in_(ids), EnterpriseRow.former_names.is_not(None)
    )
    for one in session.execute(stated):
        found[one.id] = list(together(found.get(one.id, ()), unpacked(one.former_names)))
    return found


def _places(session: Session, asked: Asked, scope: Scope, *, after: int, limit: int) -> Any:
    """The next positions, by each way alone and then together: each can stop early."""
    if not asked.of_enterprises:
        return None
    ways = [_by_name(session, asked.text)]
    if typed := searching.code(asked.text):
        ways += [begins(session, _ENTERPRISE.c[name], typed) for name in _CODES]
    seen = [*narrowed(asked, _ENTERPRISE), _seen(scope)]
    found = [
        _place(session, way, after).where(*seen).limit(limit).subquery()
        for way in ways
        if way is not None
    ]
    if not found:
        return None
    return union(*(select(each.c.position) for each in found)).subquery()


def _place(session: Session, way: ColumnElement[bool], after: int) -> Select[Any]:
    joined = ENTRY.join(_ENTERPRISE, _ENTERPRISE.c.id == ENTRY.c.enterprise_id)
    place: ColumnElement[int] = ENTRY.c.position
    if "search_gram" in str(way) and session.get_bind().dialect.name == "sqlite":
        joined = joined.join(_FULL_TEXT, _FULL_TEXT.c.rowid == ENTRY.c.position)
        place = _FULL_TEXT.c.rowid
    return (
        select(ENTRY.c.position).select_from(joined).where(way, place > after).order_by(place)
    )


def _by_name(session: Session, text: str) -> ColumnElement[bool] | None:
    """A part of a name. The pairs find who may be meant; the words say who is."""
    part = searching.plain(text)
    if len(part) < searching.SHORTEST:
        return None
    if session.get_bind().dialect.name == "sqlite":
        return _FULL_TEXT.c.search_gram.op("MATCH")(f'"{phrase(part)}"')
    pairs = func.string_to_array("\x1f".join(searching.grams(part)), "\x1f", type_=_TEXTS)
    has_pairs = ENTRY.c.grams.op("@>", return_type=true().type)(pairs)
    return has_pairs & ENTRY.c.words.contains(part, autoescape=True)


_TEXTS: Any = ARRAY(String())


def _seen(scope: Scope) -> ColumnElement[bool]:
    """An enterprise is seen where it sits, and where it has objects."""
    sits = scope.clause(_ENTERPRISE.c.division)
    if scope.covers(""):
        return sits
    there = exists().where(
        _OBJECT.c.enterprise_id == _ENTERPRISE.c.id, scope.clause(_OBJECT.c.division)
    )
    return or_(sits, there)
