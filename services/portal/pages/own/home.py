"""The enterprise's first page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from services.portal.model import Role
from services.portal.web.me import ask, for_roles, me

views = Blueprint("own_home", __name__, url_prefix="/my")


@views.get("/")
@for_roles(Role.ENTERPRISE)
def home() -> Any:
    """Its name, its colours, what it is asked to do."""
    asked, enterprise = ask(), me().identity.enterprise
    parts = asked.together(
        file=lambda: asked.get("registry", f"/enterprises/{enterprise}"),
        warnings=lambda: asked.get("inspection", "/warnings", enterprise_id=enterprise),
    )
    return render_template("own/home.html", parts=parts)
