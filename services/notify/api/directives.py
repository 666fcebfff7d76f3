"""Directives over HTTP: a unit sees what it sent and was sent, and takes its own steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.notify import handlers
from services.notify.api.keeper import Keeper
from services.notify.api.refusing import in_words
from services.notify.api.shown_directives import hop_shown, whole_shown
from services.notify.handlers import Order, Taken
from services.notify.model import Hop, Step
from services.notify.practice import Practice
from services.notify.store import directives as store

MOST = 200
SHORT = validate.Length(1, 200)
LONG = validate.Length(1, 10_000)
UNITS = validate.Length(1, 100)
Act = Callable[[Session, UUID, Taken, Practice], Hop]
ACTS: dict[Step, Act] = {
    Step.ACKNOWLEDGE: handlers.acknowledge,
    Step.FEED_BACK: handlers.feed_back,
    Step.SEND_BACK: handlers.send_back,
    Step.REPORT: handlers.report,
    Step.RECALL: handlers.recall,
}


class OrderBody(Schema):
    """POST /directives."""

    title = fields.String(required=True, validate=SHORT)
    text = fields.String(required=True, validate=LONG)
    sender = fields.String(load_default=None, validate=SHORT)
    receivers = fields.List(fields.String(validate=SHORT), required=True, validate=UNITS)
    due_on = fields.Date(load_default=None)
    enterprise_id = fields.UUID(load_default=None)


class StepBody(Schema):
    """POST /directives/hops/<id>/<step>. Feedback and report need words."""

    said = fields.String(load_default=None, validate=LONG)
    evidence = fields.String(load_default=None, validate=SHORT)


class RelayBody(StepBody):
    """POST /directives/hops/<id>/relay."""

    receivers = fields.List(fields.String(validate=SHORT), required=True, validate=UNITS)
    due_on = fields.Date(load_default=None)


class HopsQuery(Schema):
    """GET /directives."""

    unit = fields.String(load_default=None)
    sent_by = fields.String(load_default=None)
    is_open = fields.Boolean(data_key="open", load_default=None)
    overdue = fields.Boolean(load_default=False)
    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST))


def add_views(views: Blueprint, service: Keeper) -> None:
    """Orders down, feedback and reports up."""
    _reading(views, service)

    @views.post("/directives")
    def issue() -> Response:
        asked = api.body(OrderBody)
        order = Order(**asked | {"sender": asked["sender"] or _own_bureau()})

        def act(session: Session) -> dict[str, Any]:
            with in_words():
                _speaks_for(order.sender)
                made = handlers.issue(session, order, api.caller().name, service.practice)
            return whole_shown(session, api.caller().scope, made, clock.today())

        return api.write(service.database, act, status=201)

    @views.post("/directives/hops/<uuid:hop_id>/relay")
    def relay(hop_id: UUID) -> Response:
        asked = api.body(RelayBody)
        taken = _taken(Step.RELAY, asked)

        def act(session: Session) -> dict[str, Any]:
            with in_words():
                sent = handlers.relay(
                    session,
                    hop_id,
                    asked["receivers"],
                    asked["due_on"],
                    taken,
                    service.practice,
                )
            return {"hops": [hop_shown(hop, clock.today()) for hop in sent]}

        return api.write(service.database, act, status=201)

    @views.post(
        "/directives/hops/<uuid:hop_id>/"
        "<any(acknowledge,feed_back,send_back,report,recall):step>"
    )
    def step(hop_id: UUID, step: str) -> Response:
        taken = _taken(Step(step), api.body(StepBody))

        def act(session: Session) -> dict[str, Any]:
            with in_words():
                after = ACTS[taken.step](session, hop_id, taken, service.practice)
            return hop_shown(after, clock.today())

        return api.write(service.database, act)


def _reading(views: Blueprint, service: Keeper) -> None:
    @views.get("/directives")
    def hops() -> Any:
        asked = api.query(HopsQuery)
        today = clock.today()
        wanted = store.Asked(
            unit=asked["unit"],
            sent_by=asked["sent_by"],
            is_open=asked["is_open"],
            overdue_on=today if asked["overdue"] else None,
        )
        with service.database.reading() as session:
            found = store.of(
                session,
                api.caller().scope,
                wanted,
                after=asked["after"],
                limit=asked["limit"] + 1,
            )
            some = found[: asked["limit"]]
            return jsonify(
                hops=[
                    {**hop_shown(hop, today), "number": row.number, "title": row.title}
                    for hop, row in some
                ],
                next=str(some[-1][0].id) if len(found) > len(some) else None,
            )

    @views.get("/directives/<uuid:directive_id>")
    def directive(directive_id: UUID) -> Any:
        with service.database.reading() as session:
            made = store.directive(session, directive_id)
            shown = made and whole_shown(session, api.caller().scope, made, clock.today())
            if not shown or not shown["hops"]:
                raise api.Refused(
                    "no_such_directive", f"没有编号为 {directive_id} 的信息指令", 404
                )
            return jsonify(shown)


def _taken(step: Step, asked: dict[str, Any]) -> Taken:
    if step in (Step.FEED_BACK, Step.REPORT, Step.SEND_BACK) and not asked["said"]:
        raise api.Refused("words_missing", "反馈、报告和退回请写明情况 said", field="said")
    caller = api.caller()
    return Taken(
        step=step,
        by=caller.name,
        divisions=caller.scope.codes,
        said=asked["said"],
        evidence=asked["evidence"],
    )


def _own_bureau() -> str:
    """The bureau for which the caller speaks, if it is only one. Raises Refused."""
    codes = api.caller().scope.codes
    if len(codes) != 1 or "*" in codes:
        raise api.Refused("sender_missing", "请写明发出单位 sender", field="sender")
    return f"bureau:{next(iter(codes))}"


def _speaks_for(sender: str) -> None:
    if not any(sender.split(":")[-1].startswith(code) for code in api.caller().scope.codes):
        raise api.Refused(
            "not_the_unit", f"您不能以 {sender} 的名义下达指令;应为您所在的局或者科室", 403
        )
