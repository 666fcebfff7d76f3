"""After a key was replaced: everything again under the first one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify

from services.chassis import api, parked
from services.notify.api.keeper import Keeper
from services.notify.store import resealing

SLICE = 1000


def add_views(views: Blueprint, service: Keeper) -> None:
    """Addresses, secrets of webhooks, parked messages."""

    @views.post("/seals/renew")
    def renew_seals() -> Any:
        bureau = service.settings.bureau
        if not api.caller().scope.covers(bureau):
            raise api.Refused(
                "scope_too_narrow", f"更换密钥需要管辖整个 {bureau}", 403, needed=bureau
            )
        return jsonify(renewed=_renewed(service))


def _renewed(service: Keeper) -> int:
    """Many short transactions: a crash between them leaves less to do."""
    renewed = 0
    for renew in (resealing.renew, parked.renew):
        done = SLICE
        while done == SLICE:
            with service.database.transaction() as session:
                done = renew(session, service.seals, limit=SLICE)
            renewed += done
    return renewed
