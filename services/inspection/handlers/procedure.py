"""为什么 — every act on file with its rule, the numbers it rests on, who, when and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.inspection.rules.book import RULES
from services.inspection.store import acts
from services.inspection.store.acts import Filed


def steps(session: Session, about_id: UUID, policy: Policy) -> list[dict[str, Any]]:
    """The acts about an order, a refusal or a case, in order."""
    return [_step(filed, policy) for filed in acts.of(session, about_id)]


def _step(filed: Filed, policy: Policy) -> dict[str, Any]:
    rule = RULES[filed.rule]
    by = f" ({filed.taken_by})" if filed.taken_by else ""
    return {
        "number": filed.number,
        "what": filed.what,
        "item_id": filed.item_id,
        "on": filed.taken_on,
        "at": filed.taken_at,
        "by": filed.taken_by,
        "caused_by": filed.caused_by,
        "words": f"{filed.taken_on} {filed.words}{by}",
        "particulars": filed.particulars,
        "rule": {"name": rule.name, "words": rule.words},
        "numbers": [policy.explain(name, on=filed.taken_on) for name in rule.rests_on],
        "policy_version": filed.policy_version,
        "policy_unchanged": filed.policy_version == policy.version(on=filed.taken_on),
    }
