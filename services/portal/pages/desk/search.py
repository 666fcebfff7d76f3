"""One box over enterprises and objects."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from services.portal.model import STAFF
from services.portal.web import lists
from services.portal.web.limits import exports as export_limit, limiter
from services.portal.web.me import ask, for_roles, me
from services.portal.web.services import BLOCK, Refused
from services.portal.web.writing import change

views = Blueprint("desk_search", __name__, url_prefix="/desk/search")

FILTERS = ("kind", "division", "status", "industry")
SHORTEST_WHOLE_CODE = 15  # a registration number; a credit code has 18


@views.get("/")
@for_roles(*STAFF)
def results() -> Any:
    """What was found; a whole code that finds one thing opens it."""
    typed = request.args.get("q", "").strip()
    wanted = lists.filters(*FILTERS)
    answer, errors = None, []
    if typed:
        try:
            answer = ask().get(
                "registry", "/search", text=typed, **wanted, after=request.args.get("after")
            )
        except Refused as refused:
            errors = [("q", str(refused))]
    if answer and len(answer["items"]) == 1 and len(typed) >= SHORTEST_WHOLE_CODE:
        return redirect(_page_of(answer["items"][0]))
    return render_template(
        "desk/search.html",
        typed=typed,
        wanted=wanted,
        answer=answer,
        errors=errors,
        following=lists.next_url(answer) if answer else None,
        divisions=lists.division_choices(me().identity.scope),
        page_of=_page_of,
    )


@views.post("/export")
@limiter.limit(export_limit)
@for_roles(*STAFF)
def export() -> Any:
    """The whole result as a workbook or CSV, written by the registry."""
    kind = "csv" if request.form.get("format") == "csv" else "xlsx"
    wanted = {name: request.form[name] for name in FILTERS if request.form.get(name)}
    asked = {"text": request.form.get("q", ""), **wanted}
    made = change("导出查询结果", "POST", "registry", "/search/exports", json=asked)
    file = ask().file("registry", f"/search/exports/{made['id']}", format=kind)
    headers = {"Content-Disposition": file.headers["Content-Disposition"]}
    return Response(
        file.iter_content(BLOCK), mimetype=file.headers["Content-Type"], headers=headers
    )


def _page_of(found: dict[str, Any]) -> str:
    if found["what"] == "enterprise":
        return url_for("desk_enterprises.enterprise", enterprise_id=found["id"])
    return url_for("desk_objects.object_", object_id=found["id"])
