"""What every channel can do, and how it says that it could not."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from services.notify.model import Medium, Outgoing, Receipt


class SendFailed(Exception):
    """It did not work now; the same may work later."""


class ServerAway(SendFailed):
    """Nobody takes anything at the moment: the others need not be tried now either."""


class Postponed(SendFailed):
    """Nothing is wrong; it may only be sent from *until* on. It does not count as a try."""

    def __init__(self, why: str, *, until: datetime) -> None:
        super().__init__(why)
        self.until = until


class SendRefused(Exception):
    """This will never work: the address or the message itself is not accepted."""


class HookGone(SendRefused):
    """The receiver says that nothing is to be posted there any more."""


class Withheld(SendRefused):
    """The receiver is another department, and this is not for it. Its address is well."""


class Channel(Protocol):
    """One way out. One channel is used by one sender for one round, then closed."""

    medium: Medium

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand it over. Returns only when the other side has it for good.

        The same *delivery_id* may come again after a crash: a receiver can tell by it.
        Raises SendFailed or SendRefused.
        """
        ...

    def close(self) -> None:
        """Let go of whatever is held open. Never raises."""
        ...
