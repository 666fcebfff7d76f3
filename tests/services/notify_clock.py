"""A clock that tests of the notify service move on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.chassis import clock


class Days:
    """A clock that a test moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, begins: datetime | None = None) -> None:
        self._real = clock.now
        self._ahead = begins - self._real() if begins else timedelta(0)
        monkeypatch.setattr(clock, "now", lambda: self._real() + self._ahead)

    def pass_by(self, time: timedelta) -> None:
        self._ahead += time
