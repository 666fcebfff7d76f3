"""Messages and inboxes for programs: JSON, within the caller's scope."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api
from services.notify import handlers
from services.notify.api.keeper import Keeper
from services.notify.api.refusing import in_words
from services.notify.api.shown import Shown
from services.notify.model import Addressee, DeliveryState
from services.notify.store import reading
from services.notify.store.reading import Filter
from services.notify.words import Words

MOST = 200
DIVISION = validate.Regexp(r"^[0-9]{6}$", error="应为六位行政区划代码")


class PageQuery(Schema):
    """Where a page begins, and how long it is."""

    before = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST))


class MessagesQuery(PageQuery):
    """GET /messages."""

    addressee = fields.Enum(Addressee, by_value=True, load_default=None)
    state = fields.Enum(DeliveryState, by_value=True, load_default=None)
    division = fields.String(load_default=None, validate=DIVISION)
    enterprise_id = fields.UUID(load_default=None)
    cause_id = fields.UUID(load_default=None)


def add_views(views: Blueprint, service: Keeper) -> None:
    """What happened to whom, and every inbox."""
    shown = Shown(Words.read())

    @views.get("/messages")
    def messages() -> Any:
        asked = api.query(MessagesQuery)
        before, limit = asked.pop("before"), asked.pop("limit")
        with service.database.reading() as session:
            found = reading.page(
                session, api.caller().scope, Filter(**asked), before=before, limit=limit
            )
            return jsonify(shown.page(session, found))

    @views.get("/messages/<uuid:message_id>")
    def message(message_id: UUID) -> Any:
        with service.database.reading() as session:
            found = reading.one(session, api.caller().scope, message_id)
            if found is None:
                raise _no_such_message(message_id)
            return jsonify(shown.whole(session, found))

    @views.post("/messages/<uuid:message_id>/retry")
    def retry(message_id: UUID) -> Response:
        def act(session: Session) -> dict[str, Any]:
            if reading.one(session, api.caller().scope, message_id) is None:
                raise _no_such_message(message_id)
            with in_words():
                retried = handlers.retry(session, message_id, by=api.caller().name)
            return {"id": str(message_id), "deliveries": retried}

        return api.write(service.database, act)


def _no_such_message(message_id: UUID) -> api.Refused:
    return api.Refused("no_such_message", f"没有编号为 {message_id} 的通知", 404)
