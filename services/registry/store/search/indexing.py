"""The index of names follows the enterprises: in the import's own transaction, or later.

Whoever changes names calls follow() with the lowest revision of the change. An entry is
overwritten, never taken away and put back: no result shrinks while the index is built again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, delete, exists, func, select, text, tuple_
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from services.chassis.database import insert_new, upsert
from services.registry.rules import searching
from services.registry.rules.former_names import unpacked
from services.registry.store.tables import (
    EnterpriseRow,
    FollowedRow,
    FormerNameRow,
    SearchEntryRow,
)

ENTRY = cast("Table", SearchEntryRow.__table__)
FORMER = cast("Table", FormerNameRow.__table__)
FOLLOWED = cast("Table", FollowedRow.__table__)
SLICE = 2000

_OVERWRITTEN = ("name", "former_names", "words", "grams")
_NOW: Any = select(
    EnterpriseRow.id, EnterpriseRow.name, EnterpriseRow.former_names, EnterpriseRow.revision
)
_GAP = "0"
"""Between two lines on SQLite: no phrase reaches over it."""
_POSTGRESQL = text(
    "INSERT INTO search_entry (enterprise_id, name, former_names, words, grams) "
    "SELECT id, name, former_names, words, string_to_array(grams, chr(31)) FROM unnest("
    "CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:former AS text[]), "
    "CAST(:words AS text[]), CAST(:grams AS text[])) "
    "AS given(id, name, former_names, words, grams) "
    "ON CONFLICT (enterprise_id) DO UPDATE SET name = excluded.name, "
    "former_names = excluded.former_names, words = excluded.words, grams = excluded.grams"
)


def follow(session: Session, *, since: int, at: datetime) -> int:
    """Index the enterprises that are new or renamed since a revision. Returns how many.

    The name that one had until now is kept as a former one (曾用名).
    """
    done = 0
    for slice_ in _since(session, since):
        known = _entries(session, [one.id for one in slice_])
        some = [one for one in slice_ if known.get(one.id) != (one.name, one.former_names)]
        if some:
            _keep_former(session, some, known, at)
            _write(session, some)
        done += len(some)
    return done


def again(session: Session, *, after: UUID | None) -> tuple[UUID | None, int]:
    """Index the next enterprises behind an id as they are. None: these were the last."""
    wanted = _NOW.order_by(EnterpriseRow.id).limit(SLICE)
    if after is not None:
        wanted = wanted.where(EnterpriseRow.id > after)
    some = session.execute(wanted).all()
    if some:
        _write(session, some)
        return some[-1].id, len(some)
    # NOT EXISTS, not NOT IN: PostgreSQL makes of the latter a scan of the table for each entry
    there = exists().where(EnterpriseRow.id == ENTRY.c.enterprise_id)
    session.execute(delete(ENTRY).where(~there))
    return None, 0


def followed(session: Session, what: str) -> int:
    """Up to which revision something has followed; 0: not yet begun."""
    return session.scalar(select(FollowedRow.revision).where(FollowedRow.what == what)) or 0


def note_followed(session: Session, what: str, revision: int) -> None:
    """It has come so far."""
    row = {"what": what, "revision": revision}
    upsert(session, FOLLOWED, [row], key=["what"], newer_by="revision")


def newest_revision(session: Session) -> int:
    """Of all enterprises."""
    return session.scalar(select(func.max(EnterpriseRow.revision))) or 0


def _since(session: Session, revision: int) -> Iterator[Sequence[Row[Any]]]:
    """Those with that revision or a later one, in slices.

    Not joined with their entries: for a slice in the middle PostgreSQL would read all entries
    before it.
    """
    place = (EnterpriseRow.revision, EnterpriseRow.id)
    ordered = _NOW.order_by(*place).limit(SLICE)
    found = session.execute(ordered.where(EnterpriseRow.revision >= revision)).all()
    while found:
        yield found
        after = tuple_(*place) > (found[-1].revision, found[-1].id)
        found = session.execute(ordered.where(after)).all()


def _entries(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str | None]]:
    """What the index has of some enterprises."""
    columns = (ENTRY.c.enterprise_id, ENTRY.c.name, ENTRY.c.former_names)
    found = session.execute(select(*columns).where(ENTRY.c.enterprise_id.in_(ids)))
    return {row.enterprise_id: (row.name, row.former_names) for row in found}


def _keep_former(
    session: Session,
    some: Sequence[Row[Any]],
    known: Mapping[UUID, tuple[str, str | None]],
    at: datetime,
) -> None:
    """What stood in the index is what it was called until now."""
    rows = [
        {"enterprise_id": one.id, "name": known[one.id][0], "given_up_at": at}
        for one in some
        if one.id in known and known[one.id][0] != one.name
    ]
    if rows:
        insert_new(session, FORMER, rows, returning=FORMER.c.enterprise_id)


def _write(session: Session, some: Sequence[Row[Any]]) -> None:
    former: dict[UUID, list[str]] = {}
    kept = select(FORMER.c.enterprise_id, FORMER.c.name).where(
        FORMER.c.enterprise_id.in_([one.id for one in some])
    )
    for row in session.execute(kept.order_by(FORMER.c.enterprise_id, FORMER.c.name)):
        former.setdefault(row.enterprise_id, []).append(row.name)
    lines = [
        searching.words((one.name, *former.get(one.id, ()), *unpacked(one.former_names)))
        for one in some
    ]
    if session.get_bind().dialect.name == "postgresql":
        _write_arrays(session, some, lines)
    else:
        _write_words(session, some, lines)


def _write_arrays(session: Session, some: Sequence[Row[Any]], lines: Sequence[str]) -> None:
    pairs = [
        dict.fromkeys(pair for line in words.split("\n") for pair in searching.grams(line))
        for words in lines
    ]
    session.execute(
        _POSTGRESQL,
        {
            "ids": [one.id for one in some],
            "names": [one.name for one in some],
            "former": [one.former_names for one in some],
            "words": list(lines),
            "grams": ["\x1f".join(each) for each in pairs],
        },
    )


def _write_words(session: Session, some: Sequence[Row[Any]], lines: Sequence[str]) -> None:
    rows = [
        {
            "enterprise_id": one.id,
            "name": one.name,
            "former_names": one.former_names,
            "words": words,
            "grams": as_words(words),
        }
        for one, words in zip(some, lines, strict=True)
    ]
    insert = sqlite.insert(ENTRY)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["enterprise_id"],
            set_={name: insert.excluded[name] for name in _OVERWRITTEN},
        ),
        rows,
    )


def as_words(words: str) -> str:
    """Pairs as SQLite's index takes them: any character, in letters and digits."""
    return f" {_GAP} ".join(phrase(line) for line in words.split("\n"))


def phrase(line: str) -> str:
    """The pairs of one line as words in a row: a part of the line is a part of the row."""
    points = [f"{ord(character):x}" for character in line]
    return " ".join(f"{a}x{b}" for a, b in pairwise(points))
