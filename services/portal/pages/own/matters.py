"""Orders with proof, cases, credit records: what an enterprise answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.model import Role
from services.portal.web.back import comes_back_on
from services.portal.web.evidence import kept
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles
from services.portal.web.writing import change

views = Blueprint("own_matters", __name__, url_prefix="/my")

ASKED = ("kind", "words", "corrected_on", "duties_done_on", "promised_on")


@views.get("/orders/<uuid:order_id>")
@for_roles(Role.ENTERPRISE)
def order(order_id: UUID) -> Any:
    """What must be put right by when; hand in what shows it."""
    asked = ask()
    parts = asked.together(
        order=lambda: asked.get("inspection", f"/orders/{order_id}"),
        documents=lambda: asked.get("inspection", f"/orders/{order_id}/documents"),
    )
    if parts["order"].refused:
        raise parts["order"].refused
    return render_template("own/order.html", parts=parts)


@views.post("/orders/<uuid:order_id>/items/<uuid:item_id>/proof")
@for_roles(Role.ENTERPRISE)
@comes_back_on(order)
def proof(order_id: UUID, item_id: UUID) -> Any:
    """Photographs and papers; the officers look at them within their term."""
    body = {"note": request.form.get("note", ""), "evidence": kept("files")}
    path = f"/orders/{order_id}/items/{item_id}/proof"
    change("企业提交整改材料", "POST", "inspection", path, json=body)
    flash(_("整改材料已提交，等待复查。"))
    return redirect(url_for("own_matters.order", order_id=order_id))


@views.get("/cases/<uuid:case_id>")
@for_roles(Role.ENTERPRISE)
def case(case_id: UUID) -> Any:
    """Where it stands, its terms, its papers."""
    asked = ask()
    parts = asked.together(
        case=lambda: asked.get("inspection", f"/cases/{case_id}"),
        documents=lambda: asked.get("inspection", f"/cases/{case_id}/documents"),
    )
    if parts["case"].refused:
        raise parts["case"].refused
    return render_template("own/case.html", parts=parts)


@views.get("/credit/<any('bad-information',records):what>/<uuid:number>")
@for_roles(Role.ENTERPRISE)
def credit(what: str, number: UUID) -> Any:
    """One entry with its grounds; answer it, object to it, ask for repair."""
    asked = ask()
    parts = asked.together(
        entry=lambda: asked.get("credit", f"/{what}/{number}"),
        why=lambda: asked.get("credit", f"/{what}/{number}/explanation"),
    )
    if parts["entry"].refused:
        raise parts["entry"].refused
    return render_template("own/credit.html", parts=parts, what=what)


@views.post(
    "/credit/<any('bad-information',records):what>/<uuid:number>/<any(reply,requests):step>"
)
@for_roles(Role.ENTERPRISE)
@comes_back_on(credit)
def answer(what: str, number: UUID, step: str) -> Any:
    """The right of reply; objection, correction, repair."""
    path = f"/{what}/{number}/{step}"
    if step == "reply":
        body: dict[str, Any] = {"words": request.form.get("words", "")}
        change("企业作出说明", "PUT", "credit", path, json=body)
        flash(_("说明已提交，与该条信息一并公示。"))
    else:
        body = {name: request.form[name] for name in ASKED if request.form.get(name)}
        made = change("企业提出申请", "POST", "credit", path, json=body)
        flash(_("申请已收到，答复期限 %(day)s。", day=made["due_on"]))
    return redirect(url_for("own_matters.credit", what=what, number=number))
