"""Messages and inboxes for programs: JSON, within the caller's scope."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate

from services.chassis import api, clock
from services.notify import handlers
from services.notify.model import Addressee, DeliveryState, Medium, Wants
from services.notify.store import reading
from services.notify.store.reading import Filter, Page
from services.notify.words import LANGUAGES, Words

if TYPE_CHECKING:
    from enum import Enum

    from sqlalchemy.orm import Session

    from services.chassis.database import Database
    from services.notify.store.tables import DeliveryRow, MessageRow

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


class InboxQuery(PageQuery):
    """GET /inbox/<account>."""

    unread = fields.Boolean(load_default=False)


class ReadBody(Schema):
    """POST /inbox/<account>/read."""

    messages = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST))


class Keeper(Protocol):
    """Who keeps the messages: the notify service."""

    database: Database


def blueprint(service: Keeper) -> Blueprint:
    """The views of the notify service."""
    views = Blueprint("notify", __name__)
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
    def retry(message_id: UUID) -> Any:
        with service.database.transaction() as session:
            if reading.one(session, api.caller().scope, message_id) is None:
                raise _no_such_message(message_id)
            retried = handlers.retry(session, message_id)
        return jsonify(id=str(message_id), deliveries=retried)

    @views.get("/inbox/<account>")
    def inbox(account: str) -> Any:
        asked, scope = api.query(InboxQuery), api.caller().scope
        with service.database.reading() as session:
            found = reading.inbox(session, scope, account, **asked)
            unread = reading.count_unread(session, scope, account)
            return jsonify({"account": account, "unread": unread, **shown.page(session, found)})

    @views.post("/inbox/<account>/read")
    def read(account: str) -> Any:
        asked, caller = api.body(ReadBody), api.caller()
        with service.database.transaction() as session:
            found = reading.mark_read(
                session,
                caller.scope,
                account,
                asked["messages"],
                by=caller.name,
                now=clock.now(),
            )
        return jsonify(
            read=[str(each) for each in asked["messages"] if each in found],
            unknown=[str(each) for each in asked["messages"] if each not in found],
        )

    return views


class Shown:
    """How rows look in JSON. Every state is also said in words."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def page(self, session: Session, page: Page) -> dict[str, Any]:
        deliveries = reading.deliveries_of(session, [row.id for row in page.rows])
        return {
            "messages": [
                {**self._head(row), "deliveries": self._deliveries(row, deliveries[row.id])}
                for row in page.rows
            ],
            "next": str(page.next) if page.next else None,
        }

    def whole(self, session: Session, row: MessageRow) -> dict[str, Any]:
        deliveries = reading.deliveries_of(session, [row.id])[row.id]
        return {
            **self._head(row),
            "parameters": json.loads(row.parameters),
            "body": row.body,
            "language": row.language,
            "template_version": row.template_version,
            "written_at": _instant(row.written_at),
            "deliveries": self._deliveries(row, deliveries),
        }

    def _head(self, row: MessageRow) -> dict[str, Any]:
        return {
            "id": str(row.id),
            "event": row.event,
            "cause_id": str(row.cause_id),
            "caused_by": str(row.caused_by),
            "caused_at": _instant(row.caused_at),
            "stored_at": _instant(row.stored_at),
            "addressee": row.addressee,
            "addressee_in_words": self._said(Addressee(row.addressee)),
            "account": row.account,
            "enterprise_id": str(row.enterprise_id),
            "division": row.division,
            "template": row.template,
            "subject": row.subject,
            "wants": row.wants,
            "wants_in_words": self._said(Wants(row.wants)) if row.wants else None,
            "no_channel": row.no_channel,
            "read_at": _instant(row.read_at),
            "read_by": row.read_by,
        }

    def _deliveries(self, row: MessageRow, leaving: list[DeliveryRow]) -> list[dict[str, Any]]:
        """The inbox first: there it is as soon as it is written."""
        in_inbox = (
            DeliveryState.DELIVERED if row.written_at else DeliveryState.WAITING_FOR_FACTS
        )
        return [
            {
                **self._stands(Medium.INBOX, in_inbox),
                "delivered_at": _instant(row.written_at),
                "sent_to": row.account,
            },
            *(
                {
                    **self._stands(Medium(delivery.medium), DeliveryState(delivery.state)),
                    "attempts": delivery.attempts,
                    "next_try_at": _instant(delivery.next_try_at),
                    "delivered_at": _instant(delivery.delivered_at),
                    "sent_to": delivery.sent_to,
                    "receipt": delivery.receipt,
                    "reason": delivery.reason,
                }
                for delivery in leaving
            ),
        ]

    def _stands(self, medium: Medium, state: DeliveryState) -> dict[str, Any]:
        return {
            "medium": medium.value,
            "medium_in_words": self._said(medium),
            "state": state.value,
            "state_in_words": self._said(state),
        }

    def _said(self, member: Enum) -> dict[str, str]:
        return {language: self.words.of(member, language) for language in LANGUAGES}


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _no_such_message(message_id: UUID) -> api.Refused:
    return api.Refused("no_such_message", f"没有编号为 {message_id} 的通知", 404)
