"""普查: coverage by district, grid and kind; gaps; what is missing in the files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from services.portal.model import STAFF
from services.portal.web import lists
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles
from services.portal.web.paths import segment
from services.portal.web.services import Part

views = Blueprint("desk_census", __name__, url_prefix="/desk/census")

CUTS = ("district", "grid", "kind")


@views.get("/")
@for_roles(*STAFF)
def campaigns() -> Any:
    """All campaigns; the only one opens at once."""
    found = ask().get("registry", "/census")["items"]
    if len(found) == 1:
        return redirect(url_for("desk_census.campaign", campaign_id=found[0]["id"]))
    return render_template("desk/censuses.html", found=found)


@views.get("/<uuid:campaign_id>")
@for_roles(*STAFF)
def campaign(campaign_id: UUID) -> Any:
    """Figures of one campaign."""
    by = request.args.get("by") if request.args.get("by") in CUTS else "district"
    asked, path = ask(), f"/census/{campaign_id}"
    parts = asked.together(
        campaigns=lambda: asked.get("registry", "/census"),
        total=lambda: asked.get("registry", f"{path}/coverage"),
        cut=lambda: asked.get("registry", f"{path}/coverage", by=by),
        days=lambda: asked.get("registry", f"{path}/days"),
        gaps=lambda: asked.get("registry", f"{path}/gaps"),
    )
    known = parts["campaigns"].value["items"] if parts["campaigns"].there else []
    return render_template(
        "desk/census.html",
        parts=parts,
        by=by,
        campaign=next((one for one in known if one["id"] == str(campaign_id)), None),
        campaign_id=campaign_id,
        days=_days(parts["days"]),
    )


@views.get("/<uuid:campaign_id>/gaps/<which>")
@for_roles(*STAFF)
def gap(campaign_id: UUID, which: str) -> Any:
    """The objects behind one gap."""
    answer = ask().get(
        "registry",
        f"/census/{campaign_id}/gaps/{segment(which)}",
        after=request.args.get("after"),
    )
    return render_template(
        "desk/census_gap.html",
        found=answer["items"],
        which=which,
        campaign_id=campaign_id,
        following=lists.next_url(answer),
    )


def _days(part: Part) -> dict[str, Any] | None:
    """Surveyed by the end of each day."""
    if not part.there:
        return None
    items = part.value["items"]
    return {
        "kind": "line",
        "labels": [one["key"] for one in items],
        "series": [
            {"name": _("已普查"), "colour": "brand", "numbers": [o["surveyed"] for o in items]},
        ],
    }
