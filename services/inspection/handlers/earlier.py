"""What is held against an enterprise already, for the question whether it is the first time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.inspection.model.orders import Earlier
from services.inspection.rules.months import months_earlier
from services.inspection.rules.offences import matters
from services.inspection.store import cases, orders


def earlier_violations(
    session: Session,
    enterprise_id: UUID,
    *,
    but: Collection[UUID | None],
    today: date,
    policy: Policy,
) -> list[Earlier]:
    """What orders and decisions say that is young enough to count; *but* those of these ids."""
    since = months_earlier(today, policy.number("first_offence_months", on=today))
    groups = {code: matter.group for code, matter in matters(policy, on=today).items()}
    found = [
        *orders.violations(session, enterprise_id, since=since),
        *cases.violations(session, enterprise_id, since=since),
    ]
    return [
        Earlier(on=on, group=groups.get(code, code), what=what, reference=reference)
        for on, code, what, reference in found
        if reference not in but
    ]
