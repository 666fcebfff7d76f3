"""How many orders, items and cases there are, and how their terms stand: for the bureau's desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.inspection.model import ColourCounts
from services.inspection.store import cases, orders


@dataclass(frozen=True)
class Caseload:
    """日常监管和执法办案的数量: by state, and the open ones by the colour of their term."""

    numbers: dict[str, int]
    items: ColourCounts
    cases: ColourCounts


def caseload(
    session: Session, scopes: Sequence[Scope], *, today: date, policy: Policy
) -> Caseload:
    """What lies within all of these scopes."""
    near = today + timedelta(days=policy.number("term_near_days", on=today))
    return Caseload(
        numbers=orders.counts(session, scopes) | cases.counts(session, scopes),
        items=orders.by_colour(session, scopes, near=near),
        cases=cases.by_colour(session, scopes, today=today, near=near),
    )
