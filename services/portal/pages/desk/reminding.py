"""批量提醒: chosen on the worklist, previewed, sent as one batch, shown as it was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.model import STAFF, Role
from services.portal.pages.desk.worklist import FILTERS, chosen, listed
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _, in_use
from services.portal.web.me import ask, for_roles
from services.portal.web.names import enterprise_names
from services.portal.web.services import Part, part
from services.portal.web.writing import change

views = Blueprint("desk_reminding", __name__, url_prefix="/desk/reminders")

WORKING = (Role.INSPECTOR, Role.CHIEF)
TEMPLATE = "duty_reminded_by_hand_enterprise"


@views.post("/")
@for_roles(*WORKING)
@comes_back_on(listed)
def preview() -> Any:
    """Who would be told what, and who was told lately; nothing is sent yet."""
    wanted = _filters()
    asked: dict[str, Any] = {"duty_ids": chosen("duty") or _listed()}
    if request.form.get("all"):
        asked = {"filter": wanted}
    found = ask().send("POST", "inspection", "/reminders/preview", json=asked)
    return _previewed(found, wanted)


@views.post("/sent")
@for_roles(*WORKING)
@comes_back_on(preview)
def send() -> Any:
    """As one batch: what the preview listed, and no more. Sent again it counts once."""
    body = {"duty_ids": _listed()}
    batch = change("批量提醒", "POST", "inspection", "/reminders", json=body)
    flash(_("已提醒 %(n)s 项。", n=batch["told"]))
    return redirect(url_for("desk_reminding.sent", batch_id=batch["batch_id"]))


@views.get("/<uuid:batch_id>")
@for_roles(*STAFF)
def sent(batch_id: UUID) -> Any:
    """What one batch told."""
    batch = ask().get("inspection", f"/reminders/{batch_id}")
    names = enterprise_names(one["enterprise_id"] for one in batch["items"])
    return render_template("desk/reminders_sent.html", batch=batch, names=names)


def _previewed(found: dict[str, Any], wanted: dict[str, Any]) -> Any:
    telling = [one for one in found["items"] if one["outcome"] == "tell"]
    return render_template(
        "desk/reminders_preview.html",
        found=found,
        telling=telling,
        passed=[one for one in found["items"] if one["outcome"] != "tell"],
        names=enterprise_names(one["enterprise_id"] for one in found["items"]),
        letter=_letter(found["sample"]) if telling else None,
        wanted=wanted,
    )


def _letter(sample: dict[str, Any]) -> Part:
    """How the first of them would read; notify has the words."""
    body = {"language": in_use(), "parameters": sample}
    path = f"/templates/{TEMPLATE}/preview"
    return part(lambda: ask().send("POST", "notify", path, json=body))


def _filters() -> dict[str, Any]:
    """The filters of the worklist that the form came from."""
    given = {name: request.form.get(name, "").strip() for name in FILTERS}
    return {name: value for name, value in given.items() if value}


def _listed() -> list[str]:
    """What a preview listed."""
    return request.form.getlist("duty_id")
