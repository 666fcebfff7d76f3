"""What the search box is asked: enterprises by name or code, then objects by number.

Each list is in the order of its key, so that a page continues where the one before ended,
whatever came in meanwhile. Every question takes the caller's scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from services.events.registry import ObjectKind
from services.registry.rules import searching
from services.registry.store.search.indexing import ENTRY, phrase
from services.registry.store.tables import EnterpriseRow, FormerNameRow, ObjectRow

COUNTED = 1000
"""Beyond this many nobody is helped by the exact number, which would cost a full count."""

_ENTERPRISE = cast("Table", EnterpriseRow.__table__)
_OBJECT = cast("Table", ObjectRow.__table__)
_FULL_TEXT = table("search_gram", column("rowid"), column("search_gram"))
_CODES = ("uscc", "registration_number", "organisation_code")
_NUMBERS = ("number", "key", "filing_number")
_SHOWN = ("id", "name", "uscc", "division", "address", "status", "industry")
_SHOWN_OF_OBJECTS = ("id", "kind", "key", "number", "label", "class_code", "division", "status")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for; None: any. *kind* `enterprise` or a kind of object."""

    text: str
    kind: str | None = None
    division: str | None = None
    status: str | None = None
    industry: str | None = None

    @property
    def of_enterprises(self) -> bool:
        return self.kind in (None, "enterprise")

    @property
    def of_objects(self) -> bool:
        """An object has no industry: asked for one, no object is meant."""
        return self.kind != "enterprise" and self.industry is None


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


def objects(
    session: Session, asked: Asked, *, scope: Scope, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Whose number, key or registration begins so, behind an id, with the owner's name."""
    found = _objects(session, asked, scope)
    if found is None:
        return []
    if after is not None:
        found = found.where(_OBJECT.c.id > after)
    numbered = found.order_by(_OBJECT.c.id).limit(limit).subquery()
    owner = aliases.root_of(numbered.c.enterprise_id)
    shown = (
        select(numbered, _ENTERPRISE.c.name.label("enterprise"))
        .select_from(numbered)
        .outerjoin(_ENTERPRISE, _ENTERPRISE.c.id == owner)
        .order_by(numbered.c.id)
    )
    return [dict(row._mapping) for row in session.execute(shown)]


def count(session: Session, asked: Asked, *, scope: Scope) -> int:
    """How many there are of both, counted no further than 1,001."""
    places = _places(session, asked, scope, after=0, limit=COUNTED + 1)
    found = 0
    if places is not None:
        found = session.scalar(select(func.count()).select_from(places)) or 0
    things = _objects(session, asked, scope)
    if found <= COUNTED and things is not None:
        some = things.limit(COUNTED + 1).subquery()
        found += session.scalar(select(func.count()).select_from(some)) or 0
    return min(found, COUNTED + 1)


def former_names(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """What some enterprises were called before."""
    found: dict[UUID, list[str]] = {}
    kept = select(FormerNameRow).where(FormerNameRow.enterprise_id.in_(ids))
    for row in session.scalars(kept.order_by(FormerNameRow.given_up_at.desc())):
        found.setdefault(row.enterprise_id, []).append(row.name)
    return found


def _places(session: Session, asked: Asked, scope: Scope, *, after: int, limit: int) -> Any:
    """The next positions, by each way alone and then together: each can stop early."""
    if not asked.of_enterprises:
        return None
    ways = [_by_name(session, asked.text)]
    if typed := searching.code(asked.text):
        ways += [_begins(session, _ENTERPRISE.c[name], typed) for name in _CODES]
    seen = [*_conditions(asked, _ENTERPRISE), _seen(scope)]
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


def _objects(session: Session, asked: Asked, scope: Scope) -> Select[Any] | None:
    numbers = searching.spellings(asked.text)
    if not asked.of_objects or not numbers or len(numbers[0]) < searching.SHORTEST:
        return None
    begins = or_(
        *(_begins(session, _OBJECT.c[name], each) for name in _NUMBERS for each in numbers)
    )
    shown = [_OBJECT.c[name] for name in (*_SHOWN_OF_OBJECTS, "enterprise_id")]
    found = select(*shown).where(begins, scope.clause(_OBJECT.c.division))
    # what is kept of a certificate's number is masked: nobody is found by it
    kinds = (
        [asked.kind] if asked.kind else [k.value for k in ObjectKind if k.value != "operator"]
    )
    return found.where(_OBJECT.c.kind.in_(kinds), *_conditions(asked, _OBJECT))


def _begins(session: Session, named: Any, typed: str) -> ColumnElement[bool]:
    """As an index can serve it: PostgreSQL by LIKE, SQLite as everything between two texts."""
    if session.get_bind().dialect.name == "postgresql":
        clause: ColumnElement[bool] = named.startswith(typed, autoescape=True)
        return clause
    between: ColumnElement[bool] = (named >= typed) & (named < typed + "\U0010ffff")
    return between


def _conditions(asked: Asked, of: Table) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.division is not None:
        found.append(Scope.parse(asked.division).clause(of.c.division))
    if asked.status is not None:
        found.append(of.c.status == asked.status)
    if asked.industry is not None:
        found.append(of.c.industry.startswith(asked.industry, autoescape=True))
    return found


def _seen(scope: Scope) -> ColumnElement[bool]:
    """An enterprise is seen where it sits, and where it has objects."""
    sits = scope.clause(_ENTERPRISE.c.division)
    if scope.covers(""):
        return sits
    there = exists().where(
        _OBJECT.c.enterprise_id == _ENTERPRISE.c.id, scope.clause(_OBJECT.c.division)
    )
    return or_(sits, there)
