"""Whose a thing is, for callers that speak for one enterprise alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.scope import EVERYTHING, Scope
from services.credit import store
from services.credit.model import RecordState

_ALL = Scope.parse(EVERYTHING)
_INWARD = frozenset({RecordState.LEAD, RecordState.DRAFTED})


def _entry(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    return _of(session, names["bad_information_id"])


def _record(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    return _of(session, names["record_id"])


def _of(session: Session, number: UUID) -> set[UUID]:
    """Bad information or a record that was published once; before, it is the bureau's own."""
    record = store.records(session, [number]).get(number)
    if record is not None:
        return set() if record.state in _INWARD else {record.enterprise_id}
    found = store.find(session, number, scope=_ALL)
    return {found.entry.enterprise_id} if found and found.entry.published_on else set()


OWNERS = {"entry": _entry, "record": _record}
