"""What all views of inspection ask with: the service, divisions and scopes, answers in JSON."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from marshmallow import validate

from services.chassis import api
from services.chassis.api import Scope
from services.chassis.database import Database
from services.chassis.policy import Policy
from services.chassis.sealing import Seals
from services.chassis.settings import Settings
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.visits.checklists import Checklists

MOST = 200
DIVISION = validate.Regexp(r"\d{6}", error="应为六位行政区划代码, 例如 610303")


class Inspection(Protocol):
    """What the views need of the service."""

    database: Database
    policy: Policy
    seals: Seals
    settings: Settings

    @property
    def table(self) -> RuleTable: ...

    @property
    def checklists(self) -> Checklists: ...


def plain(value: Any) -> Any:
    """Days as YYYY-MM-DD, ids and words as text: fit for JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def scopes_of(division: str | None) -> list[Scope]:
    """The caller's own, and what lies in the division asked for."""
    own = api.caller().scope
    return [own, Scope.parse(division)] if division else [own]
