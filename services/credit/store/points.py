"""The last days of what waits, within the scope of whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from services.chassis.scope import Scope
from services.credit.model import RecordState, State
from services.credit.model.requests import RequestState
from services.credit.store.entries import ENTRY
from services.credit.store.records import RECORD
from services.credit.store.requests import REQUEST
from services.events.credit import RecordKind


def request_terms(session: Session, scopes: Sequence[Scope]) -> dict[date, int]:
    """Of requests that wait for an answer."""
    day = REQUEST.c.due_on
    waiting = select(day, func.count()).where(
        REQUEST.c.state == RequestState.RECEIVED.value, _within(scopes, REQUEST)
    )
    return _counted(session, waiting.group_by(day))


def publication_terms(session: Session, scopes: Sequence[Scope]) -> dict[date, int]:
    """Of penalties that are to be published and are not."""
    day = RECORD.c.publish_by
    waiting = select(day, func.count()).where(
        RECORD.c.kind == RecordKind.PENALTY.value,
        RECORD.c.state == RecordState.DRAFTED.value,
        RECORD.c.publish_by.is_not(None),
        _within(scopes, RECORD),
    )
    return _counted(session, waiting.group_by(day))


def correction_terms(session: Session, scopes: Sequence[Scope]) -> dict[date, int]:
    """Of bad information that an enterprise has to put right."""
    day = ENTRY.c.last_day_to_correct
    waiting = select(day, func.count()).where(
        ENTRY.c.state == State.PUBLISHED.value,
        ENTRY.c.last_day_to_correct.is_not(None),
        _within(scopes, ENTRY),
    )
    return _counted(session, waiting.group_by(day))


def _within(scopes: Sequence[Scope], table: Any) -> Any:
    return and_(*(scope.clause(table.c.division) for scope in scopes))


def _counted(session: Session, by_day: Any) -> dict[date, int]:
    return {row[0]: row[1] for row in session.execute(by_day)}
