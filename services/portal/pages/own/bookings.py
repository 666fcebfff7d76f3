"""预约检验: an enterprise asks for a day, and takes back what it asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from services.portal.model import Role
from services.portal.pages.own import home
from services.portal.web.language import gettext as _
from services.portal.web.me import for_roles
from services.portal.web.refusals import errors_of
from services.portal.web.services import Refused
from services.portal.web.writing import change

views = Blueprint("own_bookings", __name__, url_prefix="/my")

ASKED = ("duty", "wished_from", "wished_until", "words")


@views.post("/objects/<uuid:object_id>/bookings")
@for_roles(Role.ENTERPRISE)
def book(object_id: UUID) -> Any:
    """What is wrong comes back with what was written."""
    given = {name: request.form.get(name, "") for name in ASKED}
    try:
        path = f"/objects/{object_id}/bookings"
        change("预约检验", "POST", "inspection", path, json=given)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        return home.object_page(object_id, given=given, errors=errors_of(refused)), 422
    flash(_("预约已提交，等待确认。预约不改变颜色和期限。"))
    return redirect(url_for("own_home.object_", object_id=object_id))


@views.post("/objects/<uuid:object_id>/bookings/<uuid:booking_id>/withdrawal")
@for_roles(Role.ENTERPRISE)
def withdraw(object_id: UUID, booking_id: UUID) -> Any:
    """Not wanted any more."""
    change("撤回检验预约", "POST", "inspection", f"/bookings/{booking_id}/withdrawal")
    flash(_("预约已撤回。"))
    return redirect(url_for("own_home.object_", object_id=object_id))
