"""What all views of the registry share: the service they serve, pages, rows as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from marshmallow import Schema, fields, validate

from services.chassis import api
from services.chassis.api import Refused
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.sealing import Seals
from services.chassis.settings import Settings

PAGE = 50
LARGEST_PAGE = 200

_HIDDEN = ("digest", "sealed", "number_hash", "phone", "legal_representative")


class PageQuery(Schema):
    """A page of a list, behind an id."""

    after = fields.UUID(load_default=None)
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(1, LARGEST_PAGE, error=f"应为 1 至 {LARGEST_PAGE}"),
    )


def page_of(items: list[dict[str, Any]], limit: int) -> dict[str, Any]:
    """A page as it is answered: *next* is where to go on, None behind the last one."""
    return {"items": items, "next": items[-1]["id"] if len(items) == limit else None}


class Service(Protocol):
    """What the views need of the service."""

    database: Database
    settings: Settings
    policy: Policy
    seals: Seals


def whole_bureau(service: Service, what: str) -> None:
    """Some things concern every place of the bureau: their caller must cover it."""
    bureau = service.settings.bureau
    if not api.caller().scope.covers(bureau):
        raise Refused("scope_too_narrow", f"{what}需要管辖整个 {bureau}", 403, needed=bureau)


def plain(row: Any) -> dict[str, Any]:
    """A row as JSON has it, without what is the registry's own business or sealed."""
    names = [column.name for column in row.__table__.columns if column.name not in _HIDDEN]
    shown = {name: getattr(row, name) for name in names}
    return {
        name: value.isoformat()
        if isinstance(value, date | datetime)
        else str(value)
        if isinstance(value, UUID)
        else value
        for name, value in shown.items()
    }
