"""预警分析: what warnings tell when taken together."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from services.portal.model import STAFF
from services.portal.web import lists
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import division_name, enterprise_names, industry_name
from services.portal.web.services import Part
from services.portal.web.words import word

views = Blueprint("desk_analysis", __name__, url_prefix="/desk/analysis")

BY = ("division", "industry", "kind", "duty", "month")
SHOWN = 15


@views.get("/")
@for_roles(*STAFF)
def analysis() -> Any:
    """Raised and standing by what one chooses; patterns; what falls due."""
    wanted = lists.filters("by", "division", "from", "to")
    by = wanted.get("by", "")
    by = by if by in BY else "division"
    narrowed = {name: value for name, value in wanted.items() if name != "by"}
    asked = ask()
    scope = {"division": narrowed["division"]} if "division" in narrowed else {}
    parts = asked.together(
        grouped=lambda: asked.get(
            "inspection", "/analysis/warnings", by=by, limit=SHOWN, **narrowed
        ),
        patterns=lambda: asked.get("inspection", "/analysis/patterns", **scope),
        forecast=lambda: asked.get("inspection", "/analysis/forecast", **scope),
        counts=lambda: asked.get("inspection", "/counts", **scope),
    )
    clustered = parts["patterns"].value["clustered"][:SHOWN] if parts["patterns"].there else []
    return render_template(
        "desk/analysis.html",
        parts=parts,
        by=by,
        wanted=wanted | {"by": by},
        divisions=lists.division_choices(me().identity.scope),
        by_choices=[
            ("division", _("县区")),
            ("industry", _("行业")),
            ("kind", _("类别")),
            ("duty", _("事项")),
            ("month", _("月份")),
        ],
        grouped=_grouped(parts["grouped"], by),
        forecast=_forecast(parts["forecast"]),
        colours=_colours(parts["counts"]),
        clustered=clustered,
        names=enterprise_names(one["enterprise_id"] for one in clustered),
    )


def _grouped(part: Part, by: str) -> dict[str, Any] | None:
    if not part.there:
        return None
    items = part.value["items"]
    named = {
        "division": division_name,
        "industry": industry_name,
        "kind": _kind,
        "duty": _duty,
    }.get(by, str)
    return {
        "kind": "bar",
        "across": by != "month",
        "labels": [named(one["group"]) for one in items],
        "series": [
            {"name": _("曾转红"), "colour": "yellow", "numbers": [i["raised"] for i in items]},
            {"name": _("仍为红"), "colour": "red", "numbers": [i["standing"] for i in items]},
        ],
    }


def _forecast(part: Part) -> dict[str, Any] | None:
    if not part.there:
        return None
    weeks = part.value["weeks"]
    kinds = sorted({kind for week in weeks for kind in week["by_kind"]})
    return {
        "kind": "bar",
        "stacked": True,
        "labels": [week["monday"] for week in weeks],
        "series": [
            {"name": _kind(kind), "numbers": [week["by_kind"].get(kind, 0) for week in weeks]}
            for kind in kinds
        ],
    }


def _colours(part: Part) -> dict[str, Any] | None:
    """Red, yellow and green objects of each kind."""
    if not part.there:
        return None
    kinds = sorted({one["kind"] for one in part.value})
    totals: dict[tuple[str, str], int] = {}
    for one in part.value:
        key = (one["kind"], one["colour"])
        totals[key] = totals.get(key, 0) + one["objects"]
    return {
        "kind": "bar",
        "stacked": True,
        "labels": [_kind(kind) for kind in kinds],
        "series": [
            {
                "name": text,
                "colour": colour,
                "numbers": [totals.get((kind, colour), 0) for kind in kinds],
            }
            for colour, text in (("red", _("红")), ("yellow", _("黄")), ("green", _("绿")))
        ],
    }


def _kind(code: str) -> str:
    return word(code, "kind")


def _duty(code: str) -> str:
    return word(code, "duty")
