"""Files come in: asked for, done after the answer has left, and told of from then on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from sqlalchemy.orm import Session

from services.chassis import api
from services.chassis.api import Refused
from services.registry.api.handing_in import Reading, ask_for
from services.registry.api.serving import Service, whole_bureau
from services.registry.api.wrong_rows import errors_as
from services.registry.handlers.jobs import mapping_of, told_of
from services.registry.handlers.repeating import NotRepeatable, repeat
from services.registry.store import jobs
from services.registry.store.tables import ImportJobRow

LISTED = 200


def add_views(views: Blueprint, service: Service) -> None:
    """POST a file, GET how it stands and what was wrong."""

    def reading(text: str, name: str) -> Reading:
        mapping = mapping_of(service.database, text, name=name)
        return Reading(mapping.digest, mapping.source, mapping.kind.value)

    @views.post("/imports")
    def hand_in() -> Any:
        _may_import(service)
        return ask_for(service, reading)

    @views.get("/imports")
    def imports() -> Any:
        _may_import(service)
        with service.database.reading() as session:
            return jsonify(items=[told_of(job) for job in jobs.latest(session, LISTED)])

    @views.get("/imports/<uuid:job_id>")
    def how_it_stands(job_id: UUID) -> Any:
        return jsonify(told_of(_job(service, job_id)))

    @views.get("/imports/<uuid:job_id>/errors.<any(json, csv, xlsx):kind>")
    def errors(job_id: UUID, kind: str) -> Any:
        return errors_as(service, _job(service, job_id), kind)

    _repeating(views, service)


def _may_import(service: Service) -> None:
    """A file may speak of any place in the bureau's division, so its sender must cover it."""
    whole_bureau(service, "导入和查看导入记录")


def _job(service: Service, job_id: UUID) -> ImportJobRow:
    _may_import(service)
    with service.database.reading() as session:
        job = jobs.job_by_id(session, job_id)
        if job is None:
            raise Refused("no_such_import", f"没有编号为 {job_id} 的导入", 404)
        session.expunge(job)  # it is looked at after the session
    return job


def _repeating(views: Blueprint, service: Service) -> None:
    @views.post("/imports/<uuid:job_id>/repetition")
    def repetition(job_id: UUID) -> Any:
        _job(service, job_id)

        def act(session: Session) -> dict[str, Any]:
            try:
                return told_of(repeat(session, job_id, service.seals))
            except NotRepeatable as refused:
                raise Refused(refused.code, str(refused), 409) from None

        return api.write(service.database, act, status=202)
