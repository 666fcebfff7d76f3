"""A case after a step: saved with the term that runs now, its acts filed, its facts told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import outbox
from services.events.inspection import (
    CaseClosed,
    CaseDecided,
    CaseFiled,
    CaseTerm,
    CaseTermNear,
    DecisionChange,
    DecisionChanged,
)
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.announcing import OfCase, say
from services.inspection.handlers.bureaus import bureau_called
from services.inspection.model.cases import Case, CaseState
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.cases.terms import with_term
from services.inspection.rules.offences import matters
from services.inspection.store import acts, cases


def locked(session: Session, case_id: UUID, acting: Acting) -> Case:
    """The case as it stands once nobody else is at it. Raises Unknown."""
    for case in cases.lock(session, [case_id]):
        if acting.scope.covers(case.division):
            return case
    raise Unknown("no_such_case", f"没有编号为 {case_id} 的案件, 或不在管辖范围内")


def keep(
    session: Session, before: Case | None, taken: Taken[Case], acting: Acting
) -> tuple[Case, UUID | None]:
    """Save, file, announce. Returns the case, and the id of the last message about it."""
    after = with_term(before, taken.after, today=acting.today, policy=acting.policy)
    revisions = count(outbox.revision_after(after.revision))
    events = list(_events(before, replace(taken, after=after), revisions, acting))
    filed = acts.add(
        session,
        after.case_id,
        taken.acts,
        after=after.acts,
        on=acting.today,
        by=acting.by,
        at=acting.at,
        caused_by=acting.caused_by,
        policy_version=acting.policy.version(on=acting.today),
    )
    kept = replace(after, acts=filed, revision=next(revisions))
    cases.save(session, kept)
    said = [say(session, event, caused_by=acting.caused_by) for event in events]
    return kept, said[-1] if said else acting.caused_by


def _events(
    before: Case | None, taken: Taken[Case], revisions: Iterator[int], acting: Acting
) -> Iterator[OfCase]:
    """What others hear of these acts, in order. A clue or a proposal is nobody else's business."""
    case = taken.after
    for act in taken.acts:
        about = _about(case, next(revisions))
        match act.what:
            case "file":
                yield _filed(case, about)
            case "remind":
                yield _term_near(act, about)
            case "decide" | "decide_at_once":
                yield _decided(case, about, acting)
            case "change":
                yield _changed(case, act, about, acting.today)
            case _:
                continue
    was_open = before is not None and before.state is not CaseState.CLOSED
    if was_open and case.state is CaseState.CLOSED and case.end is not None:
        number = case.decision.number if case.decision else None
        about = _about(case, next(revisions))
        yield CaseClosed(**about, number=number, closed_on=acting.today, end=case.end)


def _about(case: Case, revision: int) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "revision": revision,
        "enterprise_id": case.enterprise_id,
        "division": case.division,
    }


def _filed(case: Case, about: dict[str, Any]) -> CaseFiled:
    if case.number is None or case.filed_on is None or case.decide_by is None:
        raise ValueError(f"case {case.case_id} was filed without number, day or term")
    return CaseFiled(
        **about,
        number=case.number,
        origin=case.origin,
        order_id=case.order_id,
        matter=case.matter,
        filed_on=case.filed_on,
        decide_by=case.decide_by,
    )


def _term_near(act: Act, about: dict[str, Any]) -> CaseTermNear:
    told = act.particulars
    return CaseTermNear(
        **about,
        term=CaseTerm(told["term"]),
        last_day=date.fromisoformat(told["last_day"]),
        passed=told["passed"],
    )


def _decided(case: Case, about: dict[str, Any], acting: Acting) -> CaseDecided:
    decision = case.decision
    if decision is None:
        raise ValueError(f"case {case.case_id} was decided without a decision")
    authority = bureau_called(case.bureau, on=acting.today, policy=acting.policy)
    known = matters(acting.policy, on=acting.today)
    penalty = decision.penalty
    return CaseDecided(
        **about,
        number=decision.number,
        decided_on=decision.decided_on,
        authority=authority.name,
        authority_uscc=authority.uscc,
        ordinary_procedure=decision.ordinary,
        warning_only=penalty.warning_only,
        violation_class=penalty.violation_class,
        heavier=decision.heavier,
        kinds=penalty.kinds,
        fine_fen=penalty.fine_fen,
        confiscated_fen=penalty.confiscated_fen,
        matter=case.matter,
        violation=known[case.matter].label if case.matter in known else case.matter,
        facts=penalty.facts,
        legal_basis=penalty.legal_basis,
        content=penalty.content,
        order_id=case.order_id,
        object_ids=case.object_ids,
    )


def _changed(case: Case, act: Act, about: dict[str, Any], on: date) -> DecisionChanged:
    decision, rest = case.decision, case.standing
    if decision is None:
        raise ValueError(f"case {case.case_id} has no decision that could be changed")
    shown = rest or decision.penalty
    return DecisionChanged(
        **about,
        number=decision.number,
        changed_on=on,
        what=DecisionChange(act.particulars["what"]),
        changed_by=act.particulars["by"],
        reason=act.particulars["because"],
        warning_only=shown.warning_only,
        violation_class=shown.violation_class,
        heavier=decision.heavier and rest is not None,
        kinds=rest.kinds if rest else (),
        fine_fen=rest.fine_fen if rest else 0,
        confiscated_fen=rest.confiscated_fen if rest else 0,
        content=rest.content if rest else None,
    )
