"""The views of visits: plans, records, evidence, signatures, conclusions, forms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.inspection.api.asking import Inspection, plain, scopes_of
from services.inspection.api.desk import acting as who, in_words, read, write
from services.inspection.api.visits import bodies
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.visits import (
    bundling,
    concluding,
    correcting,
    drafting,
    evidence,
    finding,
    ordering,
    planning,
    showing,
    signing,
)
from services.inspection.handlers.visits.concluding import Books
from services.inspection.model.visits import Officer, Visit
from services.inspection.store import visit_papers, visits
from services.inspection.store.visits import Wanted

_VISIT = "/visits/<uuid:visit_id>"


def add(views: Blueprint, service: Inspection) -> None:
    """The views of visits and of checklists."""
    _plans(views, service)
    _records(views, service)
    _evidence(views, service)
    _ends(views, service)
    _reading(views, service)


def _plans(views: Blueprint, service: Inspection) -> None:
    @views.post("/visits")
    def plan() -> Any:
        sent = api.body(bodies.PlanBody)
        officers = [Officer(**officer) for officer in sent.pop("officers")]
        planned = planning.Plan(officers=officers, **sent)
        return write(
            service,
            lambda session, person: told(planning.plan(session, person, planned)),
            status=201,
        )

    @views.post(f"{_VISIT}/cancellation")
    def cancel(visit_id: UUID) -> Any:
        sent = api.body(bodies.ReasonBody)
        return write(
            service,
            lambda session, person: told(planning.cancel(session, person, visit_id, **sent)),
        )

    @views.get("/visits/plan")
    def planned() -> Any:
        asked = api.query(bodies.PlanQuery)
        firms, until = asked["enterprise_id"], asked["until"]

        def ask(session: Session, person: Acting) -> dict[str, Any]:
            if firms:
                return bundling.plan(session, person, firms, until=until)
            scopes = scopes_of(asked["division"])
            found = bundling.worklist(
                session, person, scopes, until=until, limit=asked["limit"]
            )
            return {"items": found}

        return read(service, ask)


def _records(views: Blueprint, service: Inspection) -> None:
    @views.put(f"{_VISIT}/record")
    def save(visit_id: UUID) -> Any:
        sent = plain(api.body(bodies.SaveBody))

        def act(session: Session, person: Acting) -> dict[str, Any]:
            saved = drafting.save(session, person, visit_id, **sent)
            return {"saved_as": saved.number, "beside": saved.beside} | told(saved.visit)

        answer = write(service, act)
        said = answer.get_json()
        if said[
            "beside"
        ]:  # what was sent is kept also then: the refusal comes after the commit
            raise _moved_on(said)
        return answer

    @views.get(f"{_VISIT}/saves")
    def saves(visit_id: UUID) -> Any:
        def ask(session: Session, person: Acting) -> list[dict[str, Any]]:
            finding.visit(session, person, visit_id)
            return visit_papers.saves(session, visit_id)

        return read(service, ask)


def _evidence(views: Blueprint, service: Inspection) -> None:
    @views.post(f"{_VISIT}/evidence")
    def upload(visit_id: UUID) -> Any:
        name = api.query(bodies.NameQuery)["name"]
        person = who(service, named=True)
        most = evidence.largest(service.policy, person)
        if (request.content_length or 0) > most:
            raise Refused("evidence_too_large", f"文件超过 {most} 字节, 请压缩或者分段", 413)
        data = request.get_data(cache=False)
        with in_words(), service.database.transaction() as session:
            row = evidence.add(
                session, person, visit_id, name=name, data=data, var=service.settings.var
            )
        return jsonify(plain(row)), 201

    @views.get(f"{_VISIT}/evidence/<string:digest>")
    def download(visit_id: UUID, digest: str) -> Any:
        public = api.query(bodies.CopyQuery)["public"]
        person = who(service, named=False)
        with in_words(), service.database.reading() as session:
            media_type, data = evidence.get(
                session, person, visit_id, digest, public=public, var=service.settings.var
            )
        return Response(data, content_type=media_type)


def _ends(views: Blueprint, service: Inspection) -> None:
    @views.post(f"{_VISIT}/signature")
    def sign(visit_id: UUID) -> Any:
        return write(
            service, lambda session, person: vars(signing.sign(session, person, visit_id))
        )

    @views.post(f"{_VISIT}/representative")
    def represent(visit_id: UUID) -> Any:
        sent = api.body(bodies.RepresentativeBody)
        return write(
            service,
            lambda session, person: vars(signing.represent(session, person, visit_id, **sent)),
        )

    @views.post(f"{_VISIT}/conclusion")
    def conclude(visit_id: UUID) -> Any:
        books = Books(service.table, service.checklists)
        return write(
            service,
            lambda session, person: told(concluding.conclude(session, person, visit_id, books)),
        )

    @views.post(f"{_VISIT}/order")
    def order(visit_id: UUID) -> Any:
        sent = api.body(bodies.OrderBody)
        return write(
            service,
            lambda session, person: vars(
                ordering.draft_order(session, person, visit_id, **sent)
            ),
            status=201,
        )

    @views.post(f"{_VISIT}/correction")
    def correct(visit_id: UUID) -> Any:
        sent = api.body(bodies.ReasonBody)
        return write(
            service,
            lambda session, person: told(correcting.correct(session, person, visit_id, **sent)),
            status=201,
        )


def _reading(views: Blueprint, service: Inspection) -> None:
    @views.get("/visits")
    def listed() -> Any:
        asked = api.query(bodies.VisitsQuery)
        wanted = Wanted(scopes=scopes_of(asked.pop("division")), **asked)

        def ask(session: Session, _: Acting) -> dict[str, Any]:
            found = visits.listed(session, wanted)
            last = found[-1] if len(found) == wanted.limit else None
            return {
                "items": [told(visit) for visit in found],
                "next": f"{last.planned_on}_{last.visit_id}" if last else None,
            }

        return read(service, ask)

    @views.get(_VISIT)
    def whole(visit_id: UUID) -> Any:
        return read(
            service,
            lambda session, person: showing.whole(
                session, person, visit_id, service.checklists
            ),
        )

    @views.get(f"{_VISIT}/form")
    def form(visit_id: UUID) -> Any:
        return read(
            service,
            lambda session, person: showing.form(session, person, visit_id, service.checklists),
        )

    @views.get("/checklists")
    def checklists() -> Any:
        on = api.query(bodies.DayQuery)["on"] or clock.today()
        return jsonify(
            [
                {"version": each.version_id, **plain(each)}
                for each in service.checklists.in_force(on)
            ]
        )


def told(visit: Visit) -> dict[str, Any]:
    """A visit without its record."""
    facts: dict[str, Any] = plain(vars(visit))
    del facts["content"]
    return facts


def _moved_on(said: dict[str, Any]) -> Refused:
    return Refused(
        "record_moved_on",
        f"他人已先保存 (现为第 {said['saves']} 次保存); "
        f"您的内容已另存为第 {said['saved_as']} 次保存, 没有丢失。请取回现在的记录, 合并后再保存。",
        409,
        saved_as=said["saved_as"],
        now=said["saves"],
    )
