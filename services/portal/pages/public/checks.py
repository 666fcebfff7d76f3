"""What stands behind a printed code: the page of a unit (/e/...), the check of a paper (/v/...)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from segno import make_qr

from services.portal.web import limits
from services.portal.web.me import ask, open_to_all
from services.portal.web.paths import segment
from services.portal.web.state import state

views = Blueprint("public_equipment", __name__)


@views.get("/e/<code>")
@limits.limiter.limit(limits.visitors)
@open_to_all
def equipment(code: str) -> Any:
    """What is it, who answers for it, when was it inspected, when next, whom to call."""
    asked = ask()
    facts = asked.get("registry", f"/public/equipment/{segment(code)}")
    parts = asked.together(
        dates=lambda: asked.find("inspection", f"/public/objects/{facts['id']}")
    )
    return render_template("public/equipment.html", facts=facts, parts=parts)


@views.get("/e/<code>/label.svg")
@limits.limiter.limit(limits.visitors)
@open_to_all
def label(code: str) -> Any:
    """The code to be printed on the unit's label."""
    ask().get("registry", f"/public/equipment/{segment(code)}")
    address = f"{state().settings.portal_address}/e/{quote(code, safe='')}"
    drawn = make_qr(address, error="M").svg_inline(scale=6, border=2, xmldecl=False, svgns=True)
    return Response(drawn, mimetype="image/svg+xml")


@views.get("/v")
@limits.limiter.limit(limits.visitors)
@open_to_all
def ask_for_code() -> Any:
    """The code on a paper, typed."""
    if code := request.args.get("code", "").strip():
        return redirect(url_for("public_equipment.document", code=code))
    return render_template("public/document.html", found=None, code="")


@views.get("/v/<code>")
@limits.limiter.limit(limits.visitors)
@open_to_all
def document(code: str) -> Any:
    """Whether a paper was written by the bureau and still holds; nobody's name."""
    found = ask().find("inspection", f"/documents/{segment(code)}")
    page = render_template("public/document.html", found=found, code=code)
    return page if found else (page, 404)
