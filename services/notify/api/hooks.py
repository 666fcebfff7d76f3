"""Webhooks: registered, shown without what is secret, their secrets changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api
from services.notify import handlers
from services.notify.api.keeper import Keeper
from services.notify.api.ownership import division_in_scope, only_units_for_agencies
from services.notify.api.refusing import in_words
from services.notify.api.shown import instant
from services.notify.channels.webhook import host_of
from services.notify.store import webhooks
from services.notify.store.tables import WebhookRow


class WebhookBody(Schema):
    """PUT /webhooks/<account>."""

    url = fields.String(required=True, validate=validate.Length(10, 2000))
    division = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9]{6}$"))


def add_views(views: Blueprint, service: Keeper) -> None:
    """Where accounts have their messages posted."""

    @views.get("/webhooks/<path:account>")
    def webhook_show(account: str) -> Any:
        with service.database.reading() as session:
            return jsonify(_shown(_found(session, account)))

    _registering(views, service)

    @views.post("/webhooks/<path:account>/rotate")
    def webhook_rotate(account: str) -> Response:
        def act(session: Session) -> dict[str, Any]:
            _found(session, account)
            with in_words():
                secret = handlers.rotate_secret(
                    session, account, service.practice, service.seals
                )
            return {"account": account, "secret": secret}

        return api.write(service.database, act)

    @views.delete("/webhooks/<path:account>")
    def webhook_delete(account: str) -> Response:
        def act(session: Session) -> dict[str, Any]:
            _found(session, account)
            webhooks.forget(session, account)
            return {"account": account}

        return api.write(service.database, act)


def _registering(views: Blueprint, service: Keeper) -> None:
    @views.put("/webhooks/<path:account>")
    def webhook_put(account: str) -> Response:
        asked = api.body(WebhookBody)
        described = service.ways_out.described
        if not described.webhooks:
            raise api.Refused(
                "no_webhooks", "本系统未启用回调;请在渠道文件中写明 webhooks", 409
            )

        def act(session: Session) -> dict[str, Any]:
            only_units_for_agencies(account)
            with in_words():
                secret = handlers.register_webhook(
                    session,
                    account,
                    asked["url"],
                    division=division_in_scope(session, account, asked["division"]),
                    by=api.caller().name,
                    outside=api.is_agency(),
                    private=described.private_webhooks,
                    seals=service.seals,
                )
            return {"account": account, "host": host_of(asked["url"]), "secret": secret}

        return api.write(service.database, act, status=201)


def _found(session: Session, account: str) -> WebhookRow:
    only_units_for_agencies(account)
    row = webhooks.of(session, account)
    if row is None or not api.caller().scope.covers(row.division):
        raise api.Refused("no_webhook", f"{account} 没有登记回调地址", 404)
    if api.is_agency() and row.set_by != api.caller().name:
        with in_words():
            raise handlers.webhook_of_another(account)
    return row


def _shown(row: WebhookRow) -> dict[str, Any]:
    return {
        "account": row.account,
        "host": host_of(row.url),
        "division": row.division,
        "failing_since": instant(row.failing_since),
        "failures": row.failures,
        "disabled_at": instant(row.disabled_at),
        "disabled_because": row.disabled_because,
        "former_secret_until": instant(row.former_until),
        "set_at": instant(row.set_at),
        "set_by": row.set_by,
    }
