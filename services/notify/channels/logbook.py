"""How the tries of a round went, together with those that came before it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from services.chassis import clock
from services.notify.model import Try

T = TypeVar("T")


class Logbook:
    """Kept in memory for one round; what is new in it goes into the database bit by bit."""

    def __init__(self, earlier: Iterable[Try] = ()) -> None:
        self._all = list(earlier)
        self._new: list[Try] = []

    def of(self, way: str, *, since: datetime) -> list[Try]:
        """The tries of one provider or robot after an instant."""
        return [one for one in self._all if one.way == way and one.at > since]

    def timed(self, way: str, act: Callable[[], T]) -> T:
        """Do it, and note how it went."""
        began, worked = time.monotonic(), False
        try:
            done = act()
            worked = True
            return done
        finally:
            took = timedelta(seconds=time.monotonic() - began)
            self._note(Try(way=way, at=clock.now(), took=took, worked=worked))

    def taken(self) -> list[Try]:
        """What is new since this was asked last."""
        new, self._new = self._new, []
        return new

    def _note(self, one: Try) -> None:
        self._all.append(one)
        self._new.append(one)
