"""The views of enforcement cases: opening, the steps of the procedure, lists, explanations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.chassis import api
from services.chassis.api import Refused
from services.inspection.api import matters
from services.inspection.api.asking import Inspection
from services.inspection.api.cases import bodies
from services.inspection.api.desk import body_with_proofs, read
from services.inspection.api.orders.bodies import ReasonBody
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.cases import deciding, explaining, opening, working
from services.inspection.model.cases import Case
from services.inspection.store import cases
from services.inspection.store.cases import Wanted

# The steps of handlers.cases.working, and what is sent for each.
STEPS: dict[str, type[Schema]] = {
    "verification-extension": ReasonBody,
    "rejection": ReasonBody,
    "transfer": bodies.TransferBody,
    "evidence": bodies.EvidenceBody,
    "exclusion": bodies.ExclusionBody,
    "extension": bodies.ExtensionBody,
    "review": bodies.OpinionBody,
    "discussion": bodies.RecordBody,
    "notice": bodies.NoticeBody,
    "return": ReasonBody,
    "statement": bodies.StatementBody,
    "waiver": bodies.StatementBody,
    "hearing-request": bodies.NoBody,
    "hearing-call": bodies.HearingCallBody,
    "hearing": bodies.RecordBody,
    "service": bodies.ServiceBody,
    "payment": bodies.PaymentBody,
    "deferral": bodies.DeferralBody,
    "performance": bodies.PerformanceBody,
    "enforcement": bodies.CourtBody,
}


def add(views: Blueprint, service: Inspection) -> None:
    """The views of cases."""
    _opening(views, service)
    _deciding(views, service)
    _working(views, service)
    _reading(views, service)


def _opening(views: Blueprint, service: Inspection) -> None:
    @views.post("/cases")
    def clue() -> Any:
        sent = api.body(bodies.ClueBody) | api.query(bodies.BureauQuery)
        return _changed(service, opening.open_clue, status=201, **sent)

    @views.post("/cases/<uuid:case_id>/acceptance")
    def acceptance(case_id: UUID) -> Any:
        return _changed(service, opening.accept, case_id, **api.body(bodies.NoBody))

    @views.post("/cases/<uuid:case_id>/filing")
    def filing(case_id: UUID) -> Any:
        return _changed(service, opening.file, case_id, **api.body(bodies.OfficersBody))


def _deciding(views: Blueprint, service: Inspection) -> None:
    @views.post("/cases/<uuid:case_id>/assessment")
    def assessment(case_id: UUID) -> Any:
        return _changed(service, deciding.assess, case_id, **api.body(bodies.AssessmentBody))

    @views.post("/cases/<uuid:case_id>/decision")
    def decision(case_id: UUID) -> Any:
        return _changed(service, deciding.decide, case_id, **api.body(bodies.DecisionBody))

    @views.post("/cases/<uuid:case_id>/decision-at-once")
    def decision_at_once(case_id: UUID) -> Any:
        sent = api.body(bodies.DecisionAtOnceBody)
        return _changed(service, deciding.decide_at_once, case_id, **sent)

    @views.post("/cases/<uuid:case_id>/no-penalty")
    def no_penalty(case_id: UUID) -> Any:
        return _changed(service, deciding.drop, case_id, **api.body(bodies.DropBody))

    @views.post("/cases/<uuid:case_id>/change")
    def change(case_id: UUID) -> Any:
        return _changed(service, deciding.change, case_id, **api.body(bodies.ChangeBody))


def _working(views: Blueprint, service: Inspection) -> None:
    @views.post("/cases/<uuid:case_id>/<step>")
    def a_step(case_id: UUID, step: str) -> Any:
        if step not in STEPS:
            raise Refused(
                "no_such_step", f"案件没有 {step} 这一步; 可以使用: {', '.join(STEPS)}", 404
            )
        sent = body_with_proofs(service, STEPS[step])
        return _changed(service, working.take, case_id, step, sent=sent)


def _reading(views: Blueprint, service: Inspection) -> None:
    @views.get("/cases")
    def cases_page() -> Any:
        asked = api.query(bodies.CasesQuery)
        return read(service, lambda session, acting: _page(session, asked, acting))

    @views.get("/cases/<uuid:case_id>")
    def a_case(case_id: UUID) -> Any:
        def ask(session: Session, acting: Acting) -> Any:
            return _shown(explaining.found(session, case_id, acting), acting)

        return read(service, ask)

    @views.get("/cases/<uuid:case_id>/explanation")
    def case_explanation(case_id: UUID) -> Any:
        return read(
            service, lambda session, acting: explaining.explained(session, case_id, acting)
        )


def _changed(
    service: Inspection, change: Callable[..., Case], *which: Any, **sent: Any
) -> Response:
    return matters.changed(service, _shown, change, *which, **sent)


def _page(session: Session, asked: dict[str, Any], acting: Acting) -> dict[str, Any]:
    wanted = Wanted(**matters.within_scope(asked, acting))
    found = cases.page(session, wanted)
    return matters.page(
        found,
        wanted.limit,
        acting,
        shown=_shown,
        place=lambda case: (case.opened_on, case.case_id),
    )


def _shown(case: Case, acting: Acting) -> dict[str, Any]:
    return explaining.shown(case, today=acting.today, policy=acting.policy)
