"""Work supervision and this service's information points: every figure opens its records."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate

from services.chassis import api, clock
from services.chassis.scope import Scope
from services.notify.api.keeper import Keeper
from services.notify.model import DeliveryState
from services.notify.rules import points as rules
from services.notify.store import supervision as store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from services.chassis.policy import Policy


class SupervisionQuery(Schema):
    """GET /supervision, GET /information-points."""

    division = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9]{6}$"))


def add_views(views: Blueprint, service: Keeper) -> None:
    """工作督察, and the points 质监通 and 工作督察."""

    @views.get("/supervision")
    def supervision() -> Any:
        scope, today = _scope(), clock.today()
        with service.database.reading() as session:
            units = [_unit(each) for each in store.directives(session, scope, today)]
            accounts = [_inbox(each) for each in store.inboxes(session, scope)]
        return jsonify(on=today.isoformat(), units=units, accounts=accounts)

    @views.get("/information-points")
    def information_points() -> Any:
        scope, today = _scope(), clock.today()
        policy = service.practice.policy
        source = policy.source("information_points", on=today)
        with service.database.reading() as session:
            told = [_notices(session, scope, policy), _work(session, scope, policy)]
        for point in told:
            point["setting"]["source"] = source
        return jsonify(on=today.isoformat(), points=told)


def _scope() -> Scope:
    """The caller's, or the part of it that is asked for. Raises Refused."""
    scope = api.caller().scope
    division = api.query(SupervisionQuery)["division"]
    if division is None:
        return scope
    if not scope.covers(division):
        raise api.Refused("not_in_scope", f"{division} 不在您的管辖范围内", 403)
    return Scope.parse(division)


def _unit(of: store.OfUnit) -> dict[str, Any]:
    unit = {"unit": of.unit}
    return {
        "unit": of.unit,
        "division": of.division,
        "figures": [
            _figure(
                "open", "未办结的信息指令", of.open, "/directives", unit | {"open": "true"}
            ),
            _figure("overdue", "逾期", of.overdue, "/directives", unit | {"overdue": "true"}),
        ],
    }


def _inbox(of: store.OfInbox) -> dict[str, Any]:
    path = f"/inbox/{quote(of.account, safe=':/')}"
    asked = {"unread": "true", "division": of.division}
    return {
        "account": of.account,
        "division": of.division,
        "figures": [
            _figure("unread", "未读通知", of.unread, path, asked),
            _figure("urgent", "紧急未读", of.urgent, path, asked | {"urgent": "true"}),
        ],
    }


def _figure(
    name: str, label: str, number: int, path: str, asked: dict[str, str]
) -> dict[str, Any]:
    records = f"{path}?{urlencode(asked)}"
    return {"name": name, "label": label, "number": number, "records": records}


def _notices(session: Session, scope: Scope, policy: Policy) -> dict[str, Any]:
    setting = rules.setting("notices", policy, on=clock.today())
    since = store.unread_urgent_since(session, scope)
    figures = [
        {
            "name": state.value,
            "label": label,
            "number": store.deliveries_in(session, scope, state),
            "records": f"/messages?{urlencode({'state': state.value})}",
        }
        for state, label in (
            (DeliveryState.GIVEN_UP, "未能送达"),
            (DeliveryState.FAILED, "等待重试"),
        )
    ]
    return _point(setting, rules.by_hours(since, clock.now(), setting), figures)


def _work(session: Session, scope: Scope, policy: Policy) -> dict[str, Any]:
    setting = rules.setting("work", policy, on=clock.today())
    last_days = store.open_until(session, scope)
    counts = rules.by_days_left(last_days, clock.today(), setting)
    figures = [
        {
            "name": "open",
            "label": "未办结的信息指令",
            "number": len(last_days),
            "records": "/directives?open=true",
        }
    ]
    return _point(setting, counts, figures)


def _point(
    setting: rules.RiskSetting, counts: dict[str, int], figures: list[dict[str, Any]]
) -> dict[str, Any]:
    shown = asdict(setting)
    return {
        "point": shown.pop("point"),
        "label": shown.pop("label"),
        "colour": rules.colour(counts),
        "counts": counts,
        "setting": shown,
        "figures": figures,
    }
