"""Facts and entries as the tests of bad information tell them: the ordinary case, changed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from services.chassis.policy import Policy
from services.credit.model import BadInformation, Cleared, Red, WarningFacts
from services.credit.rules import confirm, settle
from services.events.inspection import ClearedBy
from services.events.registry import DutyKind, ObjectKind

POLICY_FILE = Path(__file__).parents[2] / "services" / "credit" / "policy.yaml"
BAOJI = Policy.read(POLICY_FILE, "baoji-2013")
CURRENT = Policy.read(POLICY_FILE, "cn-current")
MONDAY = date(2014, 3, 3)
LAST_DAY = date(2014, 3, 18)
DAY = timedelta(days=1)


def red(**changes: Any) -> Red:
    facts: dict[str, Any] = {
        "revision": 1,
        "message_id": UUID(int=101),
        "enterprise_id": UUID(int=2),
        "division": "610303",
        "object_id": UUID(int=3),
        "object_kind": ObjectKind.INSTRUMENT,
        "object_label": "电子汽车衡 03 号",
        "duty": DutyKind.VERIFICATION,
        "was_due_on": date(2014, 3, 2),
        "turned_red_on": MONDAY,
        "endangers_safety": False,
    }
    return Red(**facts | changes)


def cleared(on: date, by: ClearedBy = ClearedBy.DONE, *, revision: int = 2) -> Cleared:
    return Cleared(revision=revision, message_id=UUID(int=102), cleared_on=on, cleared_by=by)


def known(red: Red | None = None, cleared: Cleared | None = None) -> WarningFacts:
    return WarningFacts(warning_id=UUID(int=1), red=red, cleared=cleared)


def published(*, policy: Policy = BAOJI, on: date = MONDAY, **changes: Any) -> BadInformation:
    """An entry as publication leaves it."""
    if policy is BAOJI:
        [taken] = settle(known(red(**changes)), None, today=on, policy=policy)
    else:
        [drafted] = settle(known(red(**changes)), None, today=on, policy=policy)
        taken = confirm(known(red()), drafted.entry, by="张三", today=on, policy=policy)
    return taken.entry
