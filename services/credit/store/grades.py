"""Grades, who is to be graded, and what counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import upsert
from services.credit.model import BadInformation, Record, RecordState, State
from services.credit.model.grades import EnterpriseGrade
from services.credit.store.entries import ENTRY, ESCALATION, entry_of
from services.credit.store.facts import ENTERPRISE
from services.credit.store.records import RECORD, record_of
from services.credit.store.tables import GradeDueRow, GradeRow
from services.events.credit import Grade

GRADE: Table = GradeRow.metadata.tables["credit_grade"]
DUE: Table = GradeDueRow.metadata.tables["grade_due"]
PUBLIC_STATES = (State.PUBLISHED, State.PROPOSED, State.ESCALATED, State.CORRECTED)


@dataclass(frozen=True)
class Countable:
    """Something that may count: a record, or bad information with the day of its escalation."""

    record: Record | None = None
    entry: BadInformation | None = None
    escalated_on: date | None = None


def mark_for_grading(
    session: Session, enterprise_ids: Collection[UUID], *, since: date
) -> None:
    """Their public records changed. The row is held until the commit, so none is forgotten."""
    rows = [{"enterprise_id": each, "since": since} for each in set(enterprise_ids)]
    upsert(session, DUE, rows, key=["enterprise_id"])


def grades_due(
    session: Session, *, today: date, limit: int, without: Collection[UUID] = ()
) -> list[UUID]:
    """Whom to grade now: marked, or changed by the passing of time."""
    marked = select(DUE.c.enterprise_id).where(DUE.c.enterprise_id.not_in(without))
    if found := session.scalars(marked.order_by(DUE.c.enterprise_id).limit(limit)).all():
        return list(found)
    aged = select(GRADE.c.enterprise_id).where(
        GRADE.c.next_change_on <= today, GRADE.c.enterprise_id.not_in(without)
    )
    return list(session.scalars(aged.order_by(GRADE.c.enterprise_id).limit(limit)))


def take_marks(session: Session, enterprise_ids: Collection[UUID]) -> None:
    """They are being graded: whoever marks one of them from now on marks it anew."""
    these = DUE.c.enterprise_id.in_(enterprise_ids)
    in_order = select(DUE.c.enterprise_id).where(these).order_by(DUE.c.enterprise_id)
    session.execute(in_order.with_for_update()).all()
    session.execute(delete(DUE).where(these))


def count_grades_due(session: Session) -> int:
    """How many enterprises wait to be graded."""
    return session.scalar(select(func.count()).select_from(DUE)) or 0


def grades(session: Session, enterprise_ids: Collection[UUID]) -> dict[UUID, EnterpriseGrade]:
    """Their grades as last announced."""
    rows = session.execute(select(GRADE).where(GRADE.c.enterprise_id.in_(enterprise_ids)))
    return {
        row.enterprise_id: EnterpriseGrade(**dict(row._mapping) | {"grade": Grade(row.grade)})
        for row in rows
    }


def save_grades(session: Session, kept: Sequence[EnterpriseGrade]) -> None:
    """Keep grades."""
    rows = [vars(one) | {"grade": one.grade.value} for one in kept]
    upsert(session, GRADE, rows, key=["enterprise_id"])


def forget_grades(session: Session, enterprise_ids: Collection[UUID]) -> None:
    """Those that stand under another one have no grade of their own."""
    session.execute(delete(GRADE).where(GRADE.c.enterprise_id.in_(enterprise_ids)))


def count_grades(session: Session) -> dict[str, int]:
    """Enterprises by grade; one without any public record has none here."""
    counted = select(GRADE.c.grade, func.count().label("graded")).group_by(GRADE.c.grade)
    return {grade.value: 0 for grade in Grade} | {
        row.grade: row.graded for row in session.execute(counted)
    }


def divisions(session: Session, enterprise_ids: Collection[UUID]) -> dict[UUID, str]:
    """Their divisions: as the registry says, else as a record of theirs says."""
    known: dict[UUID, str] = {}
    for table, column in (
        (RECORD, "enterprise_id"),
        (ENTRY, "enterprise_id"),
        (ENTERPRISE, "id"),
    ):
        rows = session.execute(
            select(table.c[column], table.c.division).where(table.c[column].in_(enterprise_ids))
        )
        known |= {row[0]: row[1] for row in rows}
    return known


def countable(
    session: Session, enterprise_ids: Collection[UUID]
) -> dict[UUID, list[Countable]]:
    """What may count for each of them: also what stands under those merged with it."""
    together = aliases.all_with(session, enterprise_ids)
    roots = aliases.roots(session, together)
    found: dict[UUID, list[Countable]] = defaultdict(list)
    public = select(RECORD).where(
        RECORD.c.enterprise_id.in_(together),
        RECORD.c.state == RecordState.PUBLISHED.value,
    )
    for row in session.execute(public):
        found[roots[row.enterprise_id]].append(Countable(record=record_of(row)))
    standing = ESCALATION.c.ended_on.is_(None) & ESCALATION.c.proposed.is_(False)
    entries = (
        select(ENTRY, ESCALATION.c.started_on.label("listed_on"))
        .outerjoin(ESCALATION, (ESCALATION.c.bad_information_id == ENTRY.c.id) & standing)
        .where(
            ENTRY.c.enterprise_id.in_(together),
            ENTRY.c.state.in_([state.value for state in PUBLIC_STATES]),
        )
    )
    for row in session.execute(entries):
        entry = entry_of(row, leaving_out=("listed_on",))
        found[roots[row.enterprise_id]].append(
            Countable(entry=entry, escalated_on=row.listed_on)
        )
    return {each: found[roots[each]] for each in enterprise_ids}
