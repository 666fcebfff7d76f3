"""Addresses: parts of them that somebody typed, and how they are told in a log."""

from __future__ import annotations

from urllib.parse import quote

from flask import request
from werkzeug.exceptions import NotFound

SECRET = frozenset({"token", "code"})  # parts of a page's address that open something
HIDDEN = "***"


def segment(typed: str) -> str:
    """One part of a service's address, of what somebody typed. Raises NotFound.

    Dots alone would lead elsewhere: whoever sends an address takes them out of it.
    """
    if typed in ("", ".", ".."):
        raise NotFound
    return quote(typed, safe="")


def logged() -> str:
    """The address in hand without what is secret in it: many people read a log."""
    rule = request.url_rule
    if rule is None:  # no page of ours: nobody knows what stands in it
        return HIDDEN
    hidden = {name: HIDDEN for name in request.view_args or {} if name in SECRET}
    if not hidden:
        return request.path
    return "".join(
        f"/{hidden.get(part.strip('<>').rpartition(':')[2], part)}"
        for part in rule.rule.removeprefix("/").split("/")
    )
