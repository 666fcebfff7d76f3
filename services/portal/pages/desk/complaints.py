"""质量投诉: complaints and leads, their steps, who sent them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from services.portal.model import STAFF, Role
from services.portal.pages.desk.complaint_steps import OF_CHIEFS, STEPS
from services.portal.web import lists
from services.portal.web.back import comes_back_on
from services.portal.web.evidence import kept
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import division_name
from services.portal.web.paths import segment
from services.portal.web.services import BLOCK
from services.portal.web.state import state
from services.portal.web.typed import id_in
from services.portal.web.words import word
from services.portal.web.writing import change

views = Blueprint("desk_complaints", __name__, url_prefix="/desk/complaints")

FILTERS = ("colour", "state", "kind", "channel", "division", "number")
WORKING = (Role.INSPECTOR, Role.CHIEF)
TEXTS = ("kind", "channel", "source", "words", "wanted", "target", "division", "name", "phone")


@views.get("/")
@for_roles(*STAFF)
def listed() -> Any:
    """Filters in the URL."""
    wanted = lists.filters(*FILTERS)
    answer = ask().get(
        "inspection",
        "/complaints",
        **wanted,
        limit=lists.size(),
        after=request.args.get("after"),
    )
    return render_template(
        "desk/complaints.html",
        found=answer["items"],
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        following=lists.next_url(answer),
        may_work=me().has(*WORKING),
    )


@views.get("/<uuid:complaint_id>")
@for_roles(*STAFF)
def complaint(complaint_id: UUID, whole: Any = None) -> Any:
    """The file: where it stands, what may be done, what is like it, every step."""
    asked = ask()
    told = asked.get("inspection", f"/complaints/{complaint_id}/explanation")
    return render_template(
        "desk/complaint.html",
        complaint=told,
        photographs=_photographs(told),
        whole=whole,
        matters=_matters() if told["state"] == "checked" else [],
        bureaus=_bureaus(),
        steps_known={name: step for name, step in STEPS.items() if _may(name)},
        may_work=me().has(*WORKING),
    )


@views.get("/new")
@for_roles(*WORKING)
def new() -> Any:
    """Taken down by a clerk; from an enterprise's file it is known whom it is about."""
    given = request.values
    number = given.get("enterprise_id")
    enterprise = ask().get("registry", f"/enterprises/{id_in(number)}") if number else None
    return render_template(
        "desk/complaint_new.html",
        given=given,
        enterprise=enterprise,
        divisions=lists.division_choices(me().identity.scope),
    )


@views.post("/new")
@for_roles(*WORKING)
@comes_back_on(new)
def receive() -> Any:
    """Number and code at once, to be told to whoever called."""
    given = request.form
    body: dict[str, Any] = {name: given[name] for name in TEXTS if given.get(name)}
    if given.get("enterprise_id"):
        body["enterprise_id"] = given["enterprise_id"]
    body["evidence"] = kept("files")
    made = change("登记投诉举报", "POST", "inspection", "/complaints", json=body)
    return render_template("desk/complaint_received.html", made=made), 201


@views.post("/<uuid:complaint_id>/steps/<step>")
@for_roles(*WORKING)
@comes_back_on(complaint)
def take(complaint_id: UUID, step: str) -> Any:
    """One step; what the rules refuse is shown beside what was written."""
    if step not in STEPS or not _may(step):
        raise NotFound
    known = STEPS[step]
    name = word(step, "complaint_step")
    body = known.body(request.form, me().identity.name)
    path = f"/complaints/{complaint_id}/{known.path}"
    change(f"投诉举报：{name}", "POST", "inspection", path, json=body)
    flash(_("已办理：%(action)s", action=name))
    if step == "transfer":  # it may not be ours to look at any more
        return redirect(url_for("desk_complaints.listed"))
    return redirect(url_for("desk_complaints.complaint", complaint_id=complaint_id))


@views.post("/<uuid:complaint_id>/reveal")
@for_roles(*WORKING)
@comes_back_on(complaint)
def reveal(complaint_id: UUID) -> Any:
    """Who sent it, in full, for a purpose that is written down; on this page alone."""
    body = {"purpose": request.form.get("purpose", "")}
    path = f"/complaints/{complaint_id}/reveal"
    whole = change("查看投诉举报人完整信息", "POST", "inspection", path, json=body)
    return complaint(complaint_id, whole=whole)


@views.get("/<uuid:complaint_id>/evidence/<digest>")
@for_roles(*STAFF)
def evidence(complaint_id: UUID, digest: str) -> Any:
    """A photograph or paper as it was handed in."""
    found = ask().file("inspection", f"/complaints/{complaint_id}/evidence/{segment(digest)}")
    return Response(found.iter_content(BLOCK), mimetype=found.headers["Content-Type"])


def _may(step: str) -> bool:
    return step not in OF_CHIEFS or me().has(Role.CHIEF)


def _photographs(told: dict[str, Any]) -> list[str]:
    """Of all steps, each once."""
    named = [digest for s in told["steps"] for digest in s["particulars"].get("evidence", ())]
    return list(dict.fromkeys(named))


def _bureaus() -> list[tuple[str, str]]:
    """The counties, and the city itself."""
    city = state().settings.bureau
    return [*lists.division_choices(city), (city, division_name(city))]


def _matters() -> list[tuple[str, str]]:
    return [(one["code"], one["label"]) for one in ask().get("inspection", "/matters")["items"]]
