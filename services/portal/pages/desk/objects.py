"""One object: what it is, all its duties, why each has its colour, what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from services.portal.model import STAFF
from services.portal.web.me import ask, for_roles

views = Blueprint("desk_objects", __name__, url_prefix="/desk/objects")


@views.get("/<uuid:object_id>")
@for_roles(*STAFF)
def object_(object_id: UUID) -> Any:
    """From the registry what it is; from inspection how it stands."""
    asked = ask()
    parts = asked.together(
        facts=lambda: asked.get("registry", f"/objects/{object_id}"),
        standing=lambda: asked.find("inspection", f"/objects/{object_id}"),
        bookings=lambda: asked.get("inspection", "/bookings", object_id=object_id),
        history=lambda: asked.get("registry", f"/objects/{object_id}/history"),
    )
    facts = parts["facts"]
    if facts.refused:
        raise facts.refused
    return render_template("desk/object.html", parts=parts, object_id=object_id)
