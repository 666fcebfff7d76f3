"""Campaigns, their grids, and the versions of their plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from services.chassis.database import insert_all, insert_new, upsert
from services.chassis.scope import Scope
from services.registry.model import RowKind
from services.registry.rules.census import PlanLine
from services.registry.store.tables import CampaignRow, GridRow, PlanRow, PlanVersionRow

_CAMPAIGNS = cast("Table", CampaignRow.__table__)
_GRIDS = cast("Table", GridRow.__table__)
_PLANS = cast("Table", PlanRow.__table__)


def open_campaign(session: Session, row: dict[str, Any]) -> bool:
    """Store a campaign. False: it is there already."""
    return bool(insert_new(session, _CAMPAIGNS, [row], returning=CampaignRow.id))


def campaigns(session: Session) -> list[CampaignRow]:
    """All of them, the newest first."""
    newest = select(CampaignRow).order_by(CampaignRow.begins_on.desc(), CampaignRow.id)
    return list(session.scalars(newest))


def campaign(session: Session, campaign_id: UUID) -> CampaignRow | None:
    return session.get(CampaignRow, campaign_id)


def locked(session: Session, campaign_id: UUID) -> None:
    """Until the end of the transaction nobody else changes this campaign."""
    row = select(CampaignRow.id).where(CampaignRow.id == campaign_id)
    session.execute(row.with_for_update())


def keep_grids(session: Session, campaign_id: UUID, grids: Iterable[dict[str, Any]]) -> None:
    """Store grids; one that is there gets the new name and surveyor."""
    rows = [{"campaign_id": campaign_id, **grid} for grid in grids]
    upsert(session, _GRIDS, rows, key=("campaign_id", "code"))


def grids(session: Session, campaign_id: UUID, *, scope: Scope) -> list[GridRow]:
    """The grids of a campaign within a scope."""
    seen = (
        select(GridRow)
        .where(GridRow.campaign_id == campaign_id, scope.clause(GridRow.division))
        .order_by(GridRow.code)
    )
    return list(session.scalars(seen))


def versions(session: Session, campaign_id: UUID) -> list[PlanVersionRow]:
    """The versions of a plan, the last one first."""
    found = (
        select(PlanVersionRow)
        .where(PlanVersionRow.campaign_id == campaign_id)
        .order_by(PlanVersionRow.version.desc())
    )
    return list(session.scalars(found))


def version_on(session: Session, campaign_id: UUID, day: date) -> int | None:
    """The version in force on a day: the latest made of those whose day has come."""
    return session.scalar(
        select(func.max(PlanVersionRow.version)).where(
            PlanVersionRow.campaign_id == campaign_id, PlanVersionRow.in_force_on <= day
        )
    )


def last_version(session: Session, campaign_id: UUID) -> int | None:
    """The version that was made last, in force or not yet."""
    return session.scalar(
        select(func.max(PlanVersionRow.version)).where(
            PlanVersionRow.campaign_id == campaign_id
        )
    )


def plan(session: Session, campaign_id: UUID, version: int | None) -> list[PlanLine]:
    """The lines of one version, in order; none before the first version."""
    lines = (
        select(PlanRow.grid, PlanRow.kind, PlanRow.planned)
        .where(PlanRow.campaign_id == campaign_id, PlanRow.version == version)
        .order_by(PlanRow.grid, PlanRow.kind)
    )
    return [PlanLine(grid, RowKind(kind), many) for grid, kind, many in session.execute(lines)]


def keep_plan(
    session: Session, campaign_id: UUID, made: dict[str, Any], lines: Sequence[PlanLine]
) -> None:
    """Store a version and its lines."""
    session.execute(insert(PlanVersionRow), [{"campaign_id": campaign_id, **made}])
    rows = [
        {
            "campaign_id": campaign_id,
            "version": made["version"],
            "grid": line.grid,
            "kind": line.kind.value,
            "planned": line.planned,
        }
        for line in lines
    ]
    insert_all(session, _PLANS, rows)
