"""Complaints and leads. What is known of who sent them is sealed, and read apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table as SqlTable,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.scope import Scope
from services.chassis.sealing import Seals
from services.events.wire import Wire
from services.inspection.model import Colour
from services.inspection.model.complaints import (
    Channel,
    Complaint,
    ComplaintKind,
    ComplaintState,
)
from services.inspection.rules.points import Bounds
from services.inspection.store.tables import ComplaintRow

COMPLAINT: SqlTable = ComplaintRow.__table__  # type: ignore[assignment]

_FILE = Wire(Complaint)
# What a file that was written before a field existed says about it.
_UNSAID = {
    field.name: [] if field.default == () else field.default
    for field in fields(Complaint)
    if field.default is not MISSING
}
_MOST_EARLIER = 500


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What is kept of who sent it: the secret's hash; name and telephone sealed."""

    code_hash: str
    sealed: str | None
    person_hash: str | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which to list; `after` is the day and id of the last one already seen.

    colour  by the days that are left, within *bounds*
    """

    scope: Scope
    bounds: Bounds
    division: Scope | None = None
    number: str | None = None
    state: ComplaintState | None = None
    kind: ComplaintKind | None = None
    channel: Channel | None = None
    enterprise_id: UUID | None = None
    colour: Colour | None = None
    after: tuple[date, UUID] | None = None
    limit: int = 50


def add(session: Session, complaint: Complaint, sender: Sender) -> None:
    """Write a new one."""
    session.execute(insert(COMPLAINT), [_row(complaint) | vars(sender)])


def save(session: Session, complaint: Complaint) -> None:
    """Write a locked one as it now stands."""
    this = COMPLAINT.c.complaint_id == complaint.complaint_id
    session.execute(update(COMPLAINT).where(this).values(_row(complaint)))


def find(session: Session, complaint_id: UUID, *, scope: Scope) -> Complaint | None:
    """One of them; None also where it lies outside the scope."""
    wanted = select(COMPLAINT.c.file).where(
        COMPLAINT.c.complaint_id == complaint_id, scope.clause(COMPLAINT.c.division)
    )
    row = session.execute(wanted).one_or_none()
    return _complaint(row.file) if row else None


def lock(session: Session, complaint_ids: Collection[UUID]) -> list[Complaint]:
    """As they stand once nobody else is at them; in the order of their ids."""
    wanted = select(COMPLAINT.c.file).where(COMPLAINT.c.complaint_id.in_(complaint_ids))
    locked = wanted.order_by(COMPLAINT.c.complaint_id).with_for_update()
    return [_complaint(row.file) for row in session.execute(locked)]


def by_number(session: Session, number: str) -> tuple[UUID, str] | None:
    """Its id, and the hash of the secret that belongs to the number."""
    wanted = select(COMPLAINT.c.complaint_id, COMPLAINT.c.code_hash).where(
        COMPLAINT.c.number == number
    )
    row = session.execute(wanted).one_or_none()
    return (row.complaint_id, row.code_hash) if row else None


def sender_of(session: Session, complaint_id: UUID) -> Sender:
    """What is kept of who sent it."""
    columns = [COMPLAINT.c[name] for name in Sender.__dataclass_fields__]
    wanted = select(*columns).where(COMPLAINT.c.complaint_id == complaint_id)
    return Sender(**session.execute(wanted).one()._mapping)


def joined_into(session: Session, complaint_id: UUID) -> list[UUID]:
    """Those that went into this one, in the order of their ids."""
    wanted = select(COMPLAINT.c.complaint_id).where(COMPLAINT.c.joined_into == complaint_id)
    return list(session.scalars(wanted.order_by(COMPLAINT.c.complaint_id)))


def earlier(
    session: Session, complaint: Complaint, *, since: date, scope: Scope
) -> list[tuple[Complaint, str | None]]:
    """Others of the same kind and division from a day on, received no later; the latest first.

    Beside each the keyed hash of its sender's telephone.
    """
    place = (COMPLAINT.c.received_on, COMPLAINT.c.number)
    wanted = select(COMPLAINT.c.file, COMPLAINT.c.person_hash).where(
        COMPLAINT.c.division == complaint.division,
        COMPLAINT.c.kind == complaint.kind.value,
        COMPLAINT.c.received_on >= since,
        tuple_(*place) < tuple_(complaint.received_on, complaint.number),
        scope.clause(COMPLAINT.c.division),
    )
    if complaint.enterprise_id is not None:
        same = COMPLAINT.c.enterprise_id == complaint.enterprise_id
        wanted = wanted.where(or_(same, COMPLAINT.c.enterprise_id.is_(None)))
    latest = wanted.order_by(*(column.desc() for column in place)).limit(_MOST_EARLIER)
    return [(_complaint(row.file), row.person_hash) for row in session.execute(latest)]


def page(session: Session, wanted: Wanted) -> list[Complaint]:
    """The newest first; a page after another shows none twice and leaves none out."""
    place = (COMPLAINT.c.received_on, COMPLAINT.c.complaint_id)
    found = select(COMPLAINT.c.file).where(*_conditions(session, wanted))
    if wanted.after is not None:
        found = found.where(tuple_(*place) < tuple_(*wanted.after))
    newest = found.order_by(*(column.desc() for column in place)).limit(wanted.limit)
    return [_complaint(row.file) for row in session.execute(newest)]


def provisional(
    session: Session, *, after: UUID | None, limit: int, without: Collection[UUID] = ()
) -> list[UUID]:
    """Open ones whose last day rests on a year without a notice, by id."""
    number = COMPLAINT.c.complaint_id
    wanted = select(number).where(COMPLAINT.c.provisional, number.not_in(without))
    if after is not None:
        wanted = wanted.where(number > after)
    return list(session.scalars(wanted.order_by(number).limit(limit)))


def sealed_before(session: Session, seals: Seals, *, limit: int) -> dict[UUID, str]:
    """What was sealed under a key that is not the first any more, by complaint; locked."""
    old = COMPLAINT.c.sealed.is_not(None) & ~COMPLAINT.c.sealed.startswith(seals.mark)
    found = select(COMPLAINT.c.complaint_id, COMPLAINT.c.sealed).where(old).limit(limit)
    return {row[0]: row[1] for row in session.execute(found.with_for_update())}


def reseal(
    session: Session, complaint_id: UUID, *, sealed: str | None, person_hash: str | None
) -> None:
    """The same under another key."""
    this = update(COMPLAINT).where(COMPLAINT.c.complaint_id == complaint_id)
    session.execute(this.values(sealed=sealed, person_hash=person_hash))


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [wanted.scope.clause(COMPLAINT.c.division)]
    if wanted.division is not None:
        found.append(wanted.division.clause(COMPLAINT.c.division))
    if wanted.number is not None:
        found.append(COMPLAINT.c.number == wanted.number.strip().upper())
    for name in ("state", "kind", "channel"):
        value = getattr(wanted, name)
        if value is not None:
            found.append(COMPLAINT.c[name] == value.value)
    if wanted.enterprise_id is not None:
        both = aliases.together(session, wanted.enterprise_id)
        found.append(COMPLAINT.c.enterprise_id.in_(both))
    if wanted.colour is not None:
        found.append(_of_colour(wanted.colour, wanted.bounds))
    return found


def _of_colour(colour: Colour, bounds: Bounds) -> ColumnElement[bool]:
    day = COMPLAINT.c.last_day
    return {
        Colour.RED: day <= bounds.red_until,
        Colour.YELLOW: (day > bounds.red_until) & (day <= bounds.yellow_until),
        Colour.GREEN: day > bounds.yellow_until,
        Colour.GREY: day.is_(None),
    }[colour]


def _complaint(file: dict[str, Any]) -> Complaint:
    return Complaint(**_FILE.read(_UNSAID | file))


def _row(complaint: Complaint) -> dict[str, Any]:
    return {
        "complaint_id": complaint.complaint_id,
        "number": complaint.number,
        "kind": complaint.kind.value,
        "channel": complaint.channel.value,
        "division": complaint.division,
        "state": complaint.state.value,
        "received_on": complaint.received_on,
        "enterprise_id": complaint.enterprise_id,
        "last_day": complaint.last_day,
        "provisional": complaint.provisional,
        "joined_into": complaint.joined_into,
        "file": _FILE.write(complaint),
    }
