"""Links with which users set a password."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import clock
from services.portal.store import users
from services.portal.web.state import state


def login_link(session: Session, user_id: UUID) -> str:
    """A new one; earlier ones of the user end."""
    known = state()
    hours = known.policy.number("link_hours", on=clock.today())
    token = users.make_link(session, user_id, now=clock.now(), hours=hours)
    return f"{known.settings.portal_address}/first/{token}"
