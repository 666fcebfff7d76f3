"""The first page: one box, the lists, and what can be seen where."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from services.portal.web import limits
from services.portal.web.me import open_to_all

views = Blueprint("public_home", __name__)


@views.get("/")
@limits.limiter.limit(limits.visitors)
@open_to_all
def home() -> Any:
    """Search, lists, entries, and for a newcomer what can be seen where."""
    return render_template("public/home.html")
