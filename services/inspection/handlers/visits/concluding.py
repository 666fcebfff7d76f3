"""A visit ends: what was passed renews duties, what is out of use clears them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.events.registry import ObjectStatus
from services.inspection.handlers import settling
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.settling import Change
from services.inspection.handlers.standing import standing_ruling
from services.inspection.handlers.visits import telling
from services.inspection.handlers.visits.finding import open_visit
from services.inspection.model.visits import (
    REPRESENTATIVE,
    Conclusion,
    Content,
    Problem,
    Visit,
    VisitState,
)
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.visits import concluding, content as contents, officers
from services.inspection.rules.visits.checklists import Asked, Checklists
from services.inspection.store import (
    confirmed,
    days,
    duties,
    stops,
    subjects,
    tallies,
    visit_papers,
    visits,
)
from services.inspection.store.subjects import SUBJECT


@dataclass(frozen=True)
class Books:
    """The tables of the installation that a conclusion goes by."""

    rules: RuleTable
    checklists: Checklists


def conclude(session: Session, acting: Acting, visit_id: UUID, books: Books) -> Visit:
    """End a visit with what is on file and signed. Raises Unknown, NotAllowed."""
    visit = open_visit(session, acting, visit_id)
    officers.enough(visit.officers, on=acting.today, policy=acting.policy)
    content = contents.read(visit.content)
    asked = _asked(session, visit, books, acting)
    evidence = {row["sha256"] for row in visit_papers.evidence(session, visit_id)}
    concluding.may_conclude(visit, content, asked, evidence, today=acting.today)
    signatures = visit_papers.signatures(session, visit_id)
    concluding.may_end(visit, signatures, contents.digest(visit.content))
    concluded = replace(
        visit,
        state=VisitState.CONCLUDED,
        concluded_on=acting.today,
        outcome=content.outcome,
        revision=outbox.revision_after(visit.revision),
    )
    visits.write(session, concluded)
    problems = concluding.problems(visit_id, content, asked)
    visits.add_problems(session, concluded, problems, on=acting.today)
    renewed = _confirm(session, acting, concluded, content, books.rules)
    signed = any(s.signer == REPRESENTATIVE and not s.refused for s in signatures)
    outbox.announce_all(
        session,
        [telling.concluded(_told(concluded, content, problems, renewed, signed=signed))],
    )
    return concluded


def _asked(session: Session, visit: Visit, books: Books, acting: Acting) -> list[Asked]:
    facing = visits.facing(session, visit.object_ids)
    return books.checklists.asked(facing, on=acting.today)


def _confirm(
    session: Session, acting: Acting, visit: Visit, content: Content, rules: RuleTable
) -> int:
    """Keep what officers confirmed, and bring duties and warnings in line with it.

    Returns how many duties now fall due later.
    """
    concerned = {record.object_id for record in content.passing_records}
    concerned |= {change.object_id for change in content.changes}
    subjects.lock(session, {*visit.object_ids, *concerned})
    if visit.corrects is not None:
        _take_the_place_of(session, visit)
        concerned |= confirmed.withdraw(session, visit.corrects, corrected_in=visit.visit_id)
    confirmed.accept(session, visit.visit_id, content.passing_records, on=acting.today)
    confirmed.confirm(session, visit.visit_id, content.changes, on=acting.today)
    _stop_and_resume(session, content)
    if not concerned:
        return 0
    before = duties.due_days(session, concerned)
    _settle(session, acting, concerned, rules)
    after = duties.due_days(session, concerned)
    return sum(_is_later(before.get(key), day) for key, day in after.items())


def _stop_and_resume(session: Session, content: Content) -> None:
    """The days that officers confirmed go before the day on which the platform hears of it."""
    since = {
        status: {c.object_id: c.since for c in content.changes if c.status is status}
        for status in (ObjectStatus.STOPPED, ObjectStatus.IN_USE)
    }
    stops.begin(session, since[ObjectStatus.STOPPED])
    stops.end(session, since[ObjectStatus.IN_USE])


def _take_the_place_of(session: Session, visit: Visit) -> None:
    """Only one record corrects another; a correction can be corrected in its turn."""
    if visit.corrects is None:
        return
    visits.get(session, visit.corrects, lock=True)
    if visits.corrected_by(session, visit.corrects) is not None:
        raise NotAllowed(
            "visit_corrected_already",
            "该检查记录已经由另一次检查更正。",
            "请就最近一次更正再作更正。",
        )
    visits.mark_corrected(session, visit.corrects, by=visit.visit_id)


def _settle(
    session: Session, acting: Acting, object_ids: Collection[UUID], rules: RuleTable
) -> None:
    known = subjects.get(session, object_ids)
    ruled = standing_ruling(session, today=acting.today, policy=acting.policy, table=rules)
    changes = [Change(subject.facts, None) for subject in known.values()]
    with tallies.kept(session, SUBJECT.c.object_id.in_(list(object_ids))):
        colours = settling.settle_known(session, changes, ruled, today=acting.today)
        subjects.paint(session, colours)
    days.note_change(session)


def _is_later(before: date | None, after: date | None) -> bool:
    return after is not None and (before is None or after > before)


def _told(
    visit: Visit, content: Content, problems: Sequence[Problem], renewed: int, *, signed: bool
) -> Conclusion:
    if visit.outcome is None or visit.concluded_on is None:
        raise ValueError(f"visit {visit.visit_id} has no conclusion")
    return Conclusion(
        visit_id=visit.visit_id,
        revision=visit.revision,
        enterprise_id=visit.enterprise_id,
        division=visit.division,
        purpose=visit.purpose,
        outcome=visit.outcome,
        concluded_on=visit.concluded_on,
        objects=len(visit.object_ids),
        items=len(content.answers),
        problems=len(problems),
        grave=sum(problem.grave for problem in problems),
        renewed=renewed,
        representative_signed=signed,
        corrects=visit.corrects,
    )
