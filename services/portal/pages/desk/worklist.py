"""The worklist of red and yellow, and orders for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.model import STAFF, Role
from services.portal.web import lists
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import enterprise_names
from services.portal.web.services import Away, Refused
from services.portal.web.told import why, why_not
from services.portal.web.typed import id_in
from services.portal.web.writing import KEY_FIELD, change

views = Blueprint("desk_warnings", __name__, url_prefix="/desk/warnings")

FILTERS = ("colour", "division", "kind", "duty", "enterprise_id")
MOST_AT_ONCE = 100


@views.get("/")
@for_roles(*STAFF)
def listed() -> Any:
    """Filters in the URL, a page, the next one."""
    wanted = lists.filters(*FILTERS)
    answer = ask().get(
        "inspection",
        "/warnings",
        **wanted,
        limit=lists.size(),
        after=request.args.get("after"),
    )
    return render_template(
        "desk/warnings.html",
        found=answer["items"],
        names=enterprise_names(one["enterprise_id"] for one in answer["items"]),
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        following=lists.next_url(answer),
        may_order=me().has(Role.INSPECTOR, Role.CHIEF),
    )


@views.get("/<uuid:warning_id>")
@for_roles(*STAFF)
def warning(warning_id: UUID) -> Any:
    """Why it is red, and what followed."""
    asked = ask()
    told = asked.get("inspection", f"/warnings/{warning_id}/explanation")
    red = told["raised"]["red"]
    parts = asked.together(
        enterprise=lambda: asked.get("registry", f"/enterprises/{red['enterprise_id']}"),
        record=lambda: asked.get("credit", f"/enterprises/{red['enterprise_id']}/record"),
        messages=lambda: asked.get("notify", "/messages", cause_id=str(warning_id)),
    )
    entries = parts["record"].value["bad_information"] if parts["record"].there else []
    return render_template(
        "desk/warning.html",
        told=told,
        red=red,
        parts=parts,
        entries=[entry for entry in entries if entry["warning_id"] == str(warning_id)],
        may_order=me().has(Role.INSPECTOR, Role.CHIEF),
    )


@views.post("/orders")
@for_roles(Role.INSPECTOR, Role.CHIEF)
def preview() -> Any:
    """What would be drafted for the ticked lines: an order for each enterprise."""
    ticked = chosen("warning")[:MOST_AT_ONCE]
    if not ticked:
        flash(_("请先勾选要处理的事项。"), "error")
        return redirect(request.referrer or url_for("desk_warnings.listed"))
    return render_template("desk/warnings_preview.html", found=_looked_up(ticked))


@views.post("/orders/confirmed")
@for_roles(Role.INSPECTOR, Role.CHIEF)
def draft_orders() -> Any:
    """Draft them one by one; what fails is told line by line, the others are there."""
    found = _looked_up(request.form.getlist("warning")[:MOST_AT_ONCE])
    made, failed = [], list(found.missing)
    key = request.form.get(KEY_FIELD, "")
    for draft in found.drafts:
        enterprise = draft["enterprise_id"]
        try:
            order = change(
                "拟制责令改正通知书",
                "POST",
                "inspection",
                "/orders/of-warnings",
                json={"warning_ids": [line["warning_id"] for line in draft["lines"]]},
                key=f"{key} {enterprise}",
            )
            made.append(draft | {"order": order})
        except (Away, Refused) as error:
            failed.append({"name": draft["name"], "why": why(error)})
    return render_template(
        "desk/warnings_drafted.html", made=made, failed=failed, cleared=found.cleared
    )


def chosen(what: str) -> list[str]:
    """What the ticked lines stand for: a `duty`, or the red `warning` of it where there is one.

    A line is `<duty>~<warning>`; a page about one warning names it alone.
    """
    lines = [pick.partition("~") for pick in request.form.getlist("pick")]
    of_lines = {"duty": [line[0] for line in lines], "warning": [line[2] for line in lines]}
    return [each for each in (*request.form.getlist(what), *of_lines[what]) if each]


@dataclass(frozen=True)
class LookedUp:
    """What became of the ticked lines, each of which is somewhere in here.

    drafts   by enterprise: its lines, its name
    missing  what could not be looked up, and why
    cleared  how many are red no more
    """

    drafts: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    cleared: int


def _looked_up(ticked: list[str]) -> LookedUp:
    asked = ask()
    parts = asked.together(
        **{
            warning_id: lambda one=warning_id: asked.get(
                "inspection", f"/warnings/{id_in(one)}/explanation"
            )
            for warning_id in ticked
        }
    )
    lines, missing, cleared = defaultdict(list), [], 0
    for warning_id, part in parts.items():
        if not part.there:
            missing.append({"name": _("事项 %(id)s", id=warning_id[:8]), "why": why_not(part)})
        elif part.value["raised"]["cleared_on"]:
            cleared += 1
        else:
            red = part.value["raised"]["red"]
            lines[red["enterprise_id"]].append(red | {"warning_id": warning_id})
    names = asked.together(
        **{
            enterprise: lambda one=enterprise: asked.get("registry", f"/enterprises/{one}")
            for enterprise in lines
        }
    )
    drafts = [
        {
            "enterprise_id": enterprise,
            "name": names[enterprise].value["name"] if names[enterprise].there else enterprise,
            "lines": of,
        }
        for enterprise, of in lines.items()
    ]
    return LookedUp(drafts, missing, cleared)
