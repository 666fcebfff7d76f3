"""Objection, correction, error report, repair, removal: received, marked, answered."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api
from services.credit import store
from services.credit.api.records import ContentBody
from services.credit.api.serving import (
    Paged,
    Service,
    act,
    nothing_there,
    plain,
    text,
    words_for_refusals,
)
from services.credit.handlers.records import requesting
from services.credit.model.requests import Asker, Request, RequestState
from services.events.credit import RequestKind

INWARD = frozenset({"next_step_on"})
FIELDS = sorted({*ContentBody().fields, "enterprise", "published_on", "public_until", "reply"})


class RequestBody(Schema):
    """What is asked of a record."""

    kind = fields.Enum(RequestKind, by_value=True, required=True)
    words = text(required=True)
    field = fields.String(
        validate=validate.OneOf(FIELDS, error="没有这个公示字段"), load_default=None
    )
    corrected_on = fields.Date(load_default=None)
    duties_done_on = fields.Date(load_default=None)
    promised_on = fields.Date(load_default=None)
    court_ruling = text(load_default=None)


class AnswerBody(Schema):
    """The answer, with its reason."""

    accepted = fields.Boolean(required=True)
    answer = text(required=True)


class RequestQuery(Paged):
    """Which requests."""

    state = fields.Enum(RequestState, by_value=True, load_default=None)
    kind = fields.Enum(RequestKind, by_value=True, load_default=None)


def add_views(views: Blueprint, service: Service) -> None:
    """Requests about records."""

    @views.get("/requests")
    def request_page() -> Any:
        asked = api.query(RequestQuery)
        with service.database.reading() as session:
            found = store.request_page(session, scope=api.caller().scope, **asked)
        full = len(found) == asked["limit"]
        following = f"{found[-1].received_on}_{found[-1].id}" if full else None
        return jsonify(items=[_shown(each) for each in found], next=following)

    @views.get("/requests/<uuid:request_id>")
    def request(request_id: UUID) -> Any:
        with service.database.reading() as session:
            found = store.request(session, request_id, scope=api.caller().scope)
        if found is None:
            raise nothing_there("request", request_id)
        return jsonify(_shown(found))

    @views.post("/records/<uuid:record_id>/requests")
    @views.post(
        "/bad-information/<uuid:record_id>/requests", endpoint="receive_about_bad_information"
    )
    def receive(record_id: UUID) -> Any:
        sent, acting = api.body(RequestBody), act(service)
        given = {name: value for name, value in sent.items() if name not in {"kind", "words"}}

        def received(session: Session) -> Any:
            return _shown(
                requesting.receive(
                    session,
                    acting,
                    record_id,
                    sent["kind"],
                    asker=_asker(),
                    words=sent["words"],
                    given=given,
                )
            )

        with words_for_refusals("record"):
            return api.write(service.database, received, status=201)

    @views.post("/requests/<uuid:request_id>/mark")
    def mark(request_id: UUID) -> Any:
        acting = act(service)
        with words_for_refusals("request"):
            return api.write(
                service.database,
                lambda session: _shown(requesting.mark(session, acting, request_id)),
            )

    @views.post("/requests/<uuid:request_id>/decision")
    def decide(request_id: UUID) -> Any:
        sent, acting = api.body(AnswerBody), act(service)
        with words_for_refusals("request"):
            return api.write(
                service.database,
                lambda session: _shown(requesting.decide(session, acting, request_id, **sent)),
            )


def _asker() -> Asker:
    """That an enterprise asks of its own is known before (permits)."""
    caller = api.caller()
    if caller.own is not None:
        return Asker.OWNER
    return Asker.PUBLIC if Asker.PUBLIC in caller.roles else Asker.BUREAU


def _shown(asked: Request) -> dict[str, Any]:
    whole = {
        each.name: getattr(asked, each.name)
        for each in dataclasses.fields(asked)
        if each.name not in INWARD
    }
    answer: dict[str, Any] = plain(whole)
    return answer
