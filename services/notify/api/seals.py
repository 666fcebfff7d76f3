"""After a key was replaced: everything again under the first one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify

from services.chassis import api, parked
from services.chassis.resealing import renew_all
from services.notify.api.keeper import Keeper
from services.notify.store import resealing


def add_views(views: Blueprint, service: Keeper) -> None:
    """Addresses, secrets of webhooks, parked messages."""

    @views.post("/seals/renew")
    def renew_seals() -> Any:
        bureau = service.settings.bureau
        if not api.caller().scope.covers(bureau):
            raise api.Refused(
                "scope_too_narrow", f"更换密钥需要管辖整个 {bureau}", 403, needed=bureau
            )
        renewals = (resealing.renew, parked.renew)
        return jsonify(renewed=renew_all(service.database, service.seals, *renewals))
