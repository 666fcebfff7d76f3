"""A surveyor's daily sheet, line by line. The same sheet again changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.registry.api.census.asking import KINDS, known, refusals, text
from services.registry.api.serving import Service
from services.registry.handlers import census
from services.registry.model import RowKind
from services.registry.rules.census import Outcome, Visit
from services.registry.rules.people import masked_name, masked_number
from services.registry.store import identity, runs

MOST_LINES = 1000


class Line(Schema):
    """One line of a surveyor's sheet: what was visited, by id, by a source's key, or by name."""

    grid = text(40, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    surveyed_on = fields.Date(required=True)
    surveyor = text(required=True)
    label = text(load_default=None, allow_none=True)
    thing = fields.UUID(load_default=None, allow_none=True)
    uscc = text(18, load_default=None, allow_none=True)
    source = text(40, load_default=None, allow_none=True)
    key = text(load_default=None, allow_none=True)
    leased = fields.Boolean(load_default=False)
    used_by = text(load_default=None, allow_none=True)
    note = text(500, load_default=None, allow_none=True)

    @validates_schema
    def _names_something(self, data: dict[str, Any], **_more: Any) -> None:
        by_key = data.get("source") and data.get("key")
        by_code = data.get("uscc") and data.get("kind") == RowKind.ENTERPRISE.value
        if not (data.get("thing") or by_key or by_code or data.get("label")):
            said = "要写明对象: thing, 或 source 和 key, 或企业的 uscc, 或未登记者的 label"
            raise ValidationError(said, "thing")


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


def visit_of(line: dict[str, Any], campaign_id: UUID, salt: str) -> Visit:
    """The visit that a checked line tells of; of a person nothing that names him."""
    kind = RowKind(line["kind"])
    label = line["label"] or line["key"] or line["uscc"] or str(line["thing"])
    if kind is RowKind.OPERATOR:
        label = masked_name(label) if line["label"] else masked_number(label)
    return Visit(
        thing=_thing(line, kind, campaign_id, salt),
        grid=line["grid"],
        kind=kind,
        outcome=line["outcome"],
        surveyed_on=line["surveyed_on"],
        surveyor=line["surveyor"],
        label=label,
        leased=line["leased"],
        used_by=line["used_by"],
        note=line["note"],
    )


def _thing(line: dict[str, Any], kind: RowKind, campaign_id: UUID, salt: str) -> UUID:
    """The id that the registry has, or would have, of it: so both find each other later."""
    source, key = line["source"], line["key"]
    if line["thing"]:
        found: UUID = line["thing"]
        return found
    if kind is RowKind.ENTERPRISE and line["uscc"]:
        return UUID(identity.enterprise_by_uscc(line["uscc"]))
    if not (source and key):
        return uuid5(campaign_id, f"{line['grid']}/{kind.value}/{line['label']}")
    if kind is RowKind.OPERATOR:
        return UUID(identity.person(source, key, salt))
    if kind is RowKind.ENTERPRISE:
        return UUID(identity.enterprise_by_key(source, key))
    return UUID(identity.thing(source, kind, key))
