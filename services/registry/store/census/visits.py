"""What surveyors found, kept visit by visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from services.chassis.database import upsert
from services.registry.rules.census import Visit
from services.registry.store.tables import CensusDayRow, VisitRow

_VISITS = cast("Table", VisitRow.__table__)
_KEY = ("campaign_id", "thing", "surveyed_on")
_STATED = ("grid", "kind", "outcome", "surveyor", "label", "leased", "used_by", "note")


def keep(
    session: Session,
    campaign_id: UUID,
    visits: Sequence[Visit],
    *,
    divisions: dict[str, str],
    at: datetime,
    by: str,
) -> dict[str, int]:
    """Store visits. Returns how many were new, changed and same.

    The same thing on the same day is one visit, and the last statement of it holds.
    """
    rows = {
        (visit.thing, visit.surveyed_on): {
            **visit._asdict(),
            "kind": visit.kind.value,
            "outcome": visit.outcome.value,
            "campaign_id": campaign_id,
            "division": divisions[visit.grid],
            "superseded_on": None,
            "recorded_at": at,
            "recorded_by": by,
        }
        for visit in visits
    }
    known = _known(session, campaign_id, list(rows))
    same = {place for place, stated in known.items() if stated == _stated(rows[place])}
    written = [row for place, row in rows.items() if place not in same]
    if written:
        upsert(session, _VISITS, written, key=_KEY)
        _settle(session, campaign_id, sorted({row["thing"] for row in written}))
        _forget_figures(session, campaign_id, min(row["surveyed_on"] for row in written))
    changed = len(known) - len(same)
    return {"new": len(rows) - len(known), "changed": changed, "same": len(same)}


def _known(
    session: Session, campaign_id: UUID, places: list[tuple[UUID, Any]]
) -> dict[tuple[UUID, Any], tuple[Any, ...]]:
    columns = [getattr(VisitRow, name) for name in _STATED]
    found = select(VisitRow.thing, VisitRow.surveyed_on, *columns).where(
        VisitRow.campaign_id == campaign_id,
        tuple_(VisitRow.thing, VisitRow.surveyed_on).in_(places),
    )
    return {(thing, on): tuple(stated) for thing, on, *stated in session.execute(found)}


def _stated(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _STATED)


def _settle(session: Session, campaign_id: UUID, things: list[UUID]) -> None:
    """Each visit holds until the next one to the same thing."""
    later = aliased(VisitRow)
    following = (
        select(func.min(later.surveyed_on))
        .where(
            later.campaign_id == campaign_id,
            later.thing == VisitRow.thing,
            later.surveyed_on > VisitRow.surveyed_on,
        )
        .scalar_subquery()
    )
    session.execute(
        update(VisitRow)
        .where(VisitRow.campaign_id == campaign_id, VisitRow.thing.in_(things))
        .values(superseded_on=following)
        .execution_options(synchronize_session=False)
    )


def _forget_figures(session: Session, campaign_id: UUID, since: Any) -> None:
    """A sheet that comes late changes days that are past: they are computed again."""
    session.execute(
        delete(CensusDayRow).where(
            CensusDayRow.campaign_id == campaign_id, CensusDayRow.day >= since
        )
    )
