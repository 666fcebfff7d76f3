"""一企一档: everything that the bureau has on one enterprise, on one page that can be printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from services.chassis import clock
from services.portal.model import STAFF, Role
from services.portal.pages.desk import timeline
from services.portal.web.back import comes_back_on
from services.portal.web.me import ask, for_roles, me
from services.portal.web.quarters import strip
from services.portal.web.services import Part
from services.portal.web.writing import change

views = Blueprint("desk_enterprises", __name__, url_prefix="/desk/enterprises")

REVEALING = (Role.INSPECTOR, Role.CHIEF, Role.REGISTRAR)
SHOWN = 50
TIMELINE = 60


@views.get("/<uuid:enterprise_id>")
@for_roles(*STAFF)
def enterprise(enterprise_id: UUID, whole: Any = None) -> Any:
    """The file; `on` shows it as it stood on a day. *whole*: what was revealed for this answer."""
    asked, on = ask(), request.args.get("on")
    one = f"/enterprises/{enterprise_id}"
    parts = asked.together(
        file=lambda: asked.get("registry", one, on=on),
        warnings=lambda: asked.get("inspection", f"{one}/warnings"),
        colours=lambda: asked.get(
            "inspection", "/warnings", enterprise_id=str(enterprise_id), limit=200
        ),
        orders=lambda: asked.get("inspection", "/orders", enterprise_id=str(enterprise_id)),
        cases=lambda: asked.get("inspection", "/cases", enterprise_id=str(enterprise_id)),
        complaints=lambda: asked.get(
            "inspection", "/complaints", enterprise_id=str(enterprise_id)
        ),
        visits=lambda: asked.get("inspection", "/visits", enterprise_id=str(enterprise_id)),
        record=lambda: asked.find("credit", f"{one}/record"),
        grade=lambda: asked.find("credit", f"{one}/grade"),
        messages=lambda: asked.get(
            "notify", "/messages", enterprise_id=str(enterprise_id), limit=SHOWN
        ),
        history=lambda: asked.get("registry", f"{one}/history"),
    )
    if parts["file"].refused:
        raise parts["file"].refused
    return render_template(
        "desk/enterprise.html",
        parts=parts,
        enterprise_id=enterprise_id,
        on=on,
        quarters=_quarters(parts["warnings"]),
        timeline=timeline.of(parts)[:TIMELINE],
        colours=_by_object(parts["colours"]),
        may_reveal=me().has(*REVEALING),
        whole=whole or {},
    )


@views.post("/<uuid:enterprise_id>/reveal")
@for_roles(*REVEALING)
@comes_back_on(enterprise)
def reveal(enterprise_id: UUID) -> Any:
    """A masked telephone or name in full, for a purpose that is written down; on this page alone:
    neither a cookie nor the browser's store keeps it.
    """
    body = {"purpose": request.form.get("purpose", "")}
    path = f"/enterprises/{enterprise_id}/reveal"
    whole = change("查看企业联系人完整信息", "POST", "registry", path, json=body)
    return enterprise(enterprise_id, whole=whole)


def _quarters(warnings: Part) -> list[dict[str, Any]] | None:
    return strip(warnings.value["items"], clock.today()) if warnings.there else None


def _by_object(colours: Part) -> dict[str, str]:
    """The worst colour of each object that is red or yellow."""
    found: dict[str, str] = {}
    if colours.there:
        for one in colours.value["items"]:
            if found.get(one["object_id"]) != "red":
                found[one["object_id"]] = one["colour"]
    return found
