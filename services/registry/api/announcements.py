"""Everything told again: for a hearer that begins with nothing."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.registry.api.serving import Service, whole_bureau
from services.registry.handlers.telling_again import KINDS, tell_again

MOST = 20_000

log = structlog.get_logger()


class AgainBody(Schema):
    """What to tell again, from which day of change on, behind which id."""

    kind = fields.String(
        required=True, validate=validate.OneOf(KINDS, error=f"应为 {'、'.join(KINDS)} 之一")
    )
    since = fields.Date(load_default=None)
    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=MOST, validate=validate.Range(1, MOST))


def add_views(views: Blueprint, service: Service) -> None:
    """The change feed from its beginning, a slice at a time."""

    @views.post("/announcements")
    def again() -> Any:
        whole_bureau(service, "重新发出全部数据")
        asked = api.body(AgainBody)
        since = clock.start_of(asked["since"]) if asked["since"] else None

        def act(session: Session) -> dict[str, Any]:
            told, last = tell_again(
                session, asked["kind"], since=since, after=asked["after"], limit=asked["limit"]
            )
            return {"records": told, "next": str(last) if last else None}

        log.info("told_again", kind=asked["kind"], caller=api.caller().name)
        return api.write(service.database, act)
