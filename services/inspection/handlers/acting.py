"""Who acts: by name, on a day, within a scope, under the policy of the installation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.chassis.policy import Policy
from services.chassis.scope import EVERYTHING, Scope

EVERYWHERE = Scope(frozenset({EVERYTHING}))


class Unknown(LookupError):
    """There is no such thing, or it lies outside the scope of whoever asks."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Acting:
    """The person at the desk; *by* is None when a rule acts because its day has come.

    caused_by  the message that led to what is done
    """

    by: str | None
    scope: Scope
    today: date
    at: datetime
    policy: Policy
    bureau: str
    caused_by: UUID | None = None

    def by_rule(self, caused_by: UUID | None) -> Acting:
        """What follows by itself from what was just done."""
        return replace(self, by=None, scope=EVERYWHERE, caused_by=caused_by)
