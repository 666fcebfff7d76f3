"""The first page: one box, the lists, and what can be seen where."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from services.portal.pages.public.lists import LISTS
from services.portal.web import limits
from services.portal.web.me import ask, open_to_all

views = Blueprint("public_home", __name__)

SHOWN = 5


@views.get("/")
@limits.limiter.limit(limits.visitors)
@open_to_all
def home() -> Any:
    """Search, the latest of two lists, entries, and for a newcomer what can be seen where."""
    asked = ask()
    parts = asked.together(
        **{
            name: lambda name=name: asked.get("credit", f"/public/lists/{name}", limit=SHOWN)
            for name in ("bad-information", "safety-alerts", "demonstrations")
        }
    )
    return render_template("public/home.html", parts=parts, lists=LISTS)


@views.get("/about")
@limits.limiter.limit(limits.visitors)
@open_to_all
def about() -> Any:
    """What the published information means and what it does not; rights; how to read on."""
    return render_template("public/about.html")
