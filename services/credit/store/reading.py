"""What people and programs may read, within the scope of whoever asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.scope import Scope
from services.credit.model import BadInformation, State
from services.credit.store.entries import ENTRY, ESCALATION, STEP, entry_of
from services.credit.store.facts import ENTERPRISE


@dataclass(frozen=True)
class Listed:
    """An entry beside the name of its enterprise; None: the registry has not told it yet.

    *under* is who stands for the enterprise, if that is another one since a merge.
    """

    entry: BadInformation
    enterprise: str | None
    under: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """An enterprise as the registry last described it."""

    id: UUID
    name: str
    uscc: str | None
    division: str
    status: str


@dataclass(frozen=True, kw_only=True)
class LoggedStep:
    """One line of the log of an entry."""

    number: int
    what: str
    taken_on: date
    rule: str
    policy_version: str
    caused_by: UUID | None
    taken_by: str | None
    particulars: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """A listing, an alert, or a proposal of either; ended_on None: it stands."""

    bad_information_id: UUID
    escalated_to: str
    proposed: bool
    started_on: date
    ended_on: date | None
    ended_because: str | None


def find(session: Session, bad_information_id: UUID, *, scope: Scope) -> Listed | None:
    """One entry; None also where it lies outside the scope."""
    wanted = _listed(scope).where(ENTRY.c.id == bad_information_id)
    row = session.execute(wanted).one_or_none()
    return _beside_its_name(row) if row else None


def page(
    session: Session,
    *,
    scope: Scope,
    state: State | None,
    division: str | None,
    after: tuple[date, UUID] | None,
    limit: int,
    published_only: bool = False,
) -> list[Listed]:
    """The newest entries first; *after*: day and id of the last one already seen."""
    place = (ENTRY.c.opened_on, ENTRY.c.id)
    wanted = _listed(scope)
    if published_only:
        wanted = wanted.where(ENTRY.c.published_on.is_not(None))
    if state is not None:
        wanted = wanted.where(ENTRY.c.state == state.value)
    if division is not None:
        wanted = wanted.where(ENTRY.c.division == division)
    if after is not None:
        wanted = wanted.where(tuple_(*place) < tuple_(*after))
    newest = wanted.order_by(*(column.desc() for column in place)).limit(limit)
    return [_beside_its_name(row) for row in session.execute(newest)]


def of_enterprise(
    session: Session, enterprise_id: UUID, *, scope: Scope, published_only: bool = False
) -> list[BadInformation]:
    """All its entries and those of who was merged with it, the newest first."""
    both = aliases.together(session, enterprise_id)
    wanted = (
        select(ENTRY)
        .where(ENTRY.c.enterprise_id.in_(both), scope.clause(ENTRY.c.division))
        .order_by(ENTRY.c.opened_on.desc(), ENTRY.c.id)
    )
    if published_only:
        wanted = wanted.where(ENTRY.c.published_on.is_not(None))
    return [entry_of(row) for row in session.execute(wanted)]


def enterprise(session: Session, enterprise_id: UUID) -> Enterprise | None:
    """What is known of an enterprise; of one that was merged, of the one that stands for it."""
    columns = [column for column in ENTERPRISE.c if column.name != "revision"]
    shown = aliases.roots(session, [enterprise_id])[enterprise_id]
    wanted = select(*columns).where(ENTERPRISE.c.id == shown)
    row = session.execute(wanted).one_or_none()
    return Enterprise(**row._mapping) if row else None


def escalations(
    session: Session, enterprise_id: UUID, *, scope: Scope, proposals_too: bool = True
) -> list[Escalation]:
    """All escalations of an enterprise, the newest first."""
    both = aliases.together(session, enterprise_id)
    names = list(Escalation.__dataclass_fields__)
    wanted = (
        select(*(ESCALATION.c[name] for name in names))
        .where(ESCALATION.c.enterprise_id.in_(both), scope.clause(ESCALATION.c.division))
        .order_by(ESCALATION.c.started_on.desc(), ESCALATION.c.id)
    )
    if not proposals_too:
        wanted = wanted.where(ESCALATION.c.proposed.is_(False))
    return [Escalation(**row._mapping) for row in session.execute(wanted)]


def proposed(session: Session, entry_ids: Collection[UUID]) -> set[UUID]:
    """Those of which an escalation is only proposed: that is between the bureau's people."""
    wanted = select(ESCALATION.c.bad_information_id).where(
        ESCALATION.c.bad_information_id.in_(entry_ids),
        ESCALATION.c.ended_on.is_(None),
        ESCALATION.c.proposed.is_(True),
    )
    return set(session.scalars(wanted))


def steps(session: Session, bad_information_id: UUID) -> list[LoggedStep]:
    """The log of an entry, in order."""
    names = list(LoggedStep.__dataclass_fields__)
    wanted = (
        select(*(STEP.c[name] for name in names))
        .where(STEP.c.bad_information_id == bad_information_id)
        .order_by(STEP.c.number)
    )
    return [LoggedStep(**row._mapping) for row in session.execute(wanted)]


def counts(session: Session) -> dict[str, dict[str, int]]:
    """Entries by state; escalations that stand, proposals apart."""
    by_state = select(ENTRY.c.state, func.count().label("entries")).group_by(ENTRY.c.state)
    standing = (
        select(ESCALATION.c.escalated_to, ESCALATION.c.proposed, func.count())
        .where(ESCALATION.c.ended_on.is_(None))
        .group_by(ESCALATION.c.escalated_to, ESCALATION.c.proposed)
    )
    return {
        "states": {state.value: 0 for state in State}
        | {row.state: row.entries for row in session.execute(by_state)},
        "escalations": {
            f"{to}_proposed" if proposed else to: number
            for to, proposed, number in session.execute(standing)
        },
    }


def count_enterprises(session: Session) -> int:
    """How many enterprises were heard of."""
    return session.scalar(select(func.count()).select_from(ENTERPRISE)) or 0


def _listed(scope: Scope) -> Select[Any]:
    shown = aliases.root_of(ENTRY.c.enterprise_id)
    named = ENTRY.outerjoin(ENTERPRISE, ENTERPRISE.c.id == shown)
    return (
        select(ENTRY, ENTERPRISE.c.name.label("enterprise"), shown.label("under"))
        .select_from(named)
        .where(scope.clause(ENTRY.c.division))
    )


def _beside_its_name(row: Row[Any]) -> Listed:
    entry = entry_of(row, leaving_out=("enterprise", "under"))
    return Listed(entry, row.enterprise, row.under)
