"""The portal put together: its database, its policy, the settings. It hears nothing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import clock
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.settings import SettingBroken, Settings
from services.portal.store import users


class PortalService:
    """门户."""

    name = "portal"
    database: Database
    policy: Policy
    settings: Settings

    def check(self) -> None:
        """Beside a broker a file of this machine is no place for users. Raises SettingBroken."""
        if self.settings.on_a_bus and self.name not in self.settings.database_urls:
            raise SettingBroken(
                "BIANQUE_PORTAL_DATABASE_URL is not set: beside a broker the portal keeps its "
                "users and its audit in a database of its own. See deploy/settings.md."
            )

    def login_link(self, session: Session, user_id: UUID) -> str:
        """A new link with which the user sets a password, once; earlier ones end."""
        hours = self.policy.number("link_hours", on=clock.today())
        token = users.make_link(session, user_id, now=clock.now(), hours=hours)
        return f"{self.settings.portal_address}/first/{token}"
