"""执法办案: cases, their steps, their documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from services.portal.model import STAFF, Role
from services.portal.pages.desk.case_steps import STEPS
from services.portal.web import lists
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import enterprise_names
from services.portal.web.typed import id_in
from services.portal.web.words import word
from services.portal.web.writing import change

views = Blueprint("desk_cases", __name__, url_prefix="/desk/cases")

FILTERS = ("state", "division", "term", "until")
WORKING = (Role.INSPECTOR, Role.CHIEF)


@views.get("/")
@for_roles(*STAFF)
def listed() -> Any:
    """Filters in the URL."""
    wanted = lists.filters(*FILTERS)
    answer = ask().get(
        "inspection", "/cases", **wanted, limit=lists.size(), after=request.args.get("after")
    )
    return render_template(
        "desk/cases.html",
        found=answer["items"],
        names=enterprise_names(one["enterprise_id"] for one in answer["items"]),
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        following=lists.next_url(answer),
    )


@views.get("/<uuid:case_id>")
@for_roles(*STAFF)
def case(case_id: UUID) -> Any:
    """The file: where it stands, what may be done, every step, documents."""
    asked = ask()
    told = asked.get("inspection", f"/cases/{case_id}/explanation")
    parts = asked.together(
        documents=lambda: asked.get("inspection", f"/cases/{case_id}/documents")
    )
    return render_template(
        "desk/case.html",
        case=told,
        parts=parts,
        steps_known=STEPS,
        may_work=me().has(*WORKING),
    )


@views.get("/new")
@for_roles(*WORKING)
def new() -> Any:
    """A clue that a person takes in hand."""
    given = request.values
    enterprise = ask().get("registry", f"/enterprises/{id_in(given['enterprise_id'])}")
    return render_template(
        "desk/case_new.html", enterprise=enterprise, given=given, matters=_matters()
    )


@views.post("/new")
@for_roles(*WORKING)
@comes_back_on(new)
def open_clue() -> Any:
    """The case begins."""
    given = request.form.to_dict()
    names = ("enterprise_id", "origin", "matter", "description", "order_id", "visit_id")
    body = {name: given[name] for name in names if given.get(name)}
    made = change("登记案件线索", "POST", "inspection", "/cases", json=body)
    return redirect(url_for("desk_cases.case", case_id=made["case_id"]))


@views.post("/<uuid:case_id>/steps/<step>")
@for_roles(*WORKING)
@comes_back_on(case)
def take(case_id: UUID, step: str) -> Any:
    """One step; what the rules refuse is shown beside what was written."""
    if step not in STEPS:
        raise NotFound
    known = STEPS[step]
    body = known.body(request.form, me().identity.name)
    path = f"/cases/{case_id}/{known.path}"
    change(f"案件：{word(step, 'case_step')}", "POST", "inspection", path, json=body)
    flash(_("已办理：%(action)s", action=word(step, "case_step")))
    return redirect(url_for("desk_cases.case", case_id=case_id))


@views.post("/<uuid:case_id>/documents")
@for_roles(*WORKING)
@comes_back_on(case)
def document(case_id: UUID) -> Any:
    """Notice, decision, receipt."""
    body = {"kind": request.form.get("kind")}
    change("制作文书", "POST", "inspection", f"/cases/{case_id}/documents", json=body)
    return redirect(url_for("desk_cases.case", case_id=case_id))


def _matters() -> list[tuple[str, str]]:
    return [(one["code"], one["label"]) for one in ask().get("inspection", "/matters")["items"]]
