"""A penalty, none, or a later change; what follows from a violation that is serious."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.events.inspection import DecisionChange, RefusalGround, ViolationClass
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.bureaus import numbered
from services.inspection.handlers.cases.keeping import keep, locked
from services.inspection.handlers.earlier import earlier_violations
from services.inspection.handlers.orders import refusals
from services.inspection.model.cases import Case, Harm, Leniency, Penalty
from services.inspection.model.documents import DocumentKind
from services.inspection.model.orders import Refusal
from services.inspection.rules import leniency, offences
from services.inspection.rules.cases import deciding
from services.inspection.rules.leniency import Assessment
from services.inspection.store import documents


def assess(
    session: Session,
    case_id: UUID,
    *,
    slight: bool | None,
    corrected_on: date | None,
    harm: Harm | None,
    no_fault: bool | None,
    acting: Acting,
) -> Case:
    """Whether the law lets it go unpunished, as far as is found out. Raises Unknown, NotAllowed."""
    case = locked(session, case_id, acting)
    found = Leniency(
        assessed_on=acting.today,
        slight=slight,
        corrected_on=corrected_on,
        harm=harm,
        no_fault=no_fault,
    )
    taken = deciding.assess(case, found, assessment_of(session, case, found, acting))
    return keep(session, case, taken, acting)[0]


def assessment_of(
    session: Session, case: Case, found: Leniency | None, acting: Acting
) -> Assessment:
    """The assessment of a case by what is known today."""
    today, policy = acting.today, acting.policy
    itself = {case.case_id, case.order_id}
    earlier = earlier_violations(
        session, case.enterprise_id, but=itself, today=today, policy=policy
    )
    matter = offences.matter(case.matter, policy, on=today)
    return leniency.assess(found, matter, earlier, today=today, policy=policy)


def decide(
    session: Session,
    case_id: UUID,
    penalty: Penalty,
    *,
    statement_answer: str | None,
    acting: Acting,
) -> Case:
    """Decide; the number is taken last, when every ground is on file.

    Raises Unknown, NotAllowed.
    """
    case = locked(session, case_id, acting)
    today, policy = acting.today, acting.policy
    deciding.may_decide(
        case, penalty, statement_answer=statement_answer, today=today, policy=policy
    )
    taken = deciding.decide(
        case,
        penalty,
        number=numbered(session, case.bureau, "decision", on=today, policy=policy),
        statement_answer=statement_answer,
        today=today,
        policy=policy,
    )
    decided, said = keep(session, case, taken, acting)
    if penalty.violation_class is ViolationClass.SERIOUS:
        _record_gravity(session, decided, acting.by_rule(said))
    return decided


def decide_at_once(
    session: Session,
    case_id: UUID,
    penalty: Penalty,
    *,
    officers: Sequence[str],
    acting: Acting,
) -> Case:
    """Decide on the spot, by the simple procedure. Raises Unknown, NotAllowed."""
    case = locked(session, case_id, acting)
    today, policy = acting.today, acting.policy
    deciding.may_decide_at_once(case, penalty, officers, today=today, policy=policy)
    taken = deciding.decide_at_once(
        case,
        penalty,
        number=numbered(session, case.bureau, "decision", on=today, policy=policy),
        officers=officers,
        today=today,
        policy=policy,
    )
    return keep(session, case, taken, acting)[0]


def drop(
    session: Session,
    case_id: UUID,
    *,
    proven: bool,
    education: str,
    because: str,
    acting: Acting,
) -> Case:
    """No penalty: not proven, or the law lets it go. Raises Unknown, NotAllowed."""
    case = locked(session, case_id, acting)
    taken = deciding.drop(
        case,
        proven=proven,
        assessment=assessment_of(session, case, case.leniency, acting),
        education=education,
        because=because,
        today=acting.today,
    )
    return keep(session, case, taken, acting)[0]


def change(
    session: Session,
    case_id: UUID,
    *,
    what: DecisionChange,
    remains: Penalty | None,
    changed_by: str,
    because: str,
    acting: Acting,
) -> Case:
    """A decision is annulled, changed or declared unlawful. Raises Unknown, NotAllowed."""
    case = locked(session, case_id, acting)
    taken = deciding.change(
        case, what=what, remains=remains, by=changed_by, because=because, today=acting.today
    )
    if taken.after.standing is None:
        kinds = {DocumentKind.DECISION}
        documents.withdraw(session, case_id, kinds, on=acting.today, because=because)
    return keep(session, case, taken, acting)[0]


def _record_gravity(session: Session, case: Case, acting: Acting) -> None:
    """认定为严重违法的,记录为建议列入黑名单的依据."""
    known = offences.matters(acting.policy, on=acting.today)
    number = case.decision.number if case.decision else ""
    refusal = Refusal(
        refusal_id=uuid4(),
        enterprise_id=case.enterprise_id,
        division=case.division,
        ground=RefusalGround.GRAVE,
        recorded_on=acting.today,
        order_id=case.order_id,
        case_id=case.case_id,
        object_ids=case.object_ids,
        endangers_safety=case.matter in known and known[case.matter].endangers,
        statement=f"{number}认定违法情节严重",
    )
    refusals.record(session, refusal, None, acting, serious=True)
