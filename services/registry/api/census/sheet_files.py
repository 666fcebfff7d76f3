"""A surveyor's sheet as a file: kept first, taken in like an import, told of from then on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify

from services.chassis import api
from services.chassis.api import Refused
from services.registry.api.census.asking import known
from services.registry.api.handing_in import Reading, ask_for
from services.registry.api.serving import Service
from services.registry.api.wrong_rows import errors_as
from services.registry.handlers.jobs import told_of
from services.registry.handlers.surveying import read_sheet_mapping
from services.registry.store import jobs
from services.registry.store.tables import ImportJobRow

CENSUS = "census"


def add_views(views: Blueprint, service: Service) -> None:
    """POST a sheet, GET how it stands and what was wrong."""

    @views.post("/census/<uuid:campaign_id>/sheets")
    def census_sheet_file(campaign_id: UUID) -> Any:
        with service.database.reading() as session:
            known(session, campaign_id)
        scope = ",".join(sorted(api.caller().scope.codes))
        return ask_for(service, _reading, campaign_id=campaign_id, scope=scope)

    @views.get("/census/<uuid:campaign_id>/sheets/<uuid:job_id>")
    def census_sheet_stands(campaign_id: UUID, job_id: UUID) -> Any:
        return jsonify(told_of(_job(service, campaign_id, job_id)))

    @views.get(
        "/census/<uuid:campaign_id>/sheets/<uuid:job_id>/errors.<any(json, csv, xlsx):kind>"
    )
    def census_sheet_errors(campaign_id: UUID, job_id: UUID, kind: str) -> Any:
        return errors_as(service, _job(service, campaign_id, job_id), kind)


def _reading(text: str, name: str) -> Reading:
    """Raises MappingBroken."""
    return Reading(read_sheet_mapping(text, name=name).digest, source=CENSUS, kind=CENSUS)


def _job(service: Service, campaign_id: UUID, job_id: UUID) -> ImportJobRow:
    """One of this campaign, sent by somebody whose divisions the caller covers."""
    with service.database.reading() as session:
        job = jobs.job_by_id(session, job_id)
        mine = api.caller().scope
        if (
            job is None
            or job.campaign_id != campaign_id
            or not all(mine.covers(code) for code in (job.scope or "").split(","))
        ):
            raise Refused(
                "no_such_sheet", f"没有编号为 {job_id} 的普查表,或不在管辖范围内", 404
            )
        session.expunge(job)  # it is looked at after the session
    return job
