"""Enterprises as last heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table as SqlTable, select
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.events.registry import EnterpriseRecorded
from services.inspection.rules.industries import group_of
from services.inspection.store.tables import EnterpriseRow

ENTERPRISE: SqlTable = EnterpriseRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Enterprise:
    """Whom documents are addressed to."""

    enterprise_id: UUID
    name: str
    uscc: str | None
    division: str
    status: str


def note(session: Session, heard: Iterable[EnterpriseRecorded]) -> None:
    """Keep the newest of what was heard."""
    rows = [
        {
            "enterprise_id": each.enterprise_id,
            "revision": each.revision,
            "name": each.name,
            "uscc": each.uscc,
            "division": each.division,
            "status": each.status.value,
            "industry": each.industry,
            "industry_group": group_of(each.industry),
        }
        for each in heard
    ]
    upsert(session, ENTERPRISE, rows, key=["enterprise_id"], newer_by="revision")


def find(session: Session, enterprise_id: UUID) -> Enterprise | None:
    """One of them; None: it was never heard of."""
    columns = [ENTERPRISE.c[name] for name in Enterprise.__dataclass_fields__]
    wanted = select(*columns).where(ENTERPRISE.c.enterprise_id == enterprise_id)
    row = session.execute(wanted).one_or_none()
    return Enterprise(**row._mapping) if row else None
