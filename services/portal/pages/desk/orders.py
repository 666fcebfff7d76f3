"""责令改正通知书: drafted, issued, followed up item by item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.model import STAFF, Role
from services.portal.web import lists
from services.portal.web.back import comes_back_on
from services.portal.web.evidence import kept
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import enterprise_names
from services.portal.web.typed import id_in, names_in, yes_no
from services.portal.web.writing import change

views = Blueprint("desk_orders", __name__, url_prefix="/desk/orders")

FILTERS = ("state", "division", "overdue")
WORKING = (Role.INSPECTOR, Role.CHIEF)
STEPS = {
    "extension": "延长整改期限",
    "proof": "登记企业提交的整改材料",
    "recheck": "整改复查",
    "withdrawal": "撤回整改项",
    "second-term": "再次责令限期整改",
}


@views.get("/")
@for_roles(*STAFF)
def listed() -> Any:
    """Filters in the URL."""
    wanted = lists.filters(*FILTERS)
    answer = ask().get(
        "inspection", "/orders", **wanted, limit=lists.size(), after=request.args.get("after")
    )
    return render_template(
        "desk/orders.html",
        found=answer["items"],
        names=enterprise_names(one["enterprise_id"] for one in answer["items"]),
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        following=lists.next_url(answer),
    )


@views.get("/<uuid:order_id>")
@for_roles(*STAFF)
def order(order_id: UUID) -> Any:
    """Items with their terms and what may be done; every step that was taken; documents."""
    asked = ask()
    told = asked.get("inspection", f"/orders/{order_id}/explanation")
    parts = asked.together(
        documents=lambda: asked.get("inspection", f"/orders/{order_id}/documents"),
        enterprise=lambda: asked.get("registry", f"/enterprises/{told['enterprise_id']}"),
    )
    return render_template(
        "desk/order.html",
        order=told,
        parts=parts,
        may_work=me().has(*WORKING),
        may_issue=me().has(Role.CHIEF),
    )


@views.get("/new")
@for_roles(*WORKING)
def new() -> Any:
    """A draft that no warning asked for."""
    number = id_in(request.values["enterprise_id"])
    enterprise = ask().get("registry", f"/enterprises/{number}")
    return render_template("desk/order_new.html", enterprise=enterprise, matters=_matters())


@views.post("/new")
@for_roles(*WORKING)
@comes_back_on(new)
def draft() -> Any:
    """Kept as a draft."""
    given = request.form.to_dict()
    item = {
        name: given.get(name, "") for name in ("matter", "description", "basis", "requirement")
    }
    body = {"enterprise_id": given["enterprise_id"], "origin": "direct", "items": [item]}
    made = change("拟制责令改正通知书", "POST", "inspection", "/orders", json=body)
    flash(f"order-{given['enterprise_id']}", "draft")
    return redirect(url_for("desk_orders.order", order_id=made["order_id"]))


@views.post("/<uuid:order_id>/issue")
@for_roles(Role.CHIEF)
@comes_back_on(order)
def issue(order_id: UUID) -> Any:
    """It gets its number now, and binds."""
    body = {"officers": names_in(request.form.get("officers", ""))}
    return _done(order_id, "下达责令改正通知书", f"/orders/{order_id}/issue", lambda: body)


@views.post("/<uuid:order_id>/discard")
@for_roles(*WORKING)
@comes_back_on(order)
def discard(order_id: UUID) -> Any:
    """A draft that is not wanted."""
    body = {"reason": request.form.get("reason", "")}
    return _done(order_id, "作废草稿", f"/orders/{order_id}/discard", lambda: body)


@views.post(f"/<uuid:order_id>/items/<uuid:item_id>/<any({','.join(map(repr, STEPS))}):step>")
@for_roles(*WORKING)
@comes_back_on(order)
def item_step(order_id: UUID, item_id: UUID, step: str) -> Any:
    """One step with one item."""
    sent = request.form
    bodies: dict[str, Any] = {
        "extension": lambda: {"until": sent.get("until"), "reason": sent.get("reason", "")},
        "proof": lambda: {"note": sent.get("note", ""), "evidence": kept("files")},
        "recheck": lambda: {
            "rectified": yes_no(sent.get("rectified")),
            "note": sent.get("note", ""),
            "officers": _two_of(sent),
            "evidence": kept("files"),
        },
        "withdrawal": lambda: {"reason": sent.get("reason", "")},
        "second-term": dict,
    }
    path = f"/orders/{order_id}/items/{item_id}/{step}"
    return _done(order_id, STEPS[step], path, bodies[step])


@views.post("/<uuid:order_id>/refusals")
@for_roles(*WORKING)
@comes_back_on(order)
def refusal(order_id: UUID) -> Any:
    """拒绝整改, or grave: a ground to propose the list."""
    sent = request.form
    return _done(
        order_id,
        "记录拒绝整改",
        f"/orders/{order_id}/refusals",
        lambda: {
            "ground": sent.get("ground"),
            "statement": sent.get("statement", ""),
            "officers": _two_of(sent),
            "evidence": kept("files"),
        },
    )


@views.post("/<uuid:order_id>/documents")
@for_roles(*WORKING)
@comes_back_on(order)
def document(order_id: UUID) -> Any:
    """Written once; printed again it has the same bytes."""
    body = {"kind": request.form.get("kind"), "item_id": request.form.get("item_id") or None}
    return _done(order_id, "制作文书", f"/orders/{order_id}/documents", lambda: body)


def _matters() -> list[tuple[str, str]]:
    return [(one["code"], one["label"]) for one in ask().get("inspection", "/matters")["items"]]


def _two_of(sent: Mapping[str, str]) -> list[str]:
    """The one who writes, and who was named beside."""
    return [me().identity.name, *names_in(sent.get("officer2", ""))]


def _done(order_id: UUID, action: str, path: str, body: Callable[[], dict[str, Any]]) -> Any:
    """*body* keeps evidence first, which may be refused like the step itself."""
    change(action, "POST", "inspection", path, json=body())
    flash(_("已办理：%(action)s", action=_(action)))
    return redirect(url_for("desk_orders.order", order_id=order_id))
