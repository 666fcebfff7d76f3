"""What was heard from others, kept until it is needed, in whatever order it came."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, select
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.credit.model import Cleared, Red, WarningFacts
from services.credit.store.tables import EnterpriseRow, WarningFactRow
from services.events.inspection import ClearedBy
from services.events.registry import DutyKind, EnterpriseRecorded, ObjectKind

ENTERPRISE: Table = EnterpriseRow.metadata.tables["enterprise"]
FACT: Table = WarningFactRow.metadata.tables["warning_fact"]


def note_enterprises(session: Session, recorded: Iterable[EnterpriseRecorded]) -> None:
    """Keep the highest revision of each."""
    rows = [
        {
            "id": enterprise.enterprise_id,
            "revision": enterprise.revision,
            "name": enterprise.name,
            "uscc": enterprise.uscc,
            "division": enterprise.division,
            "status": enterprise.status.value,
        }
        for enterprise in recorded
    ]
    upsert(session, ENTERPRISE, rows, key=["id"], newer_by="revision")


def note_reds(session: Session, heard: Mapping[UUID, Red]) -> list[WarningFacts]:
    """Keep the newest red of each warning; all that is known where it was something new.

    The rows of all these warnings are locked from here on.
    """
    rows = [
        {
            "warning_id": warning_id,
            "red_revision": red.revision,
            "red_message_id": red.message_id,
            "enterprise_id": red.enterprise_id,
            "division": red.division,
            "object_id": red.object_id,
            "object_kind": red.object_kind.value,
            "object_label": red.object_label,
            "duty": red.duty.value,
            "was_due_on": red.was_due_on,
            "turned_red_on": red.turned_red_on,
            "endangers_safety": red.endangers_safety,
        }
        for warning_id, red in heard.items()
    ]
    new = upsert(session, FACT, rows, key=["warning_id"], newer_by="red_revision")
    # few were cleared before they turned red: only those are worth reading
    early = _facts(session, _of(new).where(FACT.c.cleared_revision > 0))
    cleared = {facts.warning_id: facts.cleared for facts in early}
    return [
        WarningFacts(warning_id=warning_id, red=red, cleared=cleared.get(warning_id))
        for warning_id, red in heard.items()
        if warning_id in new
    ]


def note_cleared(session: Session, heard: Mapping[UUID, Cleared]) -> list[WarningFacts]:
    """Keep the newest clearing of each warning; all that is known where it was something new.

    The rows of all these warnings are locked from here on.
    """
    rows = [
        {
            "warning_id": warning_id,
            "cleared_revision": clearing.revision,
            "cleared_message_id": clearing.message_id,
            "cleared_on": clearing.cleared_on,
            "cleared_by": clearing.cleared_by.value,
        }
        for warning_id, clearing in heard.items()
    ]
    new = upsert(session, FACT, rows, key=["warning_id"], newer_by="cleared_revision")
    return known(session, new)


def known(session: Session, warning_ids: Collection[UUID]) -> list[WarningFacts]:
    """All that is known of these warnings."""
    return _facts(session, _of(warning_ids))


def locked(session: Session, warning_ids: Collection[UUID]) -> list[WarningFacts]:
    """The same, and nobody else is at these warnings until the commit.

    The rows are taken in the order in which everybody takes them: no deadlock.
    """
    wanted = _of(warning_ids).order_by(FACT.c.warning_id).with_for_update()
    return _facts(session, wanted)


def _of(warning_ids: Collection[UUID]) -> Select[Any]:
    return select(FACT).where(FACT.c.warning_id.in_(warning_ids))


def _facts(session: Session, wanted: Select[Any]) -> list[WarningFacts]:
    return [
        WarningFacts(warning_id=row.warning_id, red=_red(row), cleared=_cleared(row))
        for row in session.execute(wanted)
    ]


def _red(row: Row[Any]) -> Red | None:
    if not row.red_revision:
        return None
    return Red(
        revision=row.red_revision,
        message_id=row.red_message_id,
        enterprise_id=row.enterprise_id,
        division=row.division,
        object_id=row.object_id,
        object_kind=ObjectKind(row.object_kind),
        object_label=row.object_label,
        duty=DutyKind(row.duty),
        was_due_on=row.was_due_on,
        turned_red_on=row.turned_red_on,
        endangers_safety=row.endangers_safety,
    )


def _cleared(row: Row[Any]) -> Cleared | None:
    if not row.cleared_revision:
        return None
    return Cleared(
        revision=row.cleared_revision,
        message_id=row.cleared_message_id,
        cleared_on=row.cleared_on,
        cleared_by=ClearedBy(row.cleared_by),
    )
