"""What the public may ask for. What of it is shown is decided by the rules, row by row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.scope import Scope
from services.credit.model import BadInformation, Record, RecordState
from services.credit.store.entries import ENTRY, ESCALATION, entry_of
from services.credit.store.facts import ENTERPRISE
from services.credit.store.grades import PUBLIC_STATES
from services.credit.store.reading import Enterprise
from services.credit.store.records import RECORD, record_of
from services.events.credit import EscalatedTo, RecordKind

Place = tuple[date, UUID]
NAMED = [column for column in ENTERPRISE.c if column.name != "revision"]


@dataclass(frozen=True)
class PublicRow:
    """Something that may be public, at its place in a list."""

    place: Place
    enterprise_id: UUID
    record: Record | None = None
    entry: BadInformation | None = None
    escalated_on: date | None = None


def own_names(
    session: Session, enterprise_ids: Collection[UUID]
) -> dict[UUID, tuple[str | None, ...]]:
    """Name and code under which each is shown, then its own; unknown ones have none."""
    roots = aliases.roots(session, enterprise_ids)
    found = session.execute(
        select(ENTERPRISE.c.id, ENTERPRISE.c.name, ENTERPRISE.c.uscc).where(
            ENTERPRISE.c.id.in_({*roots, *roots.values()})
        )
    )
    nothing: tuple[str | None, str | None] = (None, None)
    names = {row.id: (row.name, row.uscc) for row in found}
    return {
        each: names.get(root, nothing) + names.get(each, nothing)
        for each, root in roots.items()
    }


def search(
    session: Session, text: str, *, scope: Scope, after: UUID | None, limit: int
) -> list[Enterprise]:
    """Enterprises with a text in their name, or of that code; by id."""
    wanted = select(*NAMED).where(
        scope.clause(ENTERPRISE.c.division),
        aliases.stands_for_itself(ENTERPRISE.c.id),
        or_(_has_in_its_name(session, text), ENTERPRISE.c.uscc == text.upper()),
    )
    if after is not None:
        wanted = wanted.where(ENTERPRISE.c.id > after)
    rows = session.execute(wanted.order_by(ENTERPRISE.c.id).limit(limit))
    return [Enterprise(**row._mapping) for row in rows]


def _has_in_its_name(session: Session, text: str) -> ColumnElement[bool]:
    contains = ENTERPRISE.c.name.contains(text, autoescape=True)
    pairs = sorted({text[at : at + 2] for at in range(len(text) - 1)})
    if not pairs or session.get_bind().dialect.name != "postgresql":
        return contains
    of_name = func.pairs_of_letters(ENTERPRISE.c.name, type_=ARRAY(Text))
    return of_name.contains(cast(pairs, ARRAY(Text))) & contains


def public_rows(session: Session, enterprise_id: UUID) -> list[PublicRow]:
    """All that may be public of one enterprise and of those merged with it, the newest first."""
    both = aliases.together(session, enterprise_id)
    records = select(RECORD).where(
        RECORD.c.enterprise_id.in_(both), RECORD.c.state == RecordState.PUBLISHED.value
    )
    rows = [
        PublicRow((row.published_on, row.id), row.enterprise_id, record=record_of(row))
        for row in session.execute(records)
    ]
    standing = ESCALATION.c.ended_on.is_(None) & ESCALATION.c.proposed.is_(False)
    entries = (
        select(ENTRY, ESCALATION.c.started_on.label("listed_on"))
        .outerjoin(ESCALATION, (ESCALATION.c.bad_information_id == ENTRY.c.id) & standing)
        .where(
            ENTRY.c.enterprise_id.in_(both),
            ENTRY.c.state.in_([state.value for state in PUBLIC_STATES]),
        )
    )
    for row in session.execute(entries):
        entry = entry_of(row, leaving_out=("listed_on",))
        place = (row.published_on, row.id)
        rows.append(PublicRow(place, enterprise_id, entry=entry, escalated_on=row.listed_on))
    return sorted(rows, key=_newest_first, reverse=True)


def public_list(
    session: Session, kind: RecordKind, *, scope: Scope, after: Place | None, limit: int
) -> list[PublicRow]:
    """The newest of a kind from both sources; *after*: the place of the last one seen."""
    rows = _records(session, kind, scope=scope, after=after, limit=limit)
    if kind is RecordKind.BAD_INFORMATION:
        rows += _entries(session, scope=scope, after=after, limit=limit)
    followed = {
        RecordKind.SERIOUS_LIST: EscalatedTo.BLACKLIST,
        RecordKind.SAFETY_ALERT: EscalatedTo.SAFETY_ALERT,
    }
    if to := followed.get(kind):
        rows += _escalated(session, to, scope=scope, after=after, limit=limit)
    return sorted(rows, key=_newest_first, reverse=True)[:limit]


def _records(
    session: Session, kind: RecordKind, *, scope: Scope, after: Place | None, limit: int
) -> list[PublicRow]:
    place = (RECORD.c.published_on, RECORD.c.id)
    wanted = select(RECORD).where(
        RECORD.c.state == RecordState.PUBLISHED.value,
        RECORD.c.kind == kind.value,
        scope.clause(RECORD.c.division),
    )
    if after is not None:
        wanted = wanted.where(tuple_(*place) < tuple_(*after))
    newest = wanted.order_by(*(column.desc() for column in place)).limit(limit)
    return [
        PublicRow((row.published_on, row.id), row.enterprise_id, record=record_of(row))
        for row in session.execute(newest)
    ]


def _entries(
    session: Session, *, scope: Scope, after: Place | None, limit: int
) -> list[PublicRow]:
    place = (ENTRY.c.published_on, ENTRY.c.id)
    wanted = select(ENTRY).where(
        ENTRY.c.state.in_([state.value for state in PUBLIC_STATES]),
        ENTRY.c.published_on.is_not(None),  # as the index of the list has it
        scope.clause(ENTRY.c.division),
    )
    if after is not None:
        wanted = wanted.where(tuple_(*place) < tuple_(*after))
    newest = wanted.order_by(*(column.desc() for column in place)).limit(limit)
    return [
        PublicRow((row.published_on, row.id), row.enterprise_id, entry=entry_of(row))
        for row in session.execute(newest)
    ]


def _escalated(
    session: Session,
    to: EscalatedTo,
    *,
    scope: Scope,
    after: Place | None,
    limit: int,
) -> list[PublicRow]:
    place = (ESCALATION.c.started_on, ENTRY.c.id)
    wanted = (
        select(ENTRY, ESCALATION.c.started_on.label("listed_on"))
        .join(ESCALATION, ESCALATION.c.bad_information_id == ENTRY.c.id)
        .where(
            ESCALATION.c.ended_on.is_(None),
            ESCALATION.c.proposed.is_(False),
            ESCALATION.c.escalated_to == to.value,
            scope.clause(ENTRY.c.division),
        )
    )
    if after is not None:
        wanted = wanted.where(tuple_(*place) < tuple_(*after))
    newest = wanted.order_by(*(column.desc() for column in place)).limit(limit)
    return [
        PublicRow(
            (row.listed_on, row.id),
            row.enterprise_id,
            entry=entry_of(row, leaving_out=("listed_on",)),
            escalated_on=row.listed_on,
        )
        for row in session.execute(newest)
    ]


def _newest_first(row: PublicRow) -> tuple[date, str]:
    return row.place[0], str(row.place[1])
