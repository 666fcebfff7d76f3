"""质监通: my inbox, the bureau's inbox, what was sent to whom and whether it came."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.model import STAFF, Role
from services.portal.web import lists
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.writing import change

views = Blueprint("desk_messages", __name__, url_prefix="/desk/messages")


@views.get("/")
@for_roles(*STAFF)
def inbox() -> Any:
    """`box`: mine, or a bureau's within my divisions."""
    boxes = _boxes()
    asked = request.args.get("box", "")
    account = asked if asked in dict(boxes) else boxes[0][0]
    wanted = lists.filters("unread", "urgent")
    answer = ask().get(
        "notify",
        f"/inbox/{quote(account)}",
        **wanted,
        limit=lists.size(),
        before=request.args.get("before"),
    )
    return render_template(
        "desk/inbox.html", answer=answer, account=account, boxes=boxes, wanted=wanted
    )


@views.post("/read")
@for_roles(*STAFF)
def read() -> Any:
    """Mark the ticked ones as read."""
    account = request.form.get("box", "")
    ticked = request.form.getlist("message")
    if ticked and account in dict(_boxes()):
        change(
            "通知标为已读",
            "POST",
            "notify",
            f"/inbox/{quote(account)}/read",
            json={"messages": ticked},
        )
    return redirect(url_for("desk_messages.inbox", box=account))


@views.get("/sent")
@for_roles(*STAFF)
def sent() -> Any:
    """Every message within the divisions, and where each delivery stands."""
    wanted = lists.filters("state", "addressee", "division", "enterprise_id")
    answer = ask().get(
        "notify", "/messages", **wanted, limit=lists.size(), before=request.args.get("before")
    )
    return render_template(
        "desk/sent.html",
        answer=answer,
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
    )


@views.get("/<uuid:message_id>")
@for_roles(*STAFF)
def message(message_id: UUID) -> Any:
    """One message, its text, its deliveries; mine is read by being opened."""
    found = ask().get("notify", f"/messages/{message_id}")
    if found["account"] == me().identity.name and not found["read_at"]:
        path = f"/inbox/{quote(found['account'])}/read"
        change("通知标为已读", "POST", "notify", path, json={"messages": [str(message_id)]})
    return render_template(
        "desk/message.html", message=found, may_retry=me().has(Role.ADMINISTRATOR, Role.CHIEF)
    )


@views.post("/<uuid:message_id>/retry")
@for_roles(Role.ADMINISTRATOR, Role.CHIEF)
def retry(message_id: UUID) -> Any:
    """Send once more what was given up."""
    change("重新发送通知", "POST", "notify", f"/messages/{message_id}/retry")
    flash(_("已重新排入发送。"))
    return redirect(url_for("desk_messages.message", message_id=message_id))


def _boxes() -> list[tuple[str, str]]:
    """Account and its name: my own, then my bureaus'."""
    found = [(me().identity.name, _("我的收件箱"))]
    for code in me().identity.scope.split(","):
        found.append((f"bureau:{code}", _("单位收件箱 %(code)s", code=code)))
    return found
