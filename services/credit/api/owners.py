"""Whose a thing is, for callers that speak for one enterprise alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.scope import EVERYTHING, Scope
from services.credit import store

_ALL = Scope.parse(EVERYTHING)


def _entry(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    return _of(session, names["bad_information_id"])


def _record(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    return _of(session, names["record_id"])


def _of(session: Session, number: UUID) -> set[UUID]:
    """What was published, or a record whose notice was served; else it is the bureau's own."""
    record = store.records(session, [number]).get(number)
    if record is not None:
        return {record.enterprise_id} if record.was_told else set()
    found = store.find(session, number, scope=_ALL)
    return {found.entry.enterprise_id} if found and found.entry.published_on else set()


OWNERS = {"entry": _entry, "record": _record}
