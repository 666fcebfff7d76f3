"""What an import tells the others: each new and changed thing, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.outbox import Saying
from services.events.registry import (
    ContactRecorded,
    EnterpriseRecorded,
    EnterpriseStatus,
    ObjectKind,
    ObjectRecorded,
    ObjectStatus,
)
from services.registry.store import writing
from services.registry.store.packing import records_of, traits_of
from services.registry.store.staged import Staged
from services.registry.store.tables import EnterpriseRow, ObjectRow

_TOLD_TO_ALL = frozenset({"name", "uscc", "division", "status", "industry"})
_TOLD_AS_CONTACT = frozenset({"email", "officer"})


def of_enterprises(session: Session, staged: Staged) -> Iterator[Saying]:
    """What all may know, and what stays inside, each if it is new or different."""
    for row in writing.enterprises_to_tell(session, staged):
        about = f"enterprise/{row.id}"
        if row.tell_all:
            yield Saying(_enterprise(row), about)
        if row.tell_contact:
            yield Saying(_contact(row), about)


def of_enterprise(row: EnterpriseRow, changed: set[str]) -> Iterator[Saying]:
    """The same of one enterprise of which some facts changed."""
    about = f"enterprise/{row.id}"
    if changed & _TOLD_TO_ALL:
        yield Saying(_enterprise(row), about)
    if changed & _TOLD_AS_CONTACT:
        yield Saying(_contact(row), about)


def whole_enterprise(row: EnterpriseRow) -> Iterator[Saying]:
    """Everything that is ever said of an enterprise."""
    contact = _TOLD_AS_CONTACT if row.email or row.officer else frozenset()
    return of_enterprise(row, set(_TOLD_TO_ALL | contact))


def of_object(row: ObjectRow) -> Saying:
    """An object as it stands."""
    event = ObjectRecorded(
        object_id=row.id,
        revision=row.revision,
        kind=ObjectKind(row.kind),
        class_code=row.class_code,
        label=row.label,
        enterprise_id=row.enterprise_id,
        division=row.division,
        status=ObjectStatus(row.status),
        commissioned_on=row.commissioned_on,
        traits=traits_of(row.traits),
        records=records_of(row.records),
    )
    return Saying(event, f"object/{row.id}")


def _contact(row: Any) -> ContactRecorded:
    return ContactRecorded(
        enterprise_id=row.id, revision=row.revision, email=row.email, officer=row.officer
    )


def _enterprise(row: Any) -> EnterpriseRecorded:
    return EnterpriseRecorded(
        enterprise_id=row.id,
        revision=row.revision,
        name=row.name,
        uscc=row.uscc,
        division=row.division,
        status=EnterpriseStatus(row.status),
        industry=row.industry,
    )


def of_objects(session: Session, staged: Staged, kind: ObjectKind) -> Iterator[Saying]:
    """Every new and changed object."""
    for row in writing.objects_to_tell(session, staged):
        yield Saying(_object(row, kind), f"object/{row.id}")


def _object(row: Any, kind: ObjectKind) -> ObjectRecorded:
    object_id: UUID
    (
        _line,
        object_id,
        revision,
        class_code,
        label,
        enterprise_id,
        division,
        status,
        commissioned_on,
        traits,
        records,
    ) = row
    return ObjectRecorded(
        object_id=object_id,
        revision=revision,
        kind=kind,
        class_code=class_code,
        label=label,
        enterprise_id=enterprise_id,
        division=division,
        status=ObjectStatus(status),
        commissioned_on=commissioned_on,
        traits=traits_of(traits),
        records=records_of(records),
    )
