"""Keeps the index of names in step, builds it again, and lets nobody take a list unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.scope import Scope
from services.registry.store.search import asking, indexing, objects
from services.registry.store.search.narrowing import Asked
from services.registry.store.tables import ExportRow

LARGEST_EXPORT = 100_000
PAGE_OF_AN_EXPORT = 1000
_NAMES, _OBJECTS = "search", "objects"
_OVERLAP = 600 * 1_000_000
"""Revisions go by the clock, and a change may be committed minutes after it took one."""

Again = Callable[..., tuple[UUID | None, int]]


def follow_names(database: Database) -> int:
    """Index whatever was renamed by somebody who did not do so himself. Returns how many."""
    with database.transaction() as session:
        newest = indexing.newest_revision(session)
        since = max(indexing.followed(session, _NAMES) - _OVERLAP, 0)
        done = indexing.follow(session, since=since, at=clock.now())
        indexing.note_followed(session, _NAMES, newest)
    return done


def follow_objects(database: Database) -> int:
    """Write the words of what is new or has changed, a slice at a time. Returns how many."""
    with database.reading() as session:
        newest = objects.newest_revision(session)
        reached = indexing.followed(session, _OBJECTS)
    done = 0
    while some := _follow_some(database, max(reached - _OVERLAP, 0)):
        done += some
    if newest > reached:
        with database.transaction() as session:
            indexing.note_followed(session, _OBJECTS, newest)
    return done


def _follow_some(database: Database, since: int) -> int:
    with database.transaction() as session:
        return objects.follow(session, since=since)


def index_again(database: Database) -> int:
    """Every entry anew, a slice at a time, while people search. Returns how many there are."""
    return sum(_all_again(database, again) for again in (indexing.again, objects.again))


def _all_again(database: Database, again: Again) -> int:
    done, after = 0, None
    while True:
        with database.transaction() as session:
            after, some = again(session, after=after)
        if after is None:
            return done
        done += some


def note_export(session: Session, asked: Asked, *, scope: Scope, by: str) -> dict[str, Any]:
    """Whoever takes a list away leaves who he is, what he asked, and how much he got."""
    rows = sum(1 for _ in exported(session, asked, scope=scope))
    row = {
        "id": uuid4(),
        "made_by": by,
        "made_at": clock.now(),
        "scope": ",".join(sorted(scope.codes)),
        "asked": {name: value for name, value in vars(asked).items() if value is not None},
        "rows": rows,
    }
    session.execute(insert(ExportRow), [row])
    return {"id": row["id"], "rows": rows}


def export_of(session: Session, export_id: UUID, *, by: str) -> tuple[Asked, Scope] | None:
    """What its maker asked for; nobody else is given it."""
    found = session.scalar(
        select(ExportRow).where(ExportRow.id == export_id, ExportRow.made_by == by)
    )
    return (Asked(**found.asked), Scope.parse(found.scope)) if found else None


def exported(session: Session, asked: Asked, *, scope: Scope) -> Any:
    """All that is found, a page at a time, up to a bound."""
    given, place = 0, 0
    while given < LARGEST_EXPORT:
        page = asking.enterprises(
            session, asked, scope=scope, after=place, limit=PAGE_OF_AN_EXPORT
        )
        if not page:
            break
        yield from page
        given, place = given + len(page), page[-1]["position"]
    last: UUID | None = None
    while given < LARGEST_EXPORT:
        page = objects.page(session, asked, scope=scope, after=last, limit=PAGE_OF_AN_EXPORT)
        if not page:
            break
        yield from page
        given, last = given + len(page), page[-1]["id"]
