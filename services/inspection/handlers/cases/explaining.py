"""A case as it is shown, and why it stands as it does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.inspection.handlers import procedure
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.cases.deciding import assessment_of
from services.inspection.model import Colour
from services.inspection.model.cases import Case, CaseState
from services.inspection.rules.cases import performing
from services.inspection.rules.cases.table import AFTER, STATES, STEPS
from services.inspection.rules.cases.terms import WORDS
from services.inspection.rules.offences import matters
from services.inspection.rules.terms import colour_of
from services.inspection.store import cases, enterprises

_INWARD = frozenset({"acts", "told_near", "told_passed", "next_change_on"})


def found(session: Session, case_id: UUID, acting: Acting) -> Case:
    """A case within the scope. Raises Unknown."""
    case = cases.find(session, case_id, scope=acting.scope)
    if case is None:
        raise Unknown("no_such_case", f"没有编号为 {case_id} 的案件, 或不在管辖范围内")
    return case


def shown(case: Case, *, today: date, policy: Policy) -> dict[str, Any]:
    """A case as the API answers it: colour and surcharge are those of today."""
    known = matters(policy, on=today)
    label = known[case.matter].label if case.matter in known else case.matter
    facts = {name: value for name, value in asdict(case).items() if name not in _INWARD}
    return facts | {
        "state_label": STATES[case.state],
        "matter_label": label,
        "term_label": WORDS[case.term] if case.term else None,
        "colour": _colour(case, today=today, policy=policy),
        "surcharge_fen": performing.surcharge_of(case, today=today, policy=policy),
        "owed_fen": performing.owed_on(case, today=today, policy=policy)
        if case.state is CaseState.SERVED
        else 0,
    }


def explained(session: Session, case_id: UUID, acting: Acting) -> dict[str, Any]:
    """A case with every step it took and its assessment by Article 33. Raises Unknown."""
    case = found(session, case_id, acting)
    enterprise = enterprises.find(session, case.enterprise_id)
    assessment = assessment_of(session, case, case.leniency, acting)
    grounds = [asdict(each) | {"met": each.met} for each in assessment.grounds]
    return {
        **shown(case, today=acting.today, policy=acting.policy),
        "enterprise": enterprise.name if enterprise else None,
        "assessment": asdict(assessment) | {"grounds": grounds},
        "steps": procedure.steps(session, case_id, acting.policy),
        "open_steps": [
            {"step": step.value, "label": STEPS[step]}
            for state, step in AFTER
            if state is case.state
        ],
    }


def _colour(case: Case, *, today: date, policy: Policy) -> Colour:
    if case.last_day is None:
        return Colour.GREY
    return colour_of(case.last_day, today=today, policy=policy)
