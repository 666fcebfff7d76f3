"""Aliases: two ids that were taken for two things are found to be one.

Nothing moves. A fact stays under the id it was recorded for; here is kept which id stands
under which other one, and what is shown is gathered by it. So a link can be taken back
at any time, and whatever came in meanwhile is where it belongs.

Of several messages about the link of one id the highest revision holds, in whatever order
they come. Links are few: when one changes, all of them are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, select, update
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.chassis.tables import AliasRow

ALIAS = cast("Table", AliasRow.__table__)


@dataclass(frozen=True)
class Link:
    """That *id* stands under another one; under None: by itself again."""

    id: UUID
    under: UUID | None
    revision: int


def note(session: Session, links: Iterable[Link]) -> set[UUID]:
    """Keep the newest link of each id. Returns the ids that are shown elsewhere from now on."""
    _one_at_a_time(session)
    rows = [
        {"id": link.id, "stands_under": link.under, "revision": link.revision} for link in links
    ]
    if not upsert(session, ALIAS, rows, key=["id"], newer_by="revision"):
        return set()
    known = session.execute(select(ALIAS)).all()
    roots = roots_of({row.id: Link(row.id, row.stands_under, row.revision) for row in known})
    changed = {row.id: roots.get(row.id) for row in known if row.root != roots.get(row.id)}
    if changed:
        moved = [{"id": each, "root": root} for each, root in changed.items()]
        session.execute(update(AliasRow), moved)
    return set(changed)


def roots_of(links: Mapping[UUID, Link]) -> dict[UUID, UUID]:
    """Where each id ends that stands under another one.

    Links that came out of their order may close a circle for a while: its oldest is left out.
    """
    standing = {each: link.under for each, link in links.items() if link.under is not None}
    roots = {}
    for each in sorted(standing, key=str):
        path = [each]
        while (above := standing.get(path[-1])) is not None and above not in path:
            path.append(above)
        if above is not None:
            circle = path[path.index(above) :]
            del standing[min(circle, key=lambda one: links[one].revision)]
            return roots_of({one: links[one] for one in standing})
        if len(path) > 1:
            roots[each] = path[-1]
    return roots


def root_of(column: ColumnElement[UUID] | Any) -> ColumnElement[UUID]:
    """The id that a column's id is shown under, for a statement that shows or groups rows."""
    link = ALIAS.alias()
    found = select(link.c.root).where(link.c.id == column).scalar_subquery()
    return func.coalesce(found, column)


def stands_for_itself(column: ColumnElement[UUID] | Any) -> ColumnElement[bool]:
    """Whether a column's id is shown under no other: as root_of, for many rows at once."""
    link = ALIAS.alias()
    under = (link.c.id == column) & (link.c.root != column)
    return ~select(link.c.id).where(under).exists()


def together(session: Session, of: UUID) -> list[UUID]:
    """All ids that are one with it, the one that stands for them first."""
    root = roots(session, [of])[of]
    under = select(ALIAS.c.id).where(ALIAS.c.root == root).order_by(ALIAS.c.id)
    return [root, *session.scalars(under)]


def roots(session: Session, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The id that each is shown under: mostly itself."""
    known = select(ALIAS.c.id, ALIAS.c.root).where(
        ALIAS.c.id.in_(list(ids)), ALIAS.c.root.is_not(None)
    )
    return {each: each for each in ids} | {row.id: row.root for row in session.execute(known)}


def all_with(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """These, and all that are shown together with one of them."""
    tops = set(roots(session, ids).values())
    beside = select(ALIAS.c.id).where(ALIAS.c.root.in_(tops))
    return {*ids, *tops, *session.scalars(beside)}


def revision_of(session: Session, of: UUID) -> int | None:
    """The revision of the newest link of an id."""
    return session.scalar(select(ALIAS.c.revision).where(ALIAS.c.id == of))


def _one_at_a_time(session: Session) -> None:
    """Two links at once would each be ended without the other; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("aliases"))))
