"""Inboxes: what lies in one, how much of it is unread, and that it was read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.notify.api.keeper import Keeper
from services.notify.api.messages import DIVISION, MOST, PageQuery
from services.notify.api.ownership import only_for_its_person
from services.notify.api.shown import Shown
from services.notify.store import reading
from services.notify.words import Words

READERS = frozenset(
    {"administrator"}
)  # they may look into a person's inbox, and read nothing for it


class InboxQuery(PageQuery):
    """GET /inbox/<account>."""

    unread = fields.Boolean(load_default=False)
    urgent = fields.Boolean(load_default=False)
    division = fields.String(load_default=None, validate=DIVISION)


class ReadBody(Schema):
    """POST /inbox/<account>/read."""

    messages = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST))


def add_views(views: Blueprint, service: Keeper) -> None:
    """The inbox of every account."""
    shown = Shown(Words.read())

    @views.get("/inbox/<path:account>")
    def inbox(account: str) -> Any:
        asked, scope = api.query(InboxQuery), api.caller().scope
        only_for_its_person(account, or_for=READERS)
        with service.database.reading() as session:
            found = reading.inbox(session, scope, account, **asked)
            unread = reading.count_unread(session, scope, account)
            return jsonify({"account": account, "unread": unread, **shown.page(session, found)})

    @views.post("/inbox/<path:account>/read")
    def read(account: str) -> Response:
        asked, caller = api.body(ReadBody), api.caller()
        only_for_its_person(account)

        def act(session: Session) -> dict[str, Any]:
            found = reading.mark_read(
                session,
                caller.scope,
                account,
                asked["messages"],
                by=caller.name,
                now=clock.now(),
            )
            return {
                "read": [str(each) for each in asked["messages"] if each in found],
                "unknown": [str(each) for each in asked["messages"] if each not in found],
            }

        return api.write(service.database, act)
