"""The workbench's first page: the eleven information points, the districts, what waits for me."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, render_template, url_for

from services.chassis import clock
from services.portal.model import STAFF
from services.portal.web import tiles
from services.portal.web.me import ask, for_roles, me
from services.portal.web.services import Part

views = Blueprint("desk_home", __name__, url_prefix="/desk")

ANSWERED_BY = ("inspection", "credit", "notify")  # decision 0017
SHOWN_REDS = 8
UNCOLOURED = frozenset(
    {"interfaces", "settings"}
)  # what they count is not good or bad by itself
ORDER = (
    "licensing",
    "supervision",
    "sampling",
    "enforcement",
    "complaints",
    "analysis",
    "credit",
    "work",
    "interfaces",
    "notices",
    "settings",
)
OPENS: dict[str, tuple[str, dict[str, Any]]] = {
    "licensing": ("desk_warnings.listed", {"kind": "licence"}),
    "supervision": ("desk_visits.listed", {}),
    "sampling": ("desk_orders.listed", {}),
    "enforcement": ("desk_orders.listed", {"state": "issued"}),
    "complaints": ("desk_complaints.listed", {}),
    "analysis": ("desk_analysis.analysis", {}),
    "credit": ("desk_credit.listed", {}),
    "work": ("desk_directives.listed", {}),
    "interfaces": ("desk_system.status", {}),
    "notices": ("desk_messages.sent", {}),
    "settings": ("desk_system.status", {}),
}
WITH_COLOUR = frozenset({"licensing", "complaints"})  # whose list can be narrowed to a colour


@views.get("/")
@for_roles(*STAFF)
def home() -> Any:
    """Everything at once; a service that is away leaves out its part."""
    asked, account = ask(), me().identity.name
    parts = asked.together(
        **{name: _points_of(name) for name in ANSWERED_BY},
        counts=lambda: asked.get("inspection", "/counts"),
        reds=lambda: asked.get("inspection", "/warnings", colour="red", limit=SHOWN_REDS),
        attestations=lambda: asked.get(
            "inspection", "/attestations", **{"from": clock.today().isoformat()}
        ),
        inbox=lambda: asked.get("notify", f"/inbox/{quote(account)}", unread="true", limit=6),
    )
    attested = parts["attestations"].value[-1:] if parts["attestations"].there else []
    return render_template(
        "desk/home.html",
        parts=parts,
        points=_joined(parts),
        missing=[parts[name] for name in ANSWERED_BY if not parts[name].there],
        tiles=_tiles(parts["counts"]),
        totals=_totals(parts["counts"]),
        totals_link=lambda colour: url_for("desk_warnings.listed", colour=colour),
        attested=attested[0] if attested else None,
        day=clock.today().isoformat(),
    )


@views.get("/points")
@for_roles(*STAFF)
def points() -> Any:
    """The points alone, asked for again and again while somebody looks."""
    parts = ask().together(**{name: _points_of(name) for name in ANSWERED_BY})
    return render_template("desk/points.html", points=_joined(parts))


def _points_of(service: str) -> Callable[[], Any]:
    asked = ask()
    return lambda: asked.get(service, "/information-points")


def _joined(parts: dict[str, Part]) -> list[dict[str, Any]]:
    found = {
        point["point"]: point
        for name in ANSWERED_BY
        if parts[name].there
        for point in parts[name].value["points"]
    }
    return [_shown(found[name]) for name in ORDER if name in found]


def _shown(point: dict[str, Any]) -> dict[str, Any]:
    endpoint, narrowed = OPENS[point["point"]]
    by_colour = point["point"] in WITH_COLOUR

    def link(colour: str) -> str:
        chosen: dict[str, Any] = {"colour": colour} if by_colour else {}
        return url_for(endpoint, **narrowed, **chosen)

    coloured = point["point"] not in UNCOLOURED
    return point | {"url": url_for(endpoint, **narrowed), "link": link, "coloured": coloured}


def _totals(counts: Part) -> dict[str, Any] | None:
    """All objects within the divisions, by colour."""
    if not counts.there:
        return None
    found = dict.fromkeys(("red", "yellow", "green", "grey"), 0)
    for one in counts.value:
        found[one["colour"]] += one["objects"]
    worst = next((colour for colour in ("red", "yellow", "green") if found[colour]), "grey")
    return found | {"colour": worst}


def _tiles(counts: Part) -> list[dict[str, Any]] | None:
    if not counts.there:
        return None
    return tiles.of(counts.value, lambda code: url_for("desk_warnings.listed", division=code))
