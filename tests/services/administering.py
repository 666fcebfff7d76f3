"""What tests of the administration share: a city without logins, and what its audit has."""

from __future__ import annotations

import json
from typing import Any

from services.portal.store import audit
from services.portal.store.tables import Table
from services.portal.web import limits
from tests.services.portal_house import House


def emptied(city: House) -> House:
    """The city, in which nobody has a login yet."""
    limits.limiter.reset()
    with city.database.transaction() as session:
        for table in Table.metadata.sorted_tables:
            session.execute(table.delete())
    return city


def told(house: House, action: str) -> list[tuple[str, dict[str, Any]]]:
    """Outcome and particulars of what the audit has of an action, oldest first."""
    with house.database.reading() as session:
        assert audit.broken_at(session) is None
        lines = [line for line in audit.latest(session) if line.action == action]
    return [(line.outcome, json.loads(line.detail)) for line in reversed(lines)]
