"""Chinese or English: for everybody, also where nobody can log in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request

from services.portal.web.language import COOKIE, LANGUAGES
from services.portal.web.me import open_to_all
from services.portal.web.targets import inside

views = Blueprint("language", __name__)

YEAR = 365 * 24 * 3600  # seconds


@views.get("/language/<code>")
@open_to_all
def chosen(code: str) -> Any:
    """This language from now on, and back to the page."""
    answer = redirect(inside(request.args.get("next")) or "/")
    if code in LANGUAGES:
        answer.set_cookie(COOKIE, code, max_age=YEAR, samesite="Lax")
    return answer
