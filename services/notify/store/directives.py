"""Directives: issued once under a number without gaps, their hops, every step on file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_all, upsert
from services.chassis.scope import Scope
from services.events.notify import Silence
from services.notify.model import Directive, DirectiveTerms, Hop, Phase, Step
from services.notify.rules.accounts import division_of
from services.notify.rules.directives import CLOSED
from services.notify.store.tables import (
    DirectiveNumberRow,
    DirectiveRow,
    DirectiveStepRow,
    HopRow,
)

HOP = cast("Table", HopRow.__table__)
OPEN = [phase.value for phase in Phase if phase not in CLOSED]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which hops are asked for; None: any."""

    unit: str | None = None
    sent_by: str | None = None
    is_open: bool | None = None
    overdue_on: date | None = None
    directive_id: UUID | None = None


def next_number(session: Session, division: str, year: int) -> int:
    """Counts per bureau and year, in the transaction that issues: no gap, none twice."""
    counted = DirectiveNumberRow.__table__
    insert_row = {"division": division, "year": year, "last": 0}
    query = (
        select(DirectiveNumberRow)
        .where(DirectiveNumberRow.division == division, DirectiveNumberRow.year == year)
        .with_for_update()
    )
    if session.scalar(query) is None:
        upsert(session, counted, [insert_row], key=["division", "year"], newer_by="last")
    row = session.scalars(query.execution_options(populate_existing=True)).one()
    row.last += 1
    session.flush()
    return row.last


def add(session: Session, directive: Directive) -> None:
    """Store what is directed."""
    session.add(DirectiveRow(**vars(directive)))
    session.flush()


def save(session: Session, hops: Sequence[Hop]) -> None:
    """Store hops as they are now."""
    rows = [_row(hop) for hop in hops]
    if rows:
        upsert(session, HOP, rows, key=["id"], newer_by="revision")


def note_step(
    session: Session,
    hop: Hop,
    step: Step | Silence | None,
    *,
    by: str,
    at: datetime,
    before: Phase | None,
    said: str | None = None,
    evidence: str | None = None,
) -> None:
    """Keep who did what and when: it is what the hop is explained by."""
    row = {
        "id": uuid4(),
        "hop_id": hop.id,
        "at": at,
        "step": step.value if step else "issue",
        "by": by,
        "before": before.value if before else None,
        "after": hop.phase.value,
        "said": said,
        "evidence": evidence,
    }
    insert_all(session, DirectiveStepRow.__table__, [row])


def directive(session: Session, directive_id: UUID) -> Directive | None:
    """What is directed."""
    row = session.get(DirectiveRow, directive_id)
    if row is None:
        return None
    return Directive(**{name: getattr(row, name) for name in Directive.__dataclass_fields__})


def locked(session: Session, hop_id: UUID) -> Hop | None:
    """A hop, for a change."""
    row = session.scalar(select(HopRow).where(HopRow.id == hop_id).with_for_update())
    return _hop(row) if row is not None else None


def below(session: Session, hop_id: UUID) -> list[Hop]:
    """The hops that were relayed from one."""
    return [
        _hop(row) for row in session.scalars(select(HopRow).where(HopRow.parent_id == hop_id))
    ]


def to_look_at(
    session: Session, today: date, *, limit: int, without: Collection[UUID] = ()
) -> list[UUID]:
    """Hops whose day has come, the oldest first."""
    query = select(HopRow.id).where(HopRow.look_on <= today, HopRow.id.not_in(without))
    return list(session.scalars(query.order_by(HopRow.look_on, HopRow.id).limit(limit)))


def looked_at(session: Session, hop_ids: Collection[UUID], today: date) -> list[Hop]:
    """These, locked; those that somebody else looks at are left to him."""
    query = (
        select(HopRow)
        .where(HopRow.id.in_(hop_ids), HopRow.look_on <= today)
        .order_by(HopRow.look_on, HopRow.id)
        .with_for_update(skip_locked=True)
    )
    return [_hop(row) for row in session.scalars(query)]


def of(
    session: Session, scope: Scope, asked: Asked, *, after: UUID | None, limit: int
) -> list[tuple[Hop, DirectiveRow]]:
    """Hops that the caller sent or was sent, the newest first."""
    query = (
        select(HopRow, DirectiveRow)
        .join(DirectiveRow, DirectiveRow.id == HopRow.directive_id)
        .where(seen_by(scope), *_conditions(asked))
        .order_by(HopRow.issued_at.desc(), HopRow.id.desc())
    )
    if after is not None and (place := session.get(HopRow, after)) is not None:
        query = query.where(
            or_(
                HopRow.issued_at < place.issued_at,
                (HopRow.issued_at == place.issued_at) & (HopRow.id < place.id),
            )
        )
    return [(_hop(hop), row) for hop, row in session.execute(query.limit(limit))]


def steps(session: Session, hop_ids: Collection[UUID]) -> dict[UUID, list[DirectiveStepRow]]:
    """What happened to some hops, in order."""
    found: dict[UUID, list[DirectiveStepRow]] = {each: [] for each in hop_ids}
    query = (
        select(DirectiveStepRow)
        .where(DirectiveStepRow.hop_id.in_(list(hop_ids)))
        .order_by(DirectiveStepRow.at, DirectiveStepRow.id)
    )
    for row in session.scalars(query):
        found[row.hop_id].append(row)
    return found


def seen_by(scope: Scope) -> ColumnElement[bool]:
    """A county sees what it was sent and what it sent on, nobody else's."""
    return or_(scope.clause(HopRow.division), scope.clause(HopRow.sender_division))


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.unit:
        conditions.append(HopRow.receiver == asked.unit)
    if asked.sent_by:
        conditions.append(HopRow.sender == asked.sent_by)
    if asked.is_open is not None:
        is_open = HopRow.phase.in_(OPEN)
        conditions.append(is_open if asked.is_open else ~is_open)
    if asked.overdue_on:
        conditions.append(overdue(asked.overdue_on))
    if asked.directive_id:
        conditions.append(HopRow.directive_id == asked.directive_id)
    return conditions


def overdue(today: date) -> ColumnElement[bool]:
    """Hops whose receiver is late on a day."""
    unsigned = HopRow.phase == Phase.ISSUED.value
    return HopRow.phase.in_(OPEN) & or_(
        unsigned & (HopRow.acknowledge_by < today), ~unsigned & (HopRow.due_on < today)
    )


def _row(hop: Hop) -> dict[str, Any]:
    return {
        "id": hop.id,
        "directive_id": hop.directive_id,
        "parent_id": hop.parent_id,
        "sender": hop.sender,
        "sender_division": division_of(hop.sender) or "",
        "receiver": hop.receiver,
        "division": hop.division,
        "phase": hop.phase.value,
        "silence": hop.silence.value,
        "issued_at": hop.issued_at,
        "acknowledge_by": hop.terms.acknowledge_by,
        "due_on": hop.terms.due_on,
        "acknowledged_at": hop.acknowledged_at,
        "closed_at": hop.closed_at,
        "look_on": hop.look_on,
        "revision": hop.revision,
    }


def _hop(row: HopRow) -> Hop:
    return Hop(
        id=row.id,
        directive_id=row.directive_id,
        parent_id=row.parent_id,
        sender=row.sender,
        receiver=row.receiver,
        division=row.division,
        phase=Phase(row.phase),
        silence=Silence(row.silence),
        terms=DirectiveTerms(acknowledge_by=row.acknowledge_by, due_on=row.due_on),
        issued_at=row.issued_at,
        look_on=row.look_on,
        revision=row.revision,
        acknowledged_at=row.acknowledged_at,
        closed_at=row.closed_at,
    )
