"""预约检验: what enterprises asked for, answered with a day or with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.model import STAFF, Role
from services.portal.web import lists
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import enterprise_names
from services.portal.web.writing import change

views = Blueprint("desk_bookings", __name__, url_prefix="/desk/bookings")

WORKING = (Role.INSPECTOR, Role.CHIEF)
ANSWERS = {
    "confirmation": ("确认检验预约", ("inspected_on", "place")),
    "decline": ("答复检验预约不能安排", ("reason",)),
}


@views.get("/")
@for_roles(*STAFF)
def listed() -> Any:
    """Filters in the URL; each line is answered where it stands."""
    wanted = lists.filters("state", "division", "enterprise_id", "object_id")
    answer = ask().get(
        "inspection",
        "/bookings",
        **wanted,
        limit=lists.size(),
        after=request.args.get("after"),
    )
    return render_template(
        "desk/bookings.html",
        found=answer["items"],
        names=enterprise_names(one["enterprise_id"] for one in answer["items"]),
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        following=lists.next_url(answer),
        may_answer=me().has(*WORKING),
    )


@views.post("/<uuid:booking_id>/<any(confirmation,decline):answer>")
@for_roles(*WORKING)
@comes_back_on(listed)
def answer(booking_id: UUID, answer: str) -> Any:
    """A day, or why there is none. The enterprise is told."""
    words, fields = ANSWERS[answer]
    body = {name: request.form.get(name, "") for name in fields}
    change(words, "POST", "inspection", f"/bookings/{booking_id}/{answer}", json=body)
    flash(_("已答复，并通知企业。"))
    return redirect(url_for("desk_bookings.listed", state="requested"))
