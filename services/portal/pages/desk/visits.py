"""监督检查: planned by risk, recorded on a phone, signed, concluded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from services.portal.model import STAFF, Role
from services.portal.pages.desk.visit_record import add_photographs, content_of, kept_in
from services.portal.web import lists
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import enterprise_names
from services.portal.web.paths import segment
from services.portal.web.services import BLOCK
from services.portal.web.typed import id_in, number_in
from services.portal.web.writing import change
from services.portal.web.written import written

views = Blueprint("desk_visits", __name__, url_prefix="/desk/visits")

FILTERS = ("state", "division", "from", "to")
WORKING = (Role.INSPECTOR, Role.CHIEF)
PLANNED = 50


@views.get("/")
@for_roles(*STAFF)
def listed() -> Any:
    """Filters in the URL."""
    wanted = lists.filters(*FILTERS)
    answer = ask().get(
        "inspection", "/visits", **wanted, limit=lists.size(), after=request.args.get("after")
    )
    return render_template(
        "desk/visits.html",
        found=answer["items"],
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        following=lists.next_url(answer),
    )


@views.get("/plan")
@for_roles(*STAFF)
def plan() -> Any:
    """Where to go first: by risk and due dates, everything of an enterprise in one visit."""
    wanted = lists.filters("division", "to")
    answer = ask().get("inspection", "/visits/plan", **wanted, limit=PLANNED)
    return render_template(
        "desk/visit_plan.html",
        found=answer["items"],
        names=enterprise_names(one["enterprise_id"] for one in answer["items"]),
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
    )


@views.get("/new")
@for_roles(*WORKING)
def new() -> Any:
    """Plan a visit to an enterprise."""
    enterprise_id = str(id_in(request.values["enterprise_id"]))
    asked = ask()
    parts = asked.together(
        enterprise=lambda: asked.get("registry", f"/enterprises/{enterprise_id}"),
        due=lambda: asked.get(
            "inspection", "/warnings", enterprise_id=enterprise_id, limit=200
        ),
    )
    if parts["enterprise"].refused:
        raise parts["enterprise"].refused
    return render_template("desk/visit_new.html", parts=parts, enterprise_id=enterprise_id)


@views.post("/new")
@for_roles(*WORKING)
@comes_back_on(new)
def schedule() -> Any:
    """Two officers with their certificates."""
    given = request.form.to_dict()
    officers = [
        {name: given.get(f"{name}{n}", "") for name in ("account", "name", "certificate")}
        for n in (1, 2, 3)
        if given.get(f"account{n}")
    ]
    body = {
        "enterprise_id": given.get("enterprise_id"),
        "purpose": given.get("purpose"),
        "planned_on": given.get("planned_on"),
        "officers": officers,
        "object_ids": request.form.getlist("object"),
    }
    made = change("安排监督检查", "POST", "inspection", "/visits", json=body)
    return redirect(url_for("desk_visits.visit", visit_id=made["visit_id"]))


@views.get("/<uuid:visit_id>")
@for_roles(*STAFF)
def visit(visit_id: UUID) -> Any:
    """The record: written while it is open, read when it is concluded.

    A record that was not taken comes back; if somebody else had saved meanwhile, what was saved
    stands next to it.
    """
    told = ask().get("inspection", f"/visits/{visit_id}")
    labels = {one["object_id"]: one["label"] for one in told["objects"]}
    sent, based_on = _record_sent(visit_id)
    beside = sent is not None and based_on != told["saves"]
    return render_template(
        "desk/visit.html",
        visit=told,
        labels=labels,
        content=sent or told["content"],
        answers=_by_row(sent or told["content"]),
        in_force=told["content"] if beside else None,
        in_force_answers=_by_row(told["content"]),
        mine=me().identity.name in {one["account"] for one in told["officers"]},
        may_work=me().has(*WORKING),
        is_open=told["state"] in ("planned", "draft"),
    )


@views.post("/<uuid:visit_id>/record")
@for_roles(*WORKING)
@comes_back_on(visit)
def record(visit_id: UUID) -> Any:
    """Save, with photographs: each is kept before the record names it; sent twice is one."""
    content = content_of(request.form)
    body = {"based_on": number_in(request.form.get("based_on")) or 0, "content": content}
    add_photographs(content, request.form, visit_id)
    change("保存检查记录", "PUT", "inspection", f"/visits/{visit_id}/record", json=body)
    flash(_("记录已保存"))
    flash(f"visit-{visit_id}", "draft")
    return redirect(url_for("desk_visits.visit", visit_id=visit_id))


@views.post("/<uuid:visit_id>/<any(signature,conclusion):step>")
@for_roles(*WORKING)
@comes_back_on(visit)
def step(visit_id: UUID, step: str) -> Any:
    """Sign as an officer; conclude."""
    action = "检查人员签字" if step == "signature" else "作出检查结论"
    return _done(visit_id, action, f"/visits/{visit_id}/{step}", {})


@views.post("/<uuid:visit_id>/representative")
@for_roles(*WORKING)
@comes_back_on(visit)
def represent(visit_id: UUID) -> Any:
    """The enterprise's representative signs, or will not."""
    sent = request.form
    body = {
        "name": sent.get("name", ""),
        "refused": sent.get("refused") == "1",
        "reason": sent.get("reason", ""),
        "witness": sent.get("witness", ""),
    }
    return _done(visit_id, "企业代表签字", f"/visits/{visit_id}/representative", body)


@views.post("/<uuid:visit_id>/cancellation")
@for_roles(*WORKING)
@comes_back_on(visit)
def cancel(visit_id: UUID) -> Any:
    """With a reason."""
    body = {"reason": request.form.get("reason", "")}
    return _done(visit_id, "取消检查", f"/visits/{visit_id}/cancellation", body)


@views.post("/<uuid:visit_id>/order")
@for_roles(*WORKING)
@comes_back_on(visit)
def order(visit_id: UUID) -> Any:
    """A draft of an order for what was found wrong."""
    made = change(
        "由检查拟制责令改正", "POST", "inspection", f"/visits/{visit_id}/order", json={}
    )
    return redirect(url_for("desk_orders.order", order_id=made["order_id"]))


@views.post("/<uuid:visit_id>/documents")
@for_roles(*WORKING)
@comes_back_on(visit)
def document(visit_id: UUID) -> Any:
    """The record on paper."""
    made = change(
        "制作检查记录", "POST", "inspection", f"/visits/{visit_id}/documents", json={}
    )
    return redirect(url_for("desk_documents.file", code=made["code"]))


@views.get("/<uuid:visit_id>/evidence/<digest>")
@for_roles(*STAFF)
def evidence(visit_id: UUID, digest: str) -> Any:
    """A photograph as it was taken."""
    found = ask().file("inspection", f"/visits/{visit_id}/evidence/{segment(digest)}")
    return Response(found.iter_content(BLOCK), mimetype=found.headers["Content-Type"])


@views.get("/<uuid:visit_id>/form")
@for_roles(*STAFF)
def form(visit_id: UUID) -> Any:
    """What is printed before or after the visit."""
    told = ask().get("inspection", f"/visits/{visit_id}/form")
    return render_template("desk/visit_form.html", form=told)


def _by_row(content: dict[str, Any]) -> dict[tuple[Any, Any], Any]:
    return {(one["object_id"], one["item"]): one for one in content.get("answers", [])}


def _record_sent(visit_id: UUID) -> tuple[dict[str, Any] | None, int]:
    """The record that was sent and not taken, and on which save it was based."""
    known = written()
    if known is None or known.path != url_for("desk_visits.record", visit_id=visit_id):
        return None, 0
    content = content_of(known.fields)
    kept_in(content, known.fields, known.kept)
    return content, number_in(known.fields.get("based_on")) or 0


def _done(visit_id: UUID, action: str, path: str, body: dict[str, Any]) -> Any:
    change(action, "POST", "inspection", path, json=body)
    flash(_("已办理：%(action)s", action=_(action)))
    return redirect(url_for("desk_visits.visit", visit_id=visit_id))
