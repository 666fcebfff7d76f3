"""What the bureau does in a census: plan it, take in sheets, note how each day ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.chassis.database import Database
from services.chassis.scope import EVERYTHING, Scope
from services.registry.rules.census import PlanLine, Visit, planned_anew
from services.registry.store.census import campaigns, figures, visits

MOST_DAYS = 400  # caught up in one go; a census that was away for longer goes on next time
_ONE_DAY = timedelta(days=1)
_EVERYWHERE = Scope(frozenset({EVERYTHING}))

log = structlog.get_logger()


class OutOfScope(LookupError):
    """A grid that does not exist, or lies outside the scope of whoever speaks of it."""

    def __init__(self, grids: Iterable[str]) -> None:
        self.grids = sorted(grids)
        super().__init__("、".join(self.grids))


def change_plan(
    session: Session,
    campaign_id: UUID,
    stated: Sequence[PlanLine],
    *,
    in_force_on: date,
    why: str,
    by: str,
    at: datetime,
    scope: Scope,
) -> dict[str, Any]:
    """Make the next version of a plan: what is stated is new, the rest stays.

    Nothing different: no new version. Raises PlanBroken, OutOfScope.
    """
    campaigns.locked(session, campaign_id)
    known = {grid.code for grid in campaigns.grids(session, campaign_id, scope=_EVERYWHERE)}
    mine = {grid.code for grid in campaigns.grids(session, campaign_id, scope=scope)}
    last = campaigns.last_version(session, campaign_id)
    before = campaigns.plan(session, campaign_id, last)
    lines = planned_anew(before, stated, grids=known)
    if foreign := {line.grid for line in stated} - mine:
        raise OutOfScope(foreign)
    changed = set(lines) ^ set(before)
    if not changed:
        return {"version": last, "changed": 0}
    version = (last or 0) + 1
    made = {
        "version": version,
        "in_force_on": in_force_on,
        "why": why,
        "made_at": at,
        "made_by": by,
    }
    campaigns.keep_plan(session, campaign_id, made, lines)
    return {"version": version, "changed": len({(line.grid, line.kind) for line in changed})}


def take_visits(
    session: Session,
    campaign_id: UUID,
    stated: Sequence[Visit],
    *,
    by: str,
    at: datetime,
    scope: Scope,
) -> dict[str, int]:
    """Take in a surveyor's lines; the same lines again change nothing. Raises OutOfScope."""
    mine = {
        grid.code: grid.division for grid in campaigns.grids(session, campaign_id, scope=scope)
    }
    if foreign := {visit.grid for visit in stated} - mine.keys():
        raise OutOfScope(foreign)
    return visits.keep(session, campaign_id, stated, divisions=mine, at=at, by=by)


def note_past_days(database: Database, *, today: date) -> int:
    """Every day that is over gets its figures, once; those that a late sheet changed, again.

    Returns how many days were noted.
    """
    noted = 0
    for campaign_id, day in _days_without_figures(database, today - _ONE_DAY):
        with database.transaction() as session:
            figures.note_day(session, campaign_id, day)
        noted += 1
    if noted:
        log.info("census_days_noted", days=noted, today=today.isoformat())
    return noted


def _days_without_figures(database: Database, last: date) -> list[tuple[UUID, date]]:
    missing: list[tuple[UUID, date]] = []
    with database.reading() as session:
        for campaign in campaigns.campaigns(session):
            known = figures.noted_days(session, campaign.id)
            until = min(last, campaign.ends_on or date.max)
            many = (until - campaign.begins_on).days + 1
            every = (campaign.begins_on + timedelta(days=n) for n in range(many))
            missing += [(campaign.id, day) for day in every if day not in known]
    return missing[:MOST_DAYS]
