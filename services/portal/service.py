"""The portal put together: its database, its policy, the settings. It hears nothing."""

from __future__ import annotations

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.settings import SettingBroken, Settings


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
