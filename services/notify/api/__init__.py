"""The internal API of the notify service: JSON, within the caller's scope. Cut by subject."""

from __future__ import annotations

from flask import Blueprint

from services.notify.api import (
    directives,
    hooks,
    inbox,
    messages,
    reach,
    seals,
    supervision,
    templates,
)
from services.notify.api.keeper import Keeper

__all__ = ["blueprint"]


def blueprint(service: Keeper) -> Blueprint:
    """The views of the notify service."""
    views = Blueprint("notify", __name__)
    messages.add_views(views, service)
    inbox.add_views(views, service)
    reach.add_views(views, service)
    hooks.add_views(views, service)
    directives.add_views(views, service)
    templates.add_views(views, service)
    supervision.add_views(views, service)
    seals.add_views(views, service)
    return views
