"""Coverage, daily figures, gaps and findings, as far as the scope reaches."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.chassis.api import Refused
from services.chassis.policy import Policy
from services.registry.api.census.asking import known
from services.registry.api.serving import PageQuery, Service, page_of, whole_bureau
from services.registry.rules.census import Finding, Share, shares
from services.registry.rules.census.findings import Demands
from services.registry.store.census import campaigns, figures, gaps
from services.registry.store.census.gaps import Question
from services.registry.store.tables import VisitRow

MOST_DAYS = 400


class CoverageQuery(Schema):
    """Which cut, on which day."""

    by = fields.String(
        load_default="total", validate=validate.OneOf(["total", "district", "grid", "kind"])
    )
    on = fields.Date(load_default=None)


class DaysQuery(Schema):
    """Which days of the daily figures."""

    first = fields.Date(load_default=None)
    last = fields.Date(load_default=None)


def add_views(views: Blueprint, service: Service) -> None:
    """Figures."""
    _add_coverage(views, service)
    _add_days(views, service)
    _add_gaps(views, service)


def _add_coverage(views: Blueprint, service: Service) -> None:
    @views.get("/census/<uuid:campaign_id>/coverage")
    def census_coverage(campaign_id: UUID) -> Any:
        asked = api.query(CoverageQuery)
        on, by = asked["on"] or clock.today(), asked["by"]
        with service.database.reading() as session:
            known(session, campaign_id)
            cells = figures.cells(session, campaign_id, on=on, scope=api.caller().scope)
            version = campaigns.version_on(session, campaign_id, on)
        column = {"district": "division"}.get(by, by)
        cut = shares((str(cell.get(column, "total")), cell) for cell in cells)
        [total] = shares([("total", cell) for cell in cells]) or [Share("total", 0, 0, 0, 0)]
        return jsonify(
            on=on.isoformat(),
            plan_version=version,
            total=_share(total),
            items=[] if by == "total" else [_share(share) for share in cut],
        )


def _add_days(views: Blueprint, service: Service) -> None:
    @views.get("/census/<uuid:campaign_id>/days")
    def census_days(campaign_id: UUID) -> Any:
        asked = api.query(DaysQuery)
        last = asked["last"] or clock.today()
        first = asked["first"] or last - timedelta(days=MOST_DAYS)
        with service.database.reading() as session:
            known(session, campaign_id)
            scope = api.caller().scope
            rows = figures.days(session, campaign_id, scope=scope, first=first, last=last)
        return jsonify(items=[_share(Share(*row)) for row in rows])

    @views.post("/census/<uuid:campaign_id>/days/<day>")
    def census_day(campaign_id: UUID, day: str) -> Any:
        whole_bureau(service, "重算日报")
        on = _day(day)

        def act(session: Session) -> dict[str, Any]:
            known(session, campaign_id)
            return {"day": day, "rows": figures.note_day(session, campaign_id, on)}

        return api.write(service.database, act)


def _add_gaps(views: Blueprint, service: Service) -> None:
    @views.get("/census/<uuid:campaign_id>/gaps")
    def census_gaps(campaign_id: UUID) -> Any:
        with service.database.reading() as session:
            known(session, campaign_id)
            return jsonify(_gaps(session, campaign_id, service.policy))

    @views.get("/census/<uuid:campaign_id>/gaps/<which>")
    def census_records(campaign_id: UUID, which: str) -> Any:
        asked = api.query(PageQuery)
        with service.database.reading() as session:
            known(session, campaign_id)
            questions = _questions(campaign_id, service.policy)
            if which not in questions:
                raise Refused("no_such_gap", f"没有 {which};有 {'、'.join(questions)}", 404)
            column, question = questions[which]
            rows = gaps.page(session, question, column, **asked)
        items = [
            {name: str(value) for name, value in row.items() if value is not None}
            for row in rows
        ]
        return jsonify(page_of(items, asked["limit"]))


def _share(share: Share) -> dict[str, Any]:
    percent = share.percent
    return {
        "key": str(share.key),
        "planned": share.planned,
        "surveyed": share.surveyed,
        "not_found": share.not_found,
        "refused": share.refused,
        "left": share.left,
        "percent": None if percent is None else float(percent),
    }


def _gaps(session: Session, campaign_id: UUID, policy: Policy) -> dict[str, Any]:
    """How many of each, and the grids that are behind their plan."""
    scope = api.caller().scope
    cells = figures.cells(session, campaign_id, on=clock.today(), scope=scope)
    behind = [cell for cell in cells if cell["surveyed"] < cell["planned"]]
    counts = {
        name: gaps.count(session, question)
        for name, (_, question) in _questions(campaign_id, policy).items()
    }
    return {
        "planned_not_surveyed": sum(c["planned"] - c["surveyed"] for c in behind),
        "behind": [cell | {"left": cell["planned"] - cell["surveyed"]} for cell in behind],
        "records": counts,
    }


def _questions(campaign_id: UUID, policy: Policy) -> dict[str, tuple[Any, Question]]:
    """Every gap and finding that has records: (their id's column, the question)."""
    scope, today = api.caller().scope, clock.today()
    demands = Demands.on(today, policy)
    return {
        "registered_not_surveyed": gaps.not_surveyed(campaign_id, scope=scope),
        "surveyed_not_registered": (
            VisitRow.thing,
            gaps.not_registered(campaign_id, scope=scope, on=today),
        ),
        **{
            which.value: gaps.finding(
                which, campaign_id, scope=scope, on=today, demands=demands
            )
            for which in Finding
        },
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("not_a_day", f"{text} 不是日期, 应写成 2013-12-13", 400) from None
