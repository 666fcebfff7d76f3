"""A complaint after a step: saved with the term that runs now, its acts filed; others follow it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import sweeping
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.model.complaints import Complaint
from services.inspection.model.procedure import Taken
from services.inspection.rules.complaints.routing import follow
from services.inspection.rules.complaints.terms import clocked, with_term
from services.inspection.store import acts, complaints

_SLICE = 200


def unknown(complaint_id: UUID | str) -> Unknown:
    """There is none, or it is another county's."""
    return Unknown(
        "no_such_complaint", f"没有编号为 {complaint_id} 的投诉举报, 或不在管辖范围内"
    )


def locked(session: Session, complaint_id: UUID, acting: Acting) -> Complaint:
    """The complaint as it stands once nobody else is at it. Raises Unknown."""
    for complaint in complaints.lock(session, [complaint_id]):
        if acting.scope.covers(complaint.division):
            return complaint
    raise unknown(complaint_id)


def keep(
    session: Session, before: Complaint, taken: Taken[Complaint], acting: Acting
) -> Complaint:
    """Save and file; what was joined into it goes the same way."""
    kept = _kept(session, before, taken, acting)
    ids = complaints.joined_into(session, kept.complaint_id)
    for joined in complaints.lock(session, ids):
        _kept(session, joined, follow(joined, kept), acting)
    return kept


def filed(
    session: Session, before: Complaint | None, taken: Taken[Complaint], acting: Acting
) -> Complaint:
    """File the acts, each with the clock as it stood. Returns the complaint to be written."""
    after = with_term(taken.after, policy=acting.policy)
    last = acts.add(
        session,
        after.complaint_id,
        [clocked(act, before, today=acting.today) for act in taken.acts],
        after=after.acts,
        on=acting.today,
        by=acting.by,
        at=acting.at,
        caused_by=acting.caused_by,
        policy_version=acting.policy.version(on=acting.today),
    )
    return replace(after, acts=last)


def _kept(
    session: Session, before: Complaint, taken: Taken[Complaint], acting: Acting
) -> Complaint:
    if not taken.acts:
        return before
    kept = filed(session, before, taken, acting)
    complaints.save(session, kept)
    return kept


def count_again(database: Database, policy: Policy) -> int:
    """Last days in a year whose holidays were not known: again, by the calendar of today.

    Returns how many moved.
    """

    def due(session: Session, after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return complaints.provisional(session, after=after, limit=_SLICE, without=without)

    def counted(session: Session, some: Sequence[UUID]) -> int:
        return sum(_moved(session, each, policy) for each in complaints.lock(session, some))

    return sum(sweeping.by_id("complaint_terms", due, counted).run(database))


def _moved(session: Session, complaint: Complaint, policy: Policy) -> bool:
    again = with_term(complaint, policy=policy)
    if again == complaint:
        return False
    complaints.save(session, again)
    return True
