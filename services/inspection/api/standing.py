"""Evaluations, attestations, warnings, objects."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate

from services.chassis import api, clock
from services.chassis.api import Refused
from services.events.registry import DutyKind, ObjectKind
from services.inspection.api.asking import DIVISION, MOST, Inspection, plain, scopes_of
from services.inspection.handlers import evaluation, explaining, reminding, reporting
from services.inspection.handlers.attesting import DayRefused, verify
from services.inspection.model import Colour
from services.inspection.store import chain, listing
from services.inspection.store.listing import Wanted

RAISED_SHOWN = 2000  # of one enterprise; more only where thousands are overdue


class EvaluationBody(Schema):
    """The day to evaluate; absent: today."""

    on = fields.Date(load_default=None, allow_none=True)


class DaysQuery(Schema):
    """A stretch of days, both included."""

    since = fields.Date(data_key="from", load_default=None)
    until = fields.Date(data_key="to", load_default=None)


class WarningsQuery(Schema):
    """Which warnings to list."""

    colour = fields.Enum(Colour, by_value=True, load_default=None)
    division = fields.String(validate=DIVISION, load_default=None)
    kind = fields.Enum(ObjectKind, by_value=True, load_default=None)
    duty = fields.Enum(DutyKind, by_value=True, load_default=None)
    enterprise_id = fields.UUID(load_default=None)
    limit = fields.Integer(validate=validate.Range(1, MOST), load_default=50)
    after = fields.String(load_default=None)


def add(views: Blueprint, service: Inspection) -> None:
    """Add these views to those of the service."""
    _days(views, service)
    _warnings(views, service)
    _objects(views, service)
    _public(views, service)


def _days(views: Blueprint, service: Inspection) -> None:
    @views.post("/evaluations")
    def evaluate() -> Any:
        if not api.caller().scope.covers(service.settings.bureau):
            raise Refused("outside_scope", "研判涉及全局, 只能由本局或上级发起", 403)
        on = api.body(EvaluationBody)["on"] or clock.today()
        try:
            line = evaluation.evaluate(
                service.database, on=on, policy=service.policy, table=service.table
            )
        except DayRefused as refusal:
            raise Refused(refusal.code, str(refusal), 409, field="on") from None
        reminding.remind(service.database, on=on, policy=service.policy, table=service.table)
        return jsonify(reporting.told(line))

    @views.get("/attestations")
    def attestations() -> Any:
        asked = api.query(DaysQuery)
        with service.database.reading() as session:
            found = chain.lines(session, since=asked["since"], until=asked["until"])
            return jsonify([reporting.told(line) for line in found])

    @views.get("/attestations/verification")
    def verification() -> Any:
        with service.database.reading() as session:
            faults = verify(session)
            last = chain.last_line(session)
        return jsonify(holds=not faults, lines=last.number if last else 0, faults=plain(faults))


def _warnings(views: Blueprint, service: Inspection) -> None:
    @views.get("/warnings")
    def warnings() -> Any:
        wanted = _wanted(api.query(WarningsQuery))
        with service.database.reading() as session:
            found = listing.warnings(session, wanted)
        last = found[-1] if len(found) == wanted.limit else None
        return jsonify(
            items=plain(found), next=f"{last['due_on']}~{last['duty_id']}" if last else None
        )

    @views.get("/enterprises/<uuid:enterprise_id>/warnings")
    def raised_at(enterprise_id: UUID) -> Any:
        scope = api.caller().scope
        with service.database.reading() as session:
            found = listing.raised_at(session, enterprise_id, scope, most=RAISED_SHOWN)
        return jsonify(items=plain(found))

    @views.get("/warnings/<uuid:warning_id>/explanation")
    def explanation(warning_id: UUID) -> Any:
        with service.database.reading() as session:
            told = explaining.warning(
                session,
                warning_id,
                today=clock.today(),
                policy=service.policy,
                table=service.table,
            )
        if told is None or not api.caller().scope.covers(told.raised.red.division):
            raise Refused("no_such_warning", f"没有编号为 {warning_id} 的预警", 404)
        return jsonify(plain(told))


def _objects(views: Blueprint, service: Inspection) -> None:
    @views.get("/objects/<uuid:object_id>")
    def an_object(object_id: UUID) -> Any:
        with service.database.reading() as session:
            told = explaining.an_object(
                session,
                object_id,
                today=clock.today(),
                policy=service.policy,
                table=service.table,
            )
        if told is None or not api.caller().scope.covers(told.facts.division):
            raise Refused("no_such_object", f"没有编号为 {object_id} 的对象", 404)
        return jsonify(plain(told))


def _public(views: Blueprint, service: Inspection) -> None:
    @views.get("/public/objects/<uuid:object_id>")
    def dates_of(object_id: UUID) -> Any:
        """最近一次和下一次检验的日期, as the label on a unit says them; no judgement."""
        with service.database.reading() as session:
            told = explaining.an_object(
                session,
                object_id,
                today=clock.today(),
                policy=service.policy,
                table=service.table,
            )
        if told is None or told.facts.kind is not ObjectKind.EQUIPMENT:
            raise Refused("no_such_object", f"没有编号为 {object_id} 的设备", 404)
        shown = [
            {
                "duty": each.duty.value,
                "done_on": each.explanation.done_on,
                "due_on": each.explanation.due_on,
            }
            for each in told.duties
        ]
        return jsonify(on=told.stands_on.isoformat(), duties=plain(shown))


def _wanted(asked: dict[str, Any]) -> Wanted:
    colour = asked["colour"]
    return Wanted(
        scopes=scopes_of(asked["division"]),
        colours=[colour] if colour else [Colour.RED, Colour.YELLOW],
        limit=asked["limit"],
        kind=asked["kind"],
        duty=asked["duty"],
        enterprise_id=asked["enterprise_id"],
        after=_after(asked["after"]),
    )


def _after(cursor: str | None) -> tuple[date, UUID] | None:
    if cursor is None:
        return None
    due_on, _, duty_id = cursor.partition("~")
    try:
        return date.fromisoformat(due_on), UUID(duty_id)
    except ValueError:
        raise Refused(
            "cursor_wrong", "after 应为上一页的 next, 原样传回", 422, field="after"
        ) from None
