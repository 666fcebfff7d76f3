"""The view of the caseload."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from services.chassis import api
from services.inspection.api.asking import DIVISION, Inspection, scopes_of
from services.inspection.api.desk import read
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.caseload import caseload


class CaseloadQuery(Schema):
    """Of which division; absent: all within the scope."""

    division = fields.String(validate=DIVISION, load_default=None)


def add(views: Blueprint, service: Inspection) -> None:
    """How many orders and cases there are."""

    @views.get("/caseload")
    def caseload_counts() -> Any:
        scopes = scopes_of(api.query(CaseloadQuery)["division"])

        def ask(session: Session, acting: Acting) -> Any:
            return caseload(session, scopes, today=acting.today, policy=acting.policy)

        return read(service, ask)
