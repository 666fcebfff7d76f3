"""The day that all colours stand for: the last evaluated one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.events.registry import ObjectKind
from services.inspection.rules.codes import stem
from services.inspection.rules.rule_table import RuleTable
from services.inspection.rules.ruling import BEFORE_ALL, Ruling, ruling
from services.inspection.store import days


def standing_ruling(
    session: Session, *, today: date, policy: Policy, table: RuleTable
) -> Ruling:
    """The day that all stands for, with its rules; before any evaluation today's rules."""
    known = days.stands_on(session)
    if known is None or known == BEFORE_ALL:
        return replace(ruling(table, policy, on=today), on=BEFORE_ALL)
    return ruling(table, policy, on=known)


def shown_ruling(session: Session, *, today: date, policy: Policy, table: RuleTable) -> Ruling:
    """The day that an explanation speaks of: the last evaluated one, else today."""
    known = days.stands_on(session)
    on = today if known is None or known == BEFORE_ALL else known
    return ruling(table, policy, on=on)


def begin(session: Session, ruled: Ruling) -> None:
    """Let everything stand for a first day, unless it stands for one already."""
    if days.begin(session, ruled.on, ruled.version):
        days.set_applied(session, applied_rows(ruled), ruled.version)


def applied_rows(ruled: Ruling) -> list[dict[str, Any]]:
    """The rules of a day as they are kept, to see later which have changed."""
    rows = []
    for rule_id, digest in ruled.digests.items():
        rule = ruled.rules.rules.get(rule_id)
        rows.append(
            {
                "rule_id": rule_id,
                "digest": digest,
                "kind": rule.object_kind.value if rule else ObjectKind.EQUIPMENT.value,
                "classes": [stem(code) for code in rule.classes] if rule else [],
            }
        )
    return rows
