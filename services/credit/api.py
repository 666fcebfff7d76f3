"""The internal API of the credit service: JSON for the portal and for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from flask import Blueprint, jsonify, request
from marshmallow import Schema, ValidationError, fields, validate

from services.chassis import api, clock
from services.chassis.api import Refused
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.credit import handlers, store
from services.credit.model import BadInformation, State
from services.credit.rules import NotAllowed
from services.credit.store import Listed

PAGE = 50
LARGEST_PAGE = 200
# what the entry keeps for itself
INWARD = frozenset({"steps", "closed_by"})
SHOWN = [each.name for each in dataclasses.fields(BadInformation) if each.name not in INWARD]


class Service(Protocol):
    """What the views need of the service."""

    database: Database
    policy: Policy


class _Place(fields.Field[tuple[date, UUID]]):
    """Where a page ended, `2026-11-21_<id>`: the `next` of the answer before."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[date, UUID]:
        day, _separator, number = str(value).partition("_")
        try:
            return date.fromisoformat(day), UUID(number)
        except ValueError:
            raise ValidationError("应为上一页返回的 next") from None


class PageQuery(Schema):
    """Which entries."""

    state = fields.Enum(State, by_value=True, load_default=None)
    division = fields.String(
        validate=validate.Regexp(r"^\d{6}$", error="应为六位行政区划代码, 如 610303"),
        load_default=None,
    )
    after = _Place(load_default=None)
    limit = fields.Integer(
        validate=validate.Range(1, LARGEST_PAGE, error=f"应为 1 至 {LARGEST_PAGE}"),
        load_default=PAGE,
    )


class WithdrawalBody(Schema):
    """Why."""

    reason = fields.String(
        required=True,
        validate=validate.Length(min=1, max=2000, error="请填写撤销理由, 不超过 2000 字"),
        error_messages={"required": "请填写撤销理由"},
    )


def blueprint(service: Service) -> Blueprint:
    """The views of the credit service."""
    views = Blueprint("credit", __name__)

    @views.get("/bad-information")
    def bad_information_page() -> Any:
        asked = api.query(PageQuery)
        with service.database.reading() as session:
            listed = store.page(session, scope=api.caller().scope, **asked)
        full = len(listed) == asked["limit"]
        return jsonify(
            items=[_entry(one) for one in listed], next=_next(listed[-1]) if full else None
        )

    @views.get("/bad-information/<uuid:bad_information_id>")
    def bad_information(bad_information_id: UUID) -> Any:
        return jsonify(_found(service, bad_information_id))

    @views.get("/bad-information/<uuid:bad_information_id>/explanation")
    def explanation(bad_information_id: UUID) -> Any:
        with _words_for_refusals(), service.database.reading() as session:
            explained = handlers.explain(
                session, bad_information_id, scope=api.caller().scope, policy=service.policy
            )
        return jsonify(_plain(explained))

    @views.post("/bad-information/<uuid:bad_information_id>/publication")
    def publication(bad_information_id: UUID) -> Any:
        with _words_for_refusals(), service.database.transaction() as session:
            handlers.publish(
                session,
                bad_information_id,
                scope=api.caller().scope,
                by=_named_caller(),
                today=clock.today(),
                policy=service.policy,
            )
        return jsonify(_found(service, bad_information_id))

    @views.post("/bad-information/<uuid:bad_information_id>/withdrawal")
    def withdrawal(bad_information_id: UUID) -> Any:
        because = api.body(WithdrawalBody)["reason"]
        with _words_for_refusals(), service.database.transaction() as session:
            handlers.withdraw(
                session,
                bad_information_id,
                scope=api.caller().scope,
                by=_named_caller(),
                because=because,
                today=clock.today(),
                policy=service.policy,
            )
        return jsonify(_found(service, bad_information_id))

    @views.get("/enterprises/<uuid:enterprise_id>/record")
    def record(enterprise_id: UUID) -> Any:
        return jsonify(_record(service, enterprise_id))

    return views


def _found(service: Service, bad_information_id: UUID) -> dict[str, Any]:
    with service.database.reading() as session:
        found = store.find(session, bad_information_id, scope=api.caller().scope)
    if found is None:
        raise _no_such_entry(bad_information_id)
    return _entry(found)


def _record(service: Service, enterprise_id: UUID) -> dict[str, Any]:
    """An enterprise is seen by whoever covers it, or has a record of it."""
    scope = api.caller().scope
    with service.database.reading() as session:
        enterprise = store.enterprise(session, enterprise_id)
        entries = store.of_enterprise(session, enterprise_id, scope=scope)
        escalations = store.escalations(session, enterprise_id, scope=scope)
    known = enterprise is not None and scope.covers(enterprise.division)
    if not known and not entries:
        raise Refused(
            "no_such_enterprise", f"没有编号为 {enterprise_id} 的企业, 或不在管辖范围内", 404
        )
    name, shown = (enterprise.name, enterprise.id) if enterprise else (None, None)
    return {
        "enterprise_id": str(enterprise_id),
        "enterprise": _plain(vars(enterprise)) if enterprise else None,
        "bad_information": [_entry(Listed(entry, name, shown)) for entry in entries],
        "escalations": [_plain(vars(escalation)) for escalation in escalations],
    }


def _entry(listed: Listed) -> dict[str, Any]:
    shown = {name: getattr(listed.entry, name) for name in SHOWN}
    return {name: _plain(value) for name, value in shown.items()} | {
        "enterprise": listed.enterprise,
        "stands_under": str(listed.under or listed.entry.enterprise_id),
    }


def _next(last: Listed) -> str:
    return f"{last.entry.opened_on}_{last.entry.id}"


def _plain(value: Any) -> Any:
    """As JSON has it: days in ISO form, ids and enums as text."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _named_caller() -> str:
    """Publication and withdrawal are a named person's act; a program has no name to give."""
    return request.headers.get(api.CALLER_HEADER, "").strip()


@contextmanager
def _words_for_refusals() -> Iterator[None]:
    try:
        yield
    except NotAllowed as refusal:
        raise Refused(
            refusal.code, str(refusal), 409, rule=refusal.rule, instead=refusal.instead
        ) from None
    except handlers.Unknown as unknown:
        raise _no_such_entry(unknown.args[0]) from None


def _no_such_entry(bad_information_id: UUID) -> Refused:
    return Refused(
        "no_such_bad_information",
        f"没有编号为 {bad_information_id} 的不良信息, 或不在管辖范围内",
        404,
    )
