"""Records and the log of their steps: rows in, model objects out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, func, select, tuple_
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import insert_all, upsert
from services.credit.model import (
    Content,
    Ground,
    GroundKind,
    Periods,
    Record,
    RecordState,
    RecordStep,
)
from services.credit.store.tables import RecordRow, RecordStepRow
from services.events.credit import (
    CountedFrom,
    Ending,
    RecordClass,
    RecordKind,
    RecordSource,
)
from services.events.wire import Wire

RECORD: Table = RecordRow.metadata.tables["credit_record"]
RECORD_STEP: Table = RecordStepRow.metadata.tables["record_step"]
CONTENT = Wire(Content)
GROUND = Wire(Ground)
APART = frozenset({"content", "grounds", "periods"})


def records(session: Session, record_ids: Collection[UUID]) -> dict[UUID, Record]:
    """These records, by id."""
    wanted = select(RECORD).where(RECORD.c.id.in_(record_ids))
    return {row.id: record_of(row) for row in session.execute(wanted)}


def locked_records(session: Session, record_ids: Collection[UUID]) -> dict[UUID, Record]:
    """The same, and nobody else is at them until the commit."""
    wanted = select(RECORD).where(RECORD.c.id.in_(record_ids)).order_by(RECORD.c.id)
    rows = session.execute(wanted.with_for_update())
    return {row.id: record_of(row) for row in rows}


def save_steps(session: Session, steps: Sequence[RecordStep], *, version: str) -> None:
    """Keep the records as the steps left them, and the log. The records are locked or new."""
    newest = {step.record.id: step.record for step in steps}
    upsert(session, RECORD, [row_of(record) for record in newest.values()], key=["id"])
    insert_all(session, RECORD_STEP, [_step_row(step, version) for step in steps])


def due_records(
    session: Session,
    *,
    today: date,
    limit: int,
    after: UUID | None,
    without: Collection[UUID] = (),
) -> list[UUID]:
    """Records with something to be looked at by that day, by id; *after*: the last one seen."""
    wanted = select(RECORD.c.id).where(
        RECORD.c.next_step_on <= today, RECORD.c.id.not_in(without)
    )
    if after is not None:
        wanted = wanted.where(RECORD.c.id > after)
    return list(session.scalars(wanted.order_by(RECORD.c.id).limit(limit)))


def count_due_records(session: Session, *, today: date) -> int:
    """How many records have something to be looked at."""
    found = select(func.count()).select_from(RECORD).where(RECORD.c.next_step_on <= today)
    return session.scalar(found) or 0


def record_page(
    session: Session,
    *,
    scope: Any,
    state: RecordState | None,
    kind: RecordKind | None,
    after: tuple[date, UUID] | None,
    limit: int,
    outside: str | None = None,
) -> list[Record]:
    """The newest first; *after*: day and id of the last one already seen.

    *outside*: who asks from outside sees what was published, and what it entered itself.
    """
    place = (RECORD.c.opened_on, RECORD.c.id)
    wanted: Select[Any] = select(RECORD).where(scope.clause(RECORD.c.division))
    if state is not None:
        wanted = wanted.where(RECORD.c.state == state.value)
    if kind is not None:
        wanted = wanted.where(RECORD.c.kind == kind.value)
    if outside is not None:
        told = RECORD.c.published_on.is_not(None) | (RECORD.c.opened_by == outside)
        wanted = wanted.where(told)
    if after is not None:
        wanted = wanted.where(tuple_(*place) < tuple_(*after))
    newest = wanted.order_by(*(column.desc() for column in place)).limit(limit)
    return [record_of(row) for row in session.execute(newest)]


def is_listed(session: Session, enterprise_id: UUID) -> bool:
    """Whether an enterprise, or one merged with it, stands on the serious list."""
    wanted = select(RECORD.c.id).where(
        RECORD.c.enterprise_id.in_(aliases.together(session, enterprise_id)),
        RECORD.c.kind == RecordKind.SERIOUS_LIST.value,
        RECORD.c.state == RecordState.PUBLISHED.value,
    )
    return session.execute(wanted.limit(1)).first() is not None


def count_records(session: Session) -> dict[str, int]:
    """Records by state."""
    counted = select(RECORD.c.state, func.count().label("records")).group_by(RECORD.c.state)
    return {state.value: 0 for state in RecordState} | {
        row.state: row.records for row in session.execute(counted)
    }


def logged_steps(session: Session, record_id: UUID) -> list[dict[str, Any]]:
    """The log of a record, in order."""
    wanted = (
        select(RECORD_STEP)
        .where(RECORD_STEP.c.record_id == record_id)
        .order_by(RECORD_STEP.c.number)
    )
    return [dict(row._mapping) for row in session.execute(wanted)]


def record_of(row: Row[Any]) -> Record:
    """The model of a row."""
    plain = {each.name: getattr(row, each.name) for each in fields(Record) if _plain(each.name)}
    return Record(
        **plain
        | {
            "kind": RecordKind(row.kind),
            "record_class": RecordClass(row.record_class),
            "source": RecordSource(row.source),
            "state": RecordState(row.state),
            "ending": Ending(row.ending) if row.ending else None,
            "blocked_fields": tuple(row.blocked_fields),
            "overrun": tuple(row.overrun),
        },
        content=Content(**CONTENT.read(row.content)),
        grounds={
            GroundKind(kind): Ground(**GROUND.read(ground))
            for kind, ground in row.grounds.items()
        },
        periods=Periods(
            from_decision=row.from_decision,
            from_publication=row.from_publication,
            counted_from=CountedFrom(row.counted_from),
            until=row.public_until,
        ),
    )


def row_of(record: Record) -> dict[str, Any]:
    """The row of a record."""
    plain = {each.name: getattr(record, each.name) for each in fields(Record)}
    return {name: value for name, value in plain.items() if _plain(name)} | {
        "kind": record.kind.value,
        "record_class": record.record_class.value,
        "source": record.source.value,
        "severity": record.content.severity.value if record.content.severity else None,
        "state": record.state.value,
        "ending": record.ending.value if record.ending else None,
        "blocked_fields": list(record.blocked_fields),
        "overrun": list(record.overrun),
        "content": CONTENT.write(record.content),
        "grounds": {
            kind.value: GROUND.write(ground) for kind, ground in sorted(record.grounds.items())
        },
        "from_decision": record.periods.from_decision,
        "from_publication": record.periods.from_publication,
        "counted_from": record.periods.counted_from.value,
        "public_until": record.periods.until,
    }


def _plain(name: str) -> bool:
    return name not in APART


def _step_row(step: RecordStep, version: str) -> dict[str, Any]:
    return {
        "record_id": step.record.id,
        "number": step.record.steps,
        "what": step.what.value,
        "taken_on": step.on,
        "rule": step.rule,
        "policy_version": version,
        "caused_by": step.caused_by,
        "taken_by": step.by,
        "particulars": dict(step.particulars),
    }
