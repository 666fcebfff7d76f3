"""Objects as last heard: facts in, facts out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table as SqlTable, func, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_new, upsert
from services.events.registry import (
    DutyKind,
    DutyRecord,
    ObjectKind,
    ObjectRecorded,
    ObjectStatus,
)
from services.inspection.model import Colour
from services.inspection.store.tables import DutyRow, SubjectRow

SUBJECT: SqlTable = SubjectRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Known:
    """What is known of an object before something new is written; it is locked."""

    revision: int
    enterprise_id: UUID


@dataclass(frozen=True, slots=True)
class Warned:
    """What a red warning tells of its object."""

    enterprise_id: UUID
    division: str
    kind: str
    label: str
    heard_in: UUID


@dataclass(frozen=True)
class Subject:
    """An object's facts, the message they came in, and its colour."""

    facts: ObjectRecorded
    heard_in: UUID
    colour: Colour


def insert(session: Session, subjects: Iterable[Subject]) -> set[UUID]:
    """Write those that nobody has heard of yet. Returns their ids."""
    rows = [_row(subject) for subject in subjects]
    return insert_new(session, SUBJECT, rows, returning=SUBJECT.c.object_id)


def overwrite(session: Session, subjects: Iterable[Subject]) -> None:
    """Write what is newer of objects that are known and locked."""
    rows = [_row(subject) for subject in subjects]
    upsert(session, SUBJECT, rows, key=["object_id"], newer_by="revision")


def lock(session: Session, object_ids: Iterable[UUID]) -> dict[UUID, Known]:
    """Keep others from changing these objects, their duties and their warnings.

    Locked in the order of their ids, as every writer does: no deadlock.
    """
    columns = (SubjectRow.object_id, SubjectRow.revision, SubjectRow.enterprise_id)
    wanted = SubjectRow.object_id.in_(list(object_ids))
    statement = select(*columns).where(wanted).order_by(SubjectRow.object_id)
    return {
        object_id: Known(revision, enterprise_id)
        for object_id, revision, enterprise_id in session.execute(statement.with_for_update())
    }


def get(session: Session, object_ids: Iterable[UUID]) -> dict[UUID, Subject]:
    """Objects by their ids."""
    rows = session.execute(select(SUBJECT).where(SUBJECT.c.object_id.in_(list(object_ids))))
    return {row.object_id: _subject(row) for row in rows}


def warned(session: Session, object_ids: Iterable[UUID]) -> dict[UUID, Warned]:
    """What a red warning tells of objects, by their ids."""
    columns = [SUBJECT.c[name] for name in Warned.__dataclass_fields__]
    wanted = SUBJECT.c.object_id.in_(list(object_ids))
    rows = session.execute(select(SUBJECT.c.object_id, *columns).where(wanted))
    return {row[0]: Warned(*row[1:]) for row in rows}


def next_ids(
    session: Session,
    wanted: ColumnElement[bool],
    *,
    after: UUID | None,
    limit: int,
    without: Collection[UUID] = (),
) -> list[UUID]:
    """The next objects behind an id, in the order of their ids."""
    number = SUBJECT.c.object_id
    statement = select(number).where(wanted, number.not_in(without))
    if after is not None:
        statement = statement.where(number > after)
    return list(session.scalars(statement.order_by(number).limit(limit)))


def locked(session: Session, object_ids: Collection[UUID]) -> list[Subject]:
    """These objects, locked, in the order of their ids."""
    these = select(SUBJECT).where(SUBJECT.c.object_id.in_(object_ids))
    ordered = these.order_by(SUBJECT.c.object_id).with_for_update()
    return [_subject(row) for row in session.execute(ordered)]


def read_slice(
    session: Session, wanted: ColumnElement[bool], *, after: UUID | None, limit: int
) -> list[Subject]:
    """The next objects behind an id, only read."""
    statement = select(SUBJECT).where(wanted).order_by(SUBJECT.c.object_id).limit(limit)
    if after is not None:
        statement = statement.where(SUBJECT.c.object_id > after)
    return [_subject(row) for row in session.execute(statement)]


def of_classes(classes: Iterable[tuple[ObjectKind, str]]) -> ColumnElement[bool]:
    """Objects of a kind whose class code begins so; a few more than a rule is for."""
    return or_(
        *(
            (SUBJECT.c.kind == kind.value)
            & func.upper(func.replace(SUBJECT.c.class_code, " ", "")).startswith(
                beginning, autoescape=True
            )
            for kind, beginning in classes
        )
    )


def owing(duty_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """The objects that owe these duties."""
    return SUBJECT.c.object_id.in_(
        select(DutyRow.object_id).where(DutyRow.duty_id.in_(duty_ids))
    )


def show_worst(session: Session, duty_ids: Sequence[UUID]) -> None:
    """Bring objects to the worst colour of all their duties, where these have changed it."""
    touched = select(DutyRow.object_id).where(DutyRow.duty_id.in_(duty_ids))
    worst = (
        select(DutyRow.object_id, func.max(DutyRow.colour).label("colour"))
        .where(DutyRow.object_id.in_(touched))
        .group_by(DutyRow.object_id)
        .subquery()
    )
    differs = (SUBJECT.c.object_id == worst.c.object_id) & (SUBJECT.c.colour != worst.c.colour)
    session.execute(update(SUBJECT).where(differs).values(colour=worst.c.colour))


def paint(session: Session, colours: dict[UUID, Colour]) -> None:
    """Set the colours of locked objects."""
    if colours:
        session.execute(
            update(SubjectRow),
            [{"object_id": key, "colour": colour} for key, colour in colours.items()],
        )


def _row(subject: Subject) -> dict[str, Any]:
    facts = subject.facts
    return {
        "object_id": facts.object_id,
        "revision": facts.revision,
        "enterprise_id": facts.enterprise_id,
        "division": facts.division,
        "kind": facts.kind.value,
        "class_code": facts.class_code,
        "label": facts.label,
        "status": facts.status.value,
        "commissioned_on": facts.commissioned_on,
        "traits": list(facts.traits),
        "records": [_record_row(record) for record in facts.records],
        "colour": subject.colour,
        "heard_in": subject.heard_in,
    }


def _record_row(record: DutyRecord) -> dict[str, Any]:
    return {
        "duty": record.duty.value,
        "done_on": record.done_on.isoformat() if record.done_on else None,
        "stated_due_on": record.stated_due_on.isoformat() if record.stated_due_on else None,
        "cycle_months": record.cycle_months,
    }


def _subject(row: Any) -> Subject:
    facts = ObjectRecorded(
        object_id=row.object_id,
        revision=row.revision,
        kind=ObjectKind(row.kind),
        class_code=row.class_code,
        label=row.label,
        enterprise_id=row.enterprise_id,
        division=row.division,
        status=ObjectStatus(row.status),
        commissioned_on=row.commissioned_on,
        traits=tuple(row.traits),
        records=tuple(_records(row.records)),
    )
    return Subject(facts=facts, heard_in=row.heard_in, colour=row.colour)


def _records(rows: list[dict[str, Any]]) -> Iterator[DutyRecord]:
    for row in rows:
        yield DutyRecord(
            duty=DutyKind(row["duty"]),
            done_on=_day(row["done_on"]),
            stated_due_on=_day(row["stated_due_on"]),
            cycle_months=row["cycle_months"],
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
