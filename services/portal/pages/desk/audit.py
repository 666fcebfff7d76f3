"""审计: who changed or took out what, and whether the chain of its lines holds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from services.chassis.scope import EVERYTHING
from services.portal.model import Role
from services.portal.store import audit
from services.portal.web.me import for_roles, me
from services.portal.web.state import state
from services.portal.web.typed import number_in

views = Blueprint("desk_audit", __name__, url_prefix="/desk/people/audit")

PAGE = 50


@views.get("")
@for_roles(Role.ADMINISTRATOR)
def listed() -> Any:
    """The newest first; `verify` reads the whole chain."""
    who = request.args.get("who", "").strip() or None
    before = number_in(request.args.get("before"))
    with state().database.reading() as session:
        found = audit.latest(session, who=who, before=before, limit=PAGE)
        last = audit.last(session)
        broken = audit.broken_at(session) if request.args.get("verify") else None
    return render_template(
        "desk/audit.html",
        found=[line for line in found if _mine(line)],
        following=found[-1].position if len(found) == PAGE else None,
        last=last,
        broken=broken,
        verified=bool(request.args.get("verify")),
        who=who,
    )


def _mine(line: audit.Line) -> bool:
    """What a visitor did belongs to no division: it is the matter of the whole bureau."""
    everywhere = line.divisions == EVERYTHING
    return me().covers(state().settings.bureau if everywhere else line.divisions)
