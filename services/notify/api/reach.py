"""The address book, for whoever answers for an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api
from services.notify import handlers
from services.notify.api.keeper import Keeper
from services.notify.api.ownership import division_in_scope
from services.notify.api.shown import instant
from services.notify.channels.smtp import ADDRESS
from services.notify.model import Medium
from services.notify.rules.masking import is_mobile, masked
from services.notify.store import addresses

KEPT = {"email": Medium.EMAIL, "sms": Medium.SMS}


class AddressBody(Schema):
    """PUT /addresses/<account>/<medium>."""

    address = fields.String(required=True, validate=validate.Length(3, 254))
    division = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9]{6}$"))


def add_views(views: Blueprint, service: Keeper) -> None:
    """Where accounts are reached outside the platform."""

    @views.get("/addresses/<path:account>")
    def address_list(account: str) -> Any:
        with service.database.reading() as session:
            rows = addresses.of(session, account)
            seen = [row for row in rows if api.caller().scope.covers(row.division)]
            return jsonify(
                account=account,
                addresses=[
                    {
                        "medium": row.medium,
                        "address": masked(service.seals.open(row.address)),
                        "division": row.division,
                        "set_at": instant(row.set_at),
                        "set_by": row.set_by,
                    }
                    for row in seen
                ],
            )

    @views.put("/addresses/<path:account>/<any(email,sms):medium>")
    def address_put(account: str, medium: str) -> Response:
        asked = api.body(AddressBody)
        address = _right(medium, asked["address"].strip())

        def act(session: Session) -> dict[str, Any]:
            handlers.note_address(
                session,
                account,
                KEPT[medium],
                address,
                division=division_in_scope(session, account, asked["division"]),
                by=api.caller().name,
                seals=service.seals,
            )
            return {"account": account, "medium": medium, "address": masked(address)}

        return api.write(service.database, act)

    @views.delete("/addresses/<path:account>/<any(email,sms):medium>")
    def address_delete(account: str, medium: str) -> Response:
        def act(session: Session) -> dict[str, Any]:
            kept = {row.medium: row for row in addresses.of(session, account)}
            if medium not in kept or not api.caller().scope.covers(kept[medium].division):
                raise api.Refused("no_such_address", f"{account} 没有登记{medium}", 404)
            addresses.strike_out(session, account, KEPT[medium])
            return {"account": account, "medium": medium}

        return api.write(service.database, act)


def _right(medium: str, address: str) -> str:
    if medium == Medium.SMS.value and not is_mobile(address):
        raise api.Refused("address_wrong", "手机号应为 1 开头的十一位数字", field="address")
    if medium == Medium.EMAIL.value and not ADDRESS.fullmatch(address):
        raise api.Refused("address_wrong", "邮箱应为 名称@域名", field="address")
    return address
