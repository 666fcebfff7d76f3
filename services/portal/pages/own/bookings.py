"""预约检验: an enterprise asks for a day, and takes back what it asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from services.portal.model import Role
from services.portal.pages.own import home
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import for_roles
from services.portal.web.writing import change

views = Blueprint("own_bookings", __name__, url_prefix="/my")

ASKED = ("duty", "wished_from", "wished_until", "words")


@views.post("/objects/<uuid:object_id>/bookings")
@for_roles(Role.ENTERPRISE)
@comes_back_on(home.object_)
def book(object_id: UUID) -> Any:
    """Days that suit, and a word."""
    given = {name: request.form.get(name, "") for name in ASKED}
    change("预约检验", "POST", "inspection", f"/objects/{object_id}/bookings", json=given)
    flash(_("预约已提交，等待确认。预约不改变颜色和期限。"))
    return redirect(url_for("own_home.object_", object_id=object_id))


@views.post("/objects/<uuid:object_id>/bookings/<uuid:booking_id>/withdrawal")
@for_roles(Role.ENTERPRISE)
@comes_back_on(home.object_)
def withdraw(object_id: UUID, booking_id: UUID) -> Any:
    """Not wanted any more."""
    change("撤回检验预约", "POST", "inspection", f"/bookings/{booking_id}/withdrawal")
    flash(_("预约已撤回。"))
    return redirect(url_for("own_home.object_", object_id=object_id))
