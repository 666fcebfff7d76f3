"""What is known of enterprises: the highest revision holds, whatever the order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.chassis import aliases
from services.chassis.database import upsert
from services.events.registry import ContactRecorded, EnterpriseRecorded
from services.notify.model import Contact, Enterprise, Facts
from services.notify.store.tables import ContactRow, EnterpriseRow


def keep_enterprises(session: Session, recorded: Iterable[EnterpriseRecorded]) -> set[UUID]:
    """Keep the newest of each. Returns the enterprises of which something new is known."""
    rows = [
        {
            "enterprise_id": event.enterprise_id,
            "revision": event.revision,
            "name": event.name,
            "uscc": event.uscc,
            "division": event.division,
            "status": event.status.value,
        }
        for event in recorded
    ]
    return _keep(session, EnterpriseRow, rows)


def keep_contacts(session: Session, recorded: Iterable[ContactRecorded]) -> set[UUID]:
    """Keep the newest of each. Returns the enterprises of which something new is known."""
    rows = [
        {
            "enterprise_id": event.enterprise_id,
            "revision": event.revision,
            "email": event.email,
            "officer": event.officer,
        }
        for event in recorded
    ]
    return _keep(session, ContactRow, rows)


def known(session: Session, enterprise_ids: Collection[UUID]) -> Mapping[UUID, Facts]:
    """The facts on each of some enterprises, also on those of which nothing is known.

    Of one that was merged they are the survivor's, and its own as far as that has none.
    """
    shown = aliases.roots(session, enterprise_ids)
    concerned = {*shown, *shown.values()}
    enterprises = {
        row.enterprise_id: Enterprise(
            id=row.enterprise_id,
            name=row.name,
            uscc=row.uscc,
            division=row.division,
            status=row.status,
        )
        for row in _rows(session, EnterpriseRow, concerned)
    }
    contacts = {
        row.enterprise_id: Contact(
            enterprise_id=row.enterprise_id, email=row.email, officer=row.officer
        )
        for row in _rows(session, ContactRow, concerned)
    }
    return {
        each: Facts(
            enterprise=enterprises.get(root) or enterprises.get(each),
            contact=contacts.get(root) or contacts.get(each),
        )
        for each, root in shown.items()
    }


def _keep(session: Session, table: Any, rows: list[dict[str, Any]]) -> set[UUID]:
    return upsert(session, table.__table__, rows, key=["enterprise_id"], newer_by="revision")


def _rows(session: Session, table: Any, enterprise_ids: Collection[UUID]) -> Iterable[Any]:
    columns = table.__table__.c
    wanted = select(table.__table__).where(columns.enterprise_id.in_(list(enterprise_ids)))
    return session.execute(wanted)
