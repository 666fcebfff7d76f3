"""信息指令与工作督察: ordered, acknowledged, relayed, fed back, reported; figures with lists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.model import STAFF, Role
from services.portal.web import lists
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import unit_name
from services.portal.web.words import word
from services.portal.web.writing import change

views = Blueprint("desk_directives", __name__, url_prefix="/desk/directives")

STEPS = ("acknowledge", "feed_back", "send_back", "report", "recall", "relay")


@views.get("/")
@for_roles(*STAFF)
def listed() -> Any:
    """What my units were sent and sent."""
    wanted = lists.filters("unit", "sent_by", "open", "overdue")
    answer = ask().get(
        "notify", "/directives", **wanted, limit=lists.size(), after=request.args.get("after")
    )
    return render_template(
        "desk/directives.html",
        answer=answer,
        wanted=wanted,
        following=lists.next_url(answer),
        unit_name=unit_name,
        may_issue=me().has(Role.CHIEF, Role.COORDINATOR),
    )


@views.get("/new")
@for_roles(Role.CHIEF, Role.COORDINATOR)
def new() -> Any:
    """Order something."""
    return render_template(
        "desk/directive_new.html", divisions=lists.division_choices(me().identity.scope)
    )


@views.post("/new")
@for_roles(Role.CHIEF, Role.COORDINATOR)
@comes_back_on(new)
def issue() -> Any:
    """To bureaus."""
    given = request.form.to_dict()
    receivers = [f"bureau:{code}" for code in request.form.getlist("receiver")]
    body = {
        "title": given.get("title", ""),
        "text": given.get("text", ""),
        "receivers": receivers,
        "due_on": given.get("due_on") or None,
    }
    made = change("下达信息指令", "POST", "notify", "/directives", json=body)
    return redirect(url_for("desk_directives.directive", directive_id=made["id"]))


@views.get("/<uuid:directive_id>")
@for_roles(*STAFF)
def directive(directive_id: UUID) -> Any:
    """Every hop with its times."""
    told = ask().get("notify", f"/directives/{directive_id}")
    units = {f"bureau:{code}" for code in me().identity.scope.split(",")}
    return render_template(
        "desk/directive.html",
        directive=told,
        units=units,
        divisions=lists.division_choices(me().identity.scope),
        unit_name=unit_name,
        may_act=me().has(Role.CHIEF, Role.INSPECTOR, Role.COORDINATOR),
    )


@views.post("/<uuid:directive_id>/hops/<uuid:hop_id>/<step>")
@for_roles(Role.CHIEF, Role.INSPECTOR, Role.COORDINATOR)
@comes_back_on(directive)
def take(directive_id: UUID, hop_id: UUID, step: str) -> Any:
    """签收、转办、反馈、退回、报结、撤回."""
    sent = request.form
    body: dict[str, Any] = {"said": sent.get("said") or None}
    if step == "relay":
        body["receivers"] = [f"bureau:{code}" for code in sent.getlist("receiver")]
        body["due_on"] = sent.get("due_on") or None
    if step not in STEPS:
        return redirect(url_for("desk_directives.directive", directive_id=directive_id))
    action = f"信息指令：{word(step, 'directive_step')}"
    change(action, "POST", "notify", f"/directives/hops/{hop_id}/{step}", json=body)
    flash(_("已办理：%(action)s", action=word(step, "directive_step")))
    return redirect(url_for("desk_directives.directive", directive_id=directive_id))


@views.get("/supervision")
@for_roles(*STAFF)
def supervision() -> Any:
    """工作督察: figures of each unit and inbox."""
    wanted = lists.filters("division")
    told = ask().get("notify", "/supervision", **wanted)
    return render_template(
        "desk/supervision.html",
        told=told,
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        unit_name=unit_name,
    )
