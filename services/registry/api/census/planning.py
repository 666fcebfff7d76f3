"""Campaigns, their grids, and the versions of their plans."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, jsonify
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.chassis.scope import EVERYTHING, Scope
from services.registry.api.census.asking import known, refusals
from services.registry.api.serving import Service, plain, whole_bureau
from services.registry.handlers import census
from services.registry.mapping.survey_line import KINDS, text
from services.registry.model import RowKind
from services.registry.rules.census import PlanLine
from services.registry.store.census import campaigns

_NAMESPACE = UUID("6f3d5c0a-2f7e-5b1c-9d4e-0b8a7c6d5e4f")


class NewCampaign(Schema):
    """A census. The same name and first day again is the same census."""

    name = text(required=True)
    begins_on = fields.Date(required=True)
    ends_on = fields.Date(load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_more: Any) -> None:
        if data.get("ends_on") and data["ends_on"] < data["begins_on"]:
            raise ValidationError("结束日期早于开始日期", "ends_on")


class Grid(Schema):
    """A part of a district, and who visits it."""

    code = text(40, required=True)
    division = fields.String(required=True, validate=validate.Regexp(r"^\d{6}\Z"))
    name = text(required=True)
    surveyor = text(required=True)


class Grids(Schema):
    """Grids, new ones and changed ones."""

    grids = fields.List(fields.Nested(Grid), required=True, validate=validate.Length(1, 5000))


class Planned(Schema):
    """One line of a plan."""

    grid = text(40, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    planned = fields.Integer(required=True, validate=validate.Range(0, 10_000_000))


class NewPlan(Schema):
    """What is planned from now on, and why it was changed."""

    why = text(500, required=True)
    in_force_on = fields.Date(load_default=None)
    lines = fields.List(
        fields.Nested(Planned), required=True, validate=validate.Length(1, 50_000)
    )


def add_views(views: Blueprint, service: Service) -> None:
    """Planning."""
    _add_campaigns(views, service)
    _add_grids(views, service)
    _add_plans(views, service)


def _add_campaigns(views: Blueprint, service: Service) -> None:
    @views.get("/census")
    def census_listed() -> Any:
        with service.database.reading() as session:
            return jsonify(items=[plain(row) for row in campaigns.campaigns(session)])

    @views.post("/census")
    def census_begun() -> Any:
        whole_bureau(service, "发起普查")
        asked = api.body(NewCampaign)
        campaign_id = uuid5(_NAMESPACE, f"{asked['name']}/{asked['begins_on']}")
        made = {"id": campaign_id, "made_at": clock.now(), "made_by": api.caller().name}

        def act(session: Session) -> dict[str, Any]:
            new = campaigns.open_campaign(session, asked | made)
            return {"id": str(campaign_id), "new": new}

        return api.write(service.database, act, status=201)


def _add_grids(views: Blueprint, service: Service) -> None:
    @views.get("/census/<uuid:campaign_id>/grids")
    def census_grids(campaign_id: UUID) -> Any:
        with service.database.reading() as session:
            known(session, campaign_id)
            rows = campaigns.grids(session, campaign_id, scope=api.caller().scope)
            return jsonify(items=[plain(row) for row in rows])

    @views.post("/census/<uuid:campaign_id>/grids")
    def census_divided(campaign_id: UUID) -> Any:
        asked = api.body(Grids)["grids"]
        foreign = sorted(
            {g["division"] for g in asked if not api.caller().scope.covers(g["division"])}
        )
        if foreign:
            raise Refused("grid_out_of_scope", f"不在管辖范围内: {'、'.join(foreign)}", 403)

        def act(session: Session) -> dict[str, Any]:
            known(session, campaign_id)
            _unmoved(session, campaign_id, asked)
            campaigns.keep_grids(session, campaign_id, asked)
            return {"grids": len(asked)}

        return api.write(service.database, act)


def _add_plans(views: Blueprint, service: Service) -> None:
    @views.get("/census/<uuid:campaign_id>/plans")
    def census_plans(campaign_id: UUID) -> Any:
        with service.database.reading() as session:
            known(session, campaign_id)
            rows = campaigns.versions(session, campaign_id)
            return jsonify(
                in_force=campaigns.version_on(session, campaign_id, clock.today()),
                items=[plain(row) for row in rows],
            )

    @views.post("/census/<uuid:campaign_id>/plans")
    def census_planned(campaign_id: UUID) -> Any:
        asked = api.body(NewPlan)
        lines = [
            PlanLine(line["grid"], RowKind(line["kind"]), line["planned"])
            for line in asked["lines"]
        ]

        def act(session: Session) -> dict[str, Any]:
            known(session, campaign_id)
            return census.change_plan(
                session,
                campaign_id,
                lines,
                in_force_on=asked["in_force_on"] or clock.today(),
                why=asked["why"],
                by=api.caller().name,
                at=clock.now(),
                scope=api.caller().scope,
            )

        with refusals():
            return api.write(service.database, act)


def _unmoved(session: Session, campaign_id: UUID, asked: list[dict[str, Any]]) -> None:
    """What was visited in a grid stays where it was visited. Raises Refused."""
    everywhere = Scope(frozenset({EVERYTHING}))
    rows = campaigns.grids(session, campaign_id, scope=everywhere)
    divisions = {row.code: row.division for row in rows}
    moved = [
        g["code"] for g in asked if divisions.get(g["code"], g["division"]) != g["division"]
    ]
    if moved:
        detail = f"网格 {'、'.join(moved)} 已属另一区县, 不能改划; 请另立网格"
        raise Refused("grid_elsewhere", detail)
