"""What anybody may read, grades and explanations. The portal asks on behalf of the public."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.chassis.scope import Scope
from services.credit import handlers
from services.credit.api.serving import (
    LARGEST_PAGE,
    PAGE,
    Paged,
    Service,
    nothing_there,
    plain,
    words_for_refusals,
)
from services.credit.handlers.points import information_points
from services.credit.handlers.records.explaining import explain_record, explain_request
from services.credit.handlers.records.grading import explain_grade
from services.credit.handlers.records.showing import (
    LISTS,
    Reading,
    public_archive,
    public_item,
    public_list,
    public_search,
)

SHORTEST = 2


class SearchQuery(Schema):
    """Part of a name, or a whole code."""

    q = fields.String(
        required=True,
        validate=validate.Length(min=SHORTEST, max=100, error="应为 2 至 100 个字符"),
        error_messages={"required": "请填写名称的一部分或者统一社会信用代码"},
    )
    after = fields.UUID(load_default=None)
    limit = fields.Integer(
        validate=validate.Range(1, LARGEST_PAGE, error=f"应为 1 至 {LARGEST_PAGE}"),
        load_default=PAGE,
    )


class PointsQuery(Schema):
    """Of which divisions."""

    division = fields.String(
        validate=validate.Regexp(r"^\d{6}$", error="应为六位行政区划代码, 如 610303"),
        load_default=None,
    )


def add_views(views: Blueprint, service: Service) -> None:
    """The public query, grades, and why."""

    @views.get("/public/enterprises")
    def found_enterprises() -> Any:
        asked = api.query(SearchQuery)
        with service.database.reading() as session:
            found = public_search(
                Reading(session, clock.today(), service.policy),
                asked["q"].strip(),
                scope=api.caller().scope,
                after=asked["after"],
                limit=asked["limit"],
            )
        return jsonify(plain(found))

    @views.get("/public/enterprises/<uuid:enterprise_id>")
    def archive(enterprise_id: UUID) -> Any:
        with words_for_refusals("enterprise"), service.database.reading() as session:
            found = public_archive(
                Reading(session, clock.today(), service.policy),
                enterprise_id,
                scope=api.caller().scope,
            )
        return jsonify(plain(found))

    @views.get("/public/items/<uuid:number>")
    def one_item(number: UUID) -> Any:
        with words_for_refusals("record"), service.database.reading() as session:
            found = public_item(Reading(session, clock.today(), service.policy), number)
        if found is None:
            raise Refused(
                "not_public_any_more", "这条信息没有公示,或已期满、撤销、修复,不再公示", 410
            )
        return jsonify(plain(found))

    @views.get("/public/lists/<name>")
    def listed(name: str) -> Any:
        asked = api.query(Paged)
        if name not in LISTS:
            known = "、".join(LISTS)
            raise Refused("no_such_list", f"没有名为 {name} 的名单, 可以查询 {known}", 404)
        with service.database.reading() as session:
            found = public_list(
                Reading(session, clock.today(), service.policy),
                name,
                scope=api.caller().scope,
                **asked,
            )
        return jsonify(plain(found))

    _add_standing(views, service)


def _add_standing(views: Blueprint, service: Service) -> None:
    """Grades, the information point, and why."""

    @views.get("/enterprises/<uuid:enterprise_id>/grade")
    def grade(enterprise_id: UUID) -> Any:
        with words_for_refusals("enterprise"), service.database.reading() as session:
            found = explain_grade(
                session,
                enterprise_id,
                scope=api.caller().scope,
                today=clock.today(),
                policy=service.policy,
            )
        return jsonify(plain(found))

    @views.get("/information-points")
    def points() -> Any:
        division = api.query(PointsQuery)["division"]
        scopes = [api.caller().scope, *([Scope.parse(division)] if division else [])]
        with service.database.reading() as session:
            found = information_points(
                session, scopes, today=clock.today(), policy=service.policy
            )
        return jsonify(plain(found))

    @views.get("/explanations/<uuid:number>")
    def explanation_of_any(number: UUID) -> Any:
        return jsonify(plain(_explained(service, number)))


def _explained(service: Service, number: UUID) -> dict[str, Any]:
    """Whatever has that number: bad information, a record, a request, an enterprise's grade."""
    scope, policy, today = api.caller().scope, service.policy, clock.today()
    asks: list[Callable[[Session], dict[str, Any]]] = [
        lambda s: handlers.explain(s, number, scope=scope, policy=policy),
        lambda s: explain_record(s, number, scope=scope, today=today, policy=policy),
        lambda s: explain_request(s, number, scope=scope, policy=policy),
        lambda s: explain_grade(s, number, scope=scope, today=today, policy=policy),
    ]
    with service.database.reading() as session:
        for ask in asks:
            with suppress(handlers.Unknown):
                return ask(session)
    raise nothing_there("matter", number)
