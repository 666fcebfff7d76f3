"""The enterprise's first page: what falls due, what it is asked to do, its messages, its file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from services.portal.model import Role
from services.portal.web import lists
from services.portal.web.me import ask, for_roles, me
from services.portal.web.services import Part
from services.portal.web.writing import change

views = Blueprint("own_home", __name__, url_prefix="/my")


@views.get("/")
@for_roles(Role.ENTERPRISE)
def home() -> Any:
    """Everything at once; a service that is away leaves out its part."""
    asked, enterprise = ask(), me().identity.enterprise
    path = f"/enterprises/{enterprise}"
    parts = asked.together(
        file=lambda: asked.get("registry", path),
        duties=lambda: asked.get(
            "inspection", "/warnings", enterprise_id=enterprise, limit=200
        ),
        orders=lambda: asked.get("inspection", "/orders", enterprise_id=enterprise),
        cases=lambda: asked.get("inspection", "/cases", enterprise_id=enterprise),
        record=lambda: asked.find("credit", f"{path}/record"),
        grade=lambda: asked.find("credit", f"{path}/grade"),
        inbox=lambda: asked.get("notify", f"/inbox/enterprise:{enterprise}", limit=10),
    )
    return render_template("own/home.html", parts=parts, about=_about(parts["duties"]))


def _about(duties: Part) -> dict[str, Any]:
    """What each warning that stands is about: bad information names only the warning."""
    items = duties.value["items"] if duties.there else []
    return {one["warning_id"]: one for one in items if one["warning_id"]}


@views.get("/objects/<uuid:object_id>")
@for_roles(Role.ENTERPRISE)
def object_(object_id: UUID) -> Any:
    """One of its objects, its duties and why each has its colour, its bookings."""
    asked, enterprise = ask(), me().identity.enterprise
    parts = asked.together(
        facts=lambda: asked.get("registry", f"/objects/{object_id}"),
        standing=lambda: asked.find("inspection", f"/objects/{object_id}"),
        bookings=lambda: asked.get(
            "inspection", "/bookings", enterprise_id=enterprise, object_id=object_id
        ),
    )
    if parts["facts"].refused:
        raise parts["facts"].refused
    return render_template("own/object.html", parts=parts, object_id=object_id)


@views.get("/messages")
@for_roles(Role.ENTERPRISE)
def messages() -> Any:
    """Its inbox."""
    answer = ask().get(
        "notify",
        f"/inbox/enterprise:{me().identity.enterprise}",
        limit=lists.USUAL,
        before=request.args.get("before"),
    )
    return render_template("own/messages.html", answer=answer)


@views.get("/messages/<uuid:message_id>")
@for_roles(Role.ENTERPRISE)
def message(message_id: UUID) -> Any:
    """Reading it marks it as read."""
    found = ask().get("notify", f"/messages/{message_id}")
    if not found["read_at"]:
        path = f"/inbox/{found['account']}/read"
        change("企业阅读通知", "POST", "notify", path, json={"messages": [str(message_id)]})
    return render_template("own/message.html", message=found)
