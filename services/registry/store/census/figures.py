"""How far a census has come, and the figures of each day. Every question takes a scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_all
from services.chassis.scope import EVERYTHING, Scope
from services.registry.rules.census import COUNTED, Outcome
from services.registry.store.census import campaigns
from services.registry.store.tables import CensusDayRow, GridRow, PlanRow, VisitRow

_DAYS = cast("Table", CensusDayRow.__table__)
_COUNTS = ("planned", "surveyed", "not_found", "refused")

Cell = dict[str, Any]  # division, grid, kind, and the counts


def cells(session: Session, campaign_id: UUID, *, on: date, scope: Scope) -> list[Cell]:
    """Planned and surveyed of every grid and kind, as they stood at the end of a day."""
    found: dict[tuple[str, str, str], Cell] = {}
    for division, grid, kind, name, many in [
        *_planned(session, campaign_id, on, scope),
        *_visited(session, campaign_id, on, scope),
    ]:
        place = (division, grid, kind)
        cell = found.setdefault(place, _empty(*place))
        cell[name] += many
    return [found[place] for place in sorted(found)]


def _empty(division: str, grid: str, kind: str) -> Cell:
    return {"division": division, "grid": grid, "kind": kind, **dict.fromkeys(_COUNTS, 0)}


def _planned(
    session: Session, campaign_id: UUID, on: date, scope: Scope
) -> list[tuple[str, str, str, str, int]]:
    version = campaigns.version_on(session, campaign_id, on)
    lines = (
        select(GridRow.division, PlanRow.grid, PlanRow.kind, PlanRow.planned)
        .join(
            GridRow,
            (GridRow.campaign_id == PlanRow.campaign_id) & (GridRow.code == PlanRow.grid),
        )
        .where(
            PlanRow.campaign_id == campaign_id,
            PlanRow.version == version,
            scope.clause(GridRow.division),
        )
    )
    return [
        (division, grid, kind, "planned", many)
        for division, grid, kind, many in session.execute(lines)
    ]


def _visited(
    session: Session, campaign_id: UUID, on: date, scope: Scope
) -> list[tuple[str, str, str, str, int]]:
    """Counted over the visits alone, then set beside their grids: an index has it all."""
    counted = (
        select(VisitRow.grid, VisitRow.kind, VisitRow.outcome, func.count().label("many"))
        .where(VisitRow.campaign_id == campaign_id, held(on))
        .group_by(VisitRow.grid, VisitRow.kind, VisitRow.outcome)
        .subquery()
    )
    beside = (
        select(GridRow.division, counted)
        .join(counted, counted.c.grid == GridRow.code)
        .where(GridRow.campaign_id == campaign_id, scope.clause(GridRow.division))
    )
    return [
        (division, grid, kind, _name(Outcome(outcome)), many)
        for division, grid, kind, outcome, many in session.execute(beside)
    ]


def held(on: date) -> ColumnElement[bool]:
    """The visits that hold on a day: of each thing the last one until then."""
    return (VisitRow.surveyed_on <= on) & or_(
        VisitRow.superseded_on.is_(None), VisitRow.superseded_on > on
    )


def _name(outcome: Outcome) -> str:
    return "surveyed" if outcome in COUNTED else outcome.value


def note_day(session: Session, campaign_id: UUID, day: date) -> int:
    """Write the figures of a day anew. The same visits and plans give the same figures."""
    everything = Scope(frozenset({EVERYTHING}))
    version = campaigns.version_on(session, campaign_id, day)
    session.execute(
        delete(CensusDayRow).where(
            CensusDayRow.campaign_id == campaign_id, CensusDayRow.day == day
        )
    )
    rows = [
        {"campaign_id": campaign_id, "day": day, "version": version, **cell}
        for cell in cells(session, campaign_id, on=day, scope=everything)
    ]
    insert_all(session, _DAYS, rows)
    return len(rows)


def noted_days(session: Session, campaign_id: UUID) -> set[date]:
    """The days that have figures."""
    noted = select(CensusDayRow.day).where(CensusDayRow.campaign_id == campaign_id).distinct()
    return set(session.scalars(noted))


def days(
    session: Session, campaign_id: UUID, *, scope: Scope, first: date, last: date
) -> Sequence[Any]:
    """(day, planned, surveyed, not found, refused) of each day that has figures."""
    summed = (
        select(
            CensusDayRow.day,
            *(func.sum(getattr(CensusDayRow, name)).label(name) for name in _COUNTS),
        )
        .where(
            CensusDayRow.campaign_id == campaign_id,
            CensusDayRow.day.between(first, last),
            scope.clause(CensusDayRow.division),
        )
        .group_by(CensusDayRow.day)
        .order_by(CensusDayRow.day)
    )
    return session.execute(summed).all()
