"""What the application holds for as long as it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.settings import Settings
from services.portal.web.naming import Site
from services.portal.web.services import Services

KEY = "bianque"


@dataclass(frozen=True)
class State:
    """Settings, users' database, policy, the ways to the services, the site's name."""

    settings: Settings
    database: Database
    policy: Policy
    services: Services
    site: Site

    @property
    def public_only(self) -> bool:
        """Whether nobody is known here: only what needs neither a login nor a token."""
        return self.settings.portal_parts == "public"


def state() -> State:
    """The state of the application in hand."""
    return cast("State", current_app.extensions[KEY])
