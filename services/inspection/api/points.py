"""Counts for dashboards, information points, and what warnings tell when taken together."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate

from services.chassis import api, clock
from services.inspection.api.asking import DIVISION, Inspection, plain, scopes_of
from services.inspection.handlers import analysing, points
from services.inspection.handlers.points import Asked
from services.inspection.model.points import PointState
from services.inspection.store import tallies
from services.inspection.store.analysis import BY


class CountsQuery(Schema):
    """Which divisions to count, and whether class by class."""

    division = fields.String(validate=DIVISION, load_default=None)
    by_class = fields.Boolean(load_default=False)


class PointsQuery(Schema):
    """Of which divisions."""

    division = fields.String(validate=DIVISION, load_default=None)


class AnalysisQuery(Schema):
    """Which warnings, and taken together by what."""

    division = fields.String(validate=DIVISION, load_default=None)
    by = fields.String(validate=validate.OneOf(sorted(BY)), load_default="division")
    since = fields.Date(data_key="from", load_default=None)
    until = fields.Date(data_key="to", load_default=None)
    limit = fields.Integer(validate=validate.Range(1, 1000), load_default=100)


class ForecastQuery(Schema):
    """How many weeks ahead."""

    division = fields.String(validate=DIVISION, load_default=None)
    weeks = fields.Integer(validate=validate.Range(1, 104), load_default=13)


def add(views: Blueprint, service: Inspection) -> None:
    """Add these views to those of the service."""
    _counts(views, service)
    _analysis(views, service)


def _counts(views: Blueprint, service: Inspection) -> None:
    @views.get("/counts")
    def counts() -> Any:
        asked = api.query(CountsQuery)
        scopes = scopes_of(asked["division"])
        with service.database.reading() as session:
            return jsonify(plain(tallies.counts(session, scopes, by_class=asked["by_class"])))

    @views.get("/information-points")
    def information_points() -> Any:
        scopes = scopes_of(api.query(PointsQuery)["division"])
        today = clock.today()
        source = service.policy.source("information_points", on=today)
        with service.database.reading() as session:
            found = points.told(
                Asked(
                    session=session,
                    scopes=scopes,
                    today=today,
                    at=clock.now(),
                    policy=service.policy,
                )
            )
        return jsonify(on=today.isoformat(), points=[_told(each, source) for each in found])


def _analysis(views: Blueprint, service: Inspection) -> None:
    @views.get("/analysis/warnings")
    def analysed() -> Any:
        asked = api.query(AnalysisQuery)
        scopes = scopes_of(asked.pop("division"))
        with service.database.reading() as session:
            return jsonify(plain(analysing.warnings(session, scopes, **asked)))

    @views.get("/analysis/patterns")
    def patterns() -> Any:
        scopes = scopes_of(api.query(PointsQuery)["division"])
        with service.database.reading() as session:
            found = analysing.patterns(
                session, scopes, today=clock.today(), policy=service.policy
            )
        return jsonify(plain(found))

    @views.get("/analysis/forecast")
    def forecast() -> Any:
        asked = api.query(ForecastQuery)
        scopes = scopes_of(asked["division"])
        with service.database.reading() as session:
            found = analysing.forecast(
                session, scopes, today=clock.today(), weeks=asked["weeks"]
            )
        return jsonify(plain(found))


def _told(state: PointState, source: str) -> dict[str, Any]:
    told: dict[str, Any] = plain(state)
    setting = told.pop("setting")
    return {
        "point": setting.pop("point"),
        "label": setting.pop("label"),
        "colour": state.colour.value,
        "counts": told["counts"],
        "setting": setting | {"source": source},
        "figures": told["figures"],
    }
