"""The public query: by part of a name or a whole code, no login, no captcha."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from services.portal.pages.public.lists import LISTS
from services.portal.web import limits, lists
from services.portal.web.me import ask, open_to_all
from services.portal.web.refusals import errors_of
from services.portal.web.services import Refused

views = Blueprint("public_search", __name__)

WHOLE_CODE = 18


@views.get("/search")
@limits.limiter.limit(limits.visitors)
@open_to_all
def results() -> Any:
    """A whole credit code goes straight to the record."""
    typed = request.args.get("q", "").strip()
    answer, errors = None, []
    if typed:
        try:
            after = request.args.get("after")
            answer = ask().get("credit", "/public/enterprises", q=typed, after=after)
        except Refused as refused:
            errors = errors_of(refused)
    if answer and len(typed) == WHOLE_CODE and len(answer["items"]) == 1:
        found = answer["items"][0]["enterprise_id"]
        return redirect(url_for("public_records.record", enterprise_id=found))
    page = render_template(
        "public/search.html",
        typed=typed,
        answer=answer,
        errors=errors,
        following=lists.next_url(answer) if answer else None,
    )
    return (page, 422) if errors else page


@views.get("/lists/<name>")
@limits.limiter.limit(limits.visitors)
@open_to_all
def listed(name: str) -> Any:
    """One list, the newest first."""
    if name not in LISTS:
        abort(404)
    answer = ask().get("credit", f"/public/lists/{name}", after=request.args.get("after"))
    return render_template(
        "public/list.html",
        name=name,
        title=LISTS[name],
        lists=LISTS,
        answer=answer,
        following=lists.next_url(answer),
    )
