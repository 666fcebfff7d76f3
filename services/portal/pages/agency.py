"""What another department reads (docs/access.md), and the records that it enters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from services.portal.model import Role
from services.portal.web import lists
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import enterprise_names
from services.portal.web.refusals import errors_of
from services.portal.web.services import Refused

views = Blueprint("agency", __name__, url_prefix="/agency")

SHOWN = 200
WARNING_FILTERS = ("colour", "division", "kind", "duty")


@views.get("/")
@for_roles(Role.AGENCY)
def home() -> Any:
    """One box over enterprises and objects."""
    typed, answer, errors = request.args.get("q", "").strip(), None, None
    if typed:
        try:
            after = request.args.get("after")
            answer = ask().get("registry", "/search", text=typed, after=after)
        except Refused as refused:
            errors = errors_of(refused)
    return render_template(
        "agency/home.html",
        typed=typed,
        answer=answer,
        errors=errors,
        following=lists.next_url(answer) if answer else None,
    ), 422 if errors else 200


@views.get("/enterprises/<uuid:enterprise_id>")
@for_roles(Role.AGENCY)
def enterprise(enterprise_id: UUID) -> Any:
    """Who it is, what it has, how that stands, what is published of it."""
    asked, one = ask(), f"/enterprises/{enterprise_id}"
    own = {"enterprise_id": str(enterprise_id)}
    parts = asked.together(
        file=lambda: asked.get("registry", one),
        duties=lambda: asked.get("inspection", "/warnings", **own, limit=SHOWN),
        orders=lambda: asked.get("inspection", "/orders", **own),
        record=lambda: asked.find("credit", f"{one}/record"),
        grade=lambda: asked.find("credit", f"{one}/grade"),
    )
    if parts["file"].refused:
        raise parts["file"].refused
    return render_template("agency/enterprise.html", parts=parts, enterprise_id=enterprise_id)


@views.get("/objects/<uuid:object_id>")
@for_roles(Role.AGENCY)
def object_(object_id: UUID) -> Any:
    """What it is, and why its duties have their colours."""
    asked = ask()
    parts = asked.together(
        facts=lambda: asked.get("registry", f"/objects/{object_id}"),
        standing=lambda: asked.find("inspection", f"/objects/{object_id}"),
    )
    if parts["facts"].refused:
        raise parts["facts"].refused
    return render_template("agency/object.html", parts=parts, object_id=object_id)


@views.get("/warnings")
@for_roles(Role.AGENCY)
def warnings() -> Any:
    """What is red or falls due."""
    wanted, after = lists.filters(*WARNING_FILTERS), request.args.get("after")
    found = ask().get("inspection", "/warnings", **wanted, limit=lists.size(), after=after)
    return render_template(
        "agency/warnings.html",
        found=found["items"],
        names=enterprise_names(one["enterprise_id"] for one in found["items"]),
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        following=lists.next_url(found),
    )


@views.get("/records")
@for_roles(Role.AGENCY)
def records() -> Any:
    """What is published, and what this account entered."""
    wanted, after = lists.filters("kind", "state"), request.args.get("after")
    found = ask().get("credit", "/records", **wanted, limit=lists.size(), after=after)
    return render_template(
        "agency/records.html",
        found=found["items"],
        names=enterprise_names(one["enterprise_id"] for one in found["items"]),
        wanted=wanted,
        following=lists.next_url(found),
    )


@views.get("/records/<uuid:record_id>")
@for_roles(Role.AGENCY)
def record(record_id: UUID) -> Any:
    """One of them."""
    found = ask().get("credit", f"/records/{record_id}")
    names = enterprise_names([found["enterprise_id"]])
    return render_template("agency/record.html", record=found, names=names)
