"""The grade: computed anew where public records changed, announced where it changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import aliases, outbox, sweeping
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.credit import store
from services.credit.handlers.deciding import Unknown
from services.credit.handlers.records import saying
from services.credit.handlers.wording import NAMES
from services.credit.model.grades import EnterpriseGrade
from services.credit.rules.records.grading import Counted, Graded, grade
from services.credit.rules.records.showing import is_shown, shown_until
from services.credit.store import Countable
from services.events.credit import EscalatedTo, RecordKind, Severity

SLICE = 200
FOLLOWED = {
    EscalatedTo.BLACKLIST: (RecordKind.SERIOUS_LIST, Severity.SERIOUS),
    EscalatedTo.SAFETY_ALERT: (RecordKind.SAFETY_ALERT, None),
}


def grade_due(database: Database, *, today: date, policy: Policy) -> int:
    """Grade the enterprises whose public records changed, or whose day has come.

    Apart from what changed them: a red warning must not wait for arithmetic.
    """

    def due(session: Session, _after: UUID | None, without: Collection[UUID]) -> list[UUID]:
        return store.grades_due(session, today=today, limit=SLICE, without=without)

    def graded(session: Session, some: Sequence[UUID]) -> int:
        store.take_marks(session, some)
        _grade(session, some, today=today, policy=policy)
        return len(some)

    return sum(sweeping.by_id("grades", due, graded).run(database))


def explain_grade(
    session: Session, enterprise_id: UUID, *, scope: Scope, today: date, policy: Policy
) -> dict[str, Any]:
    """等级,逐条说明. Of what is public now, whatever was last announced. Raises Unknown."""
    enterprise = store.enterprise(session, enterprise_id)
    if enterprise is None or not scope.covers(enterprise.division):
        raise Unknown(enterprise_id)
    now = graded(session, [enterprise_id], today=today, policy=policy)[enterprise_id]
    return {
        "enterprise_id": enterprise_id,
        "enterprise": enterprise.name,
        "grade": now.grade.value,
        "points": now.points,
        "graded_on": today,
        "next_change_on": now.next_change_on,
        "items": [
            {
                "record_id": one.item.record_id,
                "kind": one.item.kind.value,
                "published_on": one.item.published_on,
                "points": one.points,
                "words": one.words,
            }
            for one in now.items
        ],
        "words": f"满分100分,现得{now.points}分,等级{now.grade.value}。",
        "numbers": [
            policy.explain(name, on=today)
            for name in ("grade_points", "grade_bounds", "grade_decay")
        ],
    }


def graded(
    session: Session, enterprise_ids: Iterable[UUID], *, today: date, policy: Policy
) -> dict[UUID, Graded]:
    """The grades of some enterprises as their public records make them today."""
    wanted = list(enterprise_ids)
    found = store.countable(session, wanted)
    return {
        each: grade(
            _counted(found.get(each, ()), today=today, policy=policy),
            today=today,
            policy=policy,
        )
        for each in wanted
    }


def _grade(
    session: Session, enterprise_ids: Sequence[UUID], *, today: date, policy: Policy
) -> None:
    roots = aliases.roots(session, enterprise_ids)
    store.forget_grades(session, [each for each, root in roots.items() if each != root])
    standing = sorted(set(roots.values()))
    before = store.grades(session, standing)
    divisions = store.divisions(session, standing)
    now = graded(session, standing, today=today, policy=policy)
    kept, changed = [], []
    for enterprise_id, result in now.items():
        known = before.get(enterprise_id)
        if enterprise_id not in divisions or (known is None and not result.items):
            continue
        same = known and (known.grade, known.points) == (result.grade, result.points)
        revision = known.revision if known else None
        one = EnterpriseGrade(
            enterprise_id=enterprise_id,
            division=divisions[enterprise_id],
            grade=result.grade,
            points=result.points,
            graded_on=today,
            revision=known.revision if same and known else outbox.revision_after(revision),
            next_change_on=result.next_change_on,
        )
        kept.append(one)
        changed += [] if same else [one]
    store.save_grades(session, kept)
    outbox.announce_all(session, [saying.of_grade(one) for one in changed])


def _counted(found: Iterable[Countable], *, today: date, policy: Policy) -> Iterable[Counted]:
    for one in found:
        if one.entry is not None:
            yield from _of_entry(one, today=today, policy=policy)
        elif one.record is not None and one.record.published_on is not None:
            record, until = one.record, one.record.periods.until
            if until is None or today <= until:
                yield Counted(
                    record_id=record.id,
                    kind=record.kind,
                    severity=record.content.severity,
                    published_on=one.record.published_on,
                    until=until,
                    words=f"{one.record.published_on}公示的{NAMES[record.kind]}",
                )


def _of_entry(one: Countable, *, today: date, policy: Policy) -> Iterable[Counted]:
    entry = one.entry
    if entry is None or entry.published_on is None:
        return
    if not is_shown(entry, today=today, policy=policy):
        return
    yield Counted(
        record_id=entry.id,
        kind=RecordKind.BAD_INFORMATION,
        severity=Severity.SLIGHT,
        published_on=entry.published_on,
        until=shown_until(entry, policy=policy),
        words=f"{entry.published_on}公布的不良信息(红色预警)",
    )
    if one.escalated_on is not None and entry.escalated_to is not None:
        kind, severity = FOLLOWED[entry.escalated_to]
        yield Counted(
            record_id=entry.id,
            kind=kind,
            severity=severity,
            published_on=one.escalated_on,
            until=None,
            words=f"{one.escalated_on}升级的{NAMES[kind]}",
        )
