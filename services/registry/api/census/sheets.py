"""A surveyor's daily sheet, line by line. The same sheet again changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.registry.api.census.asking import known, refusals
from services.registry.api.serving import Service
from services.registry.handlers import census
from services.registry.handlers.surveying import visit_of
from services.registry.mapping.survey_line import Line
from services.registry.store import runs

MOST_LINES = 1000


class Sheet(Schema):
    """The lines of a day or of several."""

    lines = fields.List(
        fields.Nested(Line), required=True, validate=validate.Length(1, MOST_LINES)
    )


def add_views(views: Blueprint, service: Service) -> None:
    """Sheets."""

    @views.post("/census/<uuid:campaign_id>/visits")
    def census_sheet(campaign_id: UUID) -> Any:
        asked = api.body(Sheet)["lines"]
        salt = runs.salt(service.database, may_write=True)
        stated = [visit_of(line, campaign_id, salt) for line in asked]
        if late := next((v for v in stated if v.surveyed_on > clock.today()), None):
            raise Refused("surveyed_in_future", f"普查日期{late.surveyed_on}在今天之后")

        def act(session: Session) -> dict[str, Any]:
            known(session, campaign_id)
            return census.take_visits(
                session,
                campaign_id,
                stated,
                by=api.caller().name,
                at=clock.now(),
                scope=api.caller().scope,
            )

        with refusals():
            return api.write(service.database, act)
