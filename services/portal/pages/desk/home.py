"""The workbench's first page: the eleven information points, and what waits for me."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from services.portal.model import STAFF
from services.portal.web.me import ask, for_roles

views = Blueprint("desk_home", __name__, url_prefix="/desk")


@views.get("/")
@for_roles(*STAFF)
def home() -> Any:
    """Each service answers for its points (decision 0017)."""
    asked = ask()
    parts = asked.together(
        inspection=lambda: asked.get("inspection", "/information-points"),
        credit=lambda: asked.get("credit", "/information-points"),
        notify=lambda: asked.get("notify", "/information-points"),
    )
    return render_template("desk/home.html", parts=parts)
