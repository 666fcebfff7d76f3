"""The registry service: what wakes it up. It hears nothing; files come through its API."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.chassis.settings import Settings
from services.registry.store import queries


class RegistryService:
    """底数."""

    name = "registry"
    database: Database
    settings: Settings
    seals: Seals

    def status(self, session: Session) -> dict[str, Any]:
        """Counts for `bianque status`."""
        return queries.counts(session)
