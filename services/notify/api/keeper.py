"""What the views need of the service."""

from __future__ import annotations

from typing import Protocol

from services.chassis.database import Database
from services.chassis.sealing import Seals
from services.chassis.settings import Settings
from services.notify.channels.opened import WaysOut
from services.notify.practice import Practice


class Keeper(Protocol):
    """Who keeps the messages: the notify service."""

    database: Database
    seals: Seals
    settings: Settings

    @property
    def practice(self) -> Practice: ...

    @property
    def ways_out(self) -> WaysOut: ...
