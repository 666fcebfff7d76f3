"""The views of complaints and leads, for the bureau; `public` has those for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.chassis import api, parked
from services.chassis.api import Refused, Scope
from services.chassis.resealing import renew_all
from services.inspection.api import matters
from services.inspection.api.asking import Inspection
from services.inspection.api.complaints import bodies, public
from services.inspection.api.desk import acting, body_with_proofs, in_words, read
from services.inspection.api.orders.bodies import ReasonBody
from services.inspection.handlers import proofs
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.complaints import (
    casing,
    explaining,
    revealing,
    routing,
    working,
)
from services.inspection.model.complaints import Complaint
from services.inspection.store import complaints
from services.inspection.store.complaints import Wanted

# The steps of handlers.complaints.working, and what is sent for each.
STEPS: dict[str, type[Schema]] = {
    "acceptance": bodies.NoBody,
    "refusal": bodies.RefusalBody,
    "mediation": bodies.MediationBody,
    "check": bodies.CheckBody,
    "check-extension": ReasonBody,
    "answer": bodies.AnswerBody,
    "closing": bodies.NoBody,
    "reopening": ReasonBody,
    "separation": ReasonBody,
}


def add(views: Blueprint, service: Inspection) -> None:
    """The views of complaints."""
    public.add(views, service)
    _deciding(views, service)
    _working(views, service)
    _reading(views, service)
    _people(views, service)


def _deciding(views: Blueprint, service: Inspection) -> None:
    @views.post("/complaints/<uuid:complaint_id>/case")
    def complaint_case(complaint_id: UUID) -> Any:
        return _changed(service, casing.open_case, complaint_id, **api.body(bodies.CaseBody))

    @views.post("/complaints/<uuid:complaint_id>/no-case")
    def complaint_no_case(complaint_id: UUID) -> Any:
        return _changed(service, casing.no_case, complaint_id, **api.body(ReasonBody))


def _working(views: Blueprint, service: Inspection) -> None:
    @views.post("/complaints/<uuid:complaint_id>/target")
    def complaint_target(complaint_id: UUID) -> Any:
        return _changed(service, working.identify, complaint_id, **api.body(bodies.TargetBody))

    @views.post("/complaints/<uuid:complaint_id>/transfer")
    def complaint_transfer(complaint_id: UUID) -> Any:
        return _changed(
            service, routing.transfer, complaint_id, **api.body(bodies.TransferBody)
        )

    @views.post("/complaints/<uuid:complaint_id>/joining")
    def complaint_joining(complaint_id: UUID) -> Any:
        return _changed(service, routing.join, complaint_id, **api.body(bodies.JoiningBody))

    @views.post("/complaints/<uuid:complaint_id>/<step>")
    def complaint_step(complaint_id: UUID, step: str) -> Any:
        if step not in STEPS:
            raise Refused(
                "no_such_step", f"投诉举报没有 {step} 这一步; 可以使用: {', '.join(STEPS)}", 404
            )
        sent = body_with_proofs(service, STEPS[step])
        return _changed(service, working.take, complaint_id, step, sent=sent)


def _reading(views: Blueprint, service: Inspection) -> None:
    @views.get("/complaints")
    def complaints_page() -> Any:
        asked = api.query(bodies.ComplaintsQuery)
        return read(service, lambda session, person: _page(session, asked, person))

    @views.get("/complaints/<uuid:complaint_id>")
    def a_complaint(complaint_id: UUID) -> Any:
        def ask(session: Session, person: Acting) -> Any:
            return explaining.shown(explaining.found(session, complaint_id, person), person)

        return read(service, ask)

    @views.get("/complaints/<uuid:complaint_id>/explanation")
    def complaint_explanation(complaint_id: UUID) -> Any:
        return read(
            service,
            lambda session, person: explaining.explained(
                session, complaint_id, person, service.seals
            ),
        )

    @views.get("/complaints/<uuid:complaint_id>/evidence/<string:digest>")
    def complaint_evidence(complaint_id: UUID, digest: str) -> Any:
        person = acting(service, named=False)
        with in_words(), service.database.reading() as session:
            explaining.found(session, complaint_id, person)
            media_type, data = proofs.get(
                session, complaint_id, digest, var=service.settings.var
            )
        return Response(data, content_type=media_type)


def _people(views: Blueprint, service: Inspection) -> None:
    @views.post("/complaints/<uuid:complaint_id>/reveal")
    def complaint_reveal(complaint_id: UUID) -> Any:
        """Never kept under a key: who asks again is written down again."""
        person = acting(service, named=True)
        purpose = api.body(bodies.RevealBody)["purpose"].strip()
        with in_words(), service.database.transaction() as session:
            whole = revealing.reveal(
                session, complaint_id, purpose=purpose, seals=service.seals, acting=person
            )
        return jsonify(whole)

    @views.post("/seals/renew")
    def renew_seals() -> Any:
        bureau = service.settings.bureau
        if not api.caller().scope.covers(bureau):
            raise Refused(
                "scope_too_narrow", f"更换密钥需要管辖整个 {bureau}", 403, needed=bureau
            )
        renewals = (revealing.renew, parked.renew)
        return jsonify(renewed=renew_all(service.database, service.seals, *renewals))


def _changed(
    service: Inspection, change: Callable[..., Complaint], *which: Any, **sent: Any
) -> Response:
    return matters.changed(service, explaining.shown, change, *which, **sent)


def _page(session: Session, asked: dict[str, Any], person: Acting) -> dict[str, Any]:
    division = Scope.parse(asked["division"]) if asked["division"] else None
    within = asked | {"scope": person.scope, "division": division}
    wanted = Wanted(**within, bounds=explaining.bounds(person))
    return matters.page(
        complaints.page(session, wanted),
        wanted.limit,
        person,
        shown=explaining.shown,
        place=lambda complaint: (complaint.received_on, complaint.complaint_id),
    )
