"""Lists whose filters stand in the URL: shareable, kept after coming back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from services.portal.web.layout import query_with
from services.portal.web.names import divisions_of_today
from services.portal.web.typed import number_in

SIZES = (20, 50, 100)
USUAL = 50


def filters(*names: str) -> dict[str, str]:
    """What the URL asks for, by name; absent ones are left out."""
    found = {name: request.args.get(name, "").strip() for name in names}
    return {name: value for name, value in found.items() if value}


def size() -> int:
    """How many on a page."""
    asked = number_in(request.args.get("limit"))
    return asked if asked in SIZES else USUAL


def next_url(answer: Mapping[str, Any]) -> str | None:
    """The page behind this one."""
    return query_with(after=answer["next"]) if answer.get("next") else None


def division_choices(scope: str) -> list[tuple[str, str]]:
    """The divisions of today within a scope, for a filter or a form."""
    stems = [_stem(code) for code in scope.split(",")]
    return [
        (code, name)
        for code, name in sorted(divisions_of_today().items())
        if not code.endswith("00") and any(code.startswith(stem) for stem in stems)
    ]


def _stem(code: str) -> str:
    if code == "*":
        return ""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
