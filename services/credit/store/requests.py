"""Requests about records: rows in, model objects out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, func, select, tuple_
from sqlalchemy.orm import Session

from services.chassis.database import upsert
from services.chassis.scope import Scope
from services.credit.model.requests import Request, RequestState
from services.credit.store.tables import RequestRow
from services.events.credit import RequestKind

REQUEST: Table = RequestRow.metadata.tables["credit_request"]


def request(session: Session, request_id: UUID, *, scope: Scope) -> Request | None:
    """One request; None also where it lies outside the scope."""
    wanted = select(REQUEST).where(REQUEST.c.id == request_id, scope.clause(REQUEST.c.division))
    row = session.execute(wanted).one_or_none()
    return _request_of(row) if row else None


def locked_request(session: Session, request_id: UUID) -> Request | None:
    """One request, and nobody else is at it until the commit."""
    wanted = select(REQUEST).where(REQUEST.c.id == request_id).with_for_update()
    row = session.execute(wanted).one_or_none()
    return _request_of(row) if row else None


def save_requests(session: Session, requests: Sequence[Request]) -> None:
    """Keep requests as they now stand."""
    upsert(session, REQUEST, [_row(each) for each in requests], key=["id"])


def requests_due_on(today: date) -> ColumnElement[bool]:
    """Requests with a term to be looked at by that day."""
    return REQUEST.c.next_step_on <= today


def requests_wait_provisionally() -> ColumnElement[bool]:
    """Requests that wait and whose last day rests on a year that was not known."""
    return (REQUEST.c.state == RequestState.RECEIVED.value) & REQUEST.c.provisional


def request_ids(
    session: Session,
    which: ColumnElement[bool],
    *,
    limit: int,
    after: UUID | None,
    without: Collection[UUID] = (),
) -> list[UUID]:
    """Some of which that holds, by id; *after*: the last one seen."""
    wanted = select(REQUEST.c.id).where(which, REQUEST.c.id.not_in(without))
    if after is not None:
        wanted = wanted.where(REQUEST.c.id > after)
    return list(session.scalars(wanted.order_by(REQUEST.c.id).limit(limit)))


def locked_requests(
    session: Session, request_ids: Collection[UUID], which: ColumnElement[bool]
) -> list[Request]:
    """Those of these of which it still holds, and nobody else is at them until the commit."""
    wanted = select(REQUEST).where(REQUEST.c.id.in_(request_ids), which)
    rows = session.execute(wanted.order_by(REQUEST.c.id).with_for_update())
    return [_request_of(row) for row in rows]


def request_page(
    session: Session,
    *,
    scope: Scope,
    state: RequestState | None,
    kind: RequestKind | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Request]:
    """The newest first; *after*: day and id of the last one already seen."""
    place = (REQUEST.c.received_on, REQUEST.c.id)
    wanted = select(REQUEST).where(scope.clause(REQUEST.c.division))
    if state is not None:
        wanted = wanted.where(REQUEST.c.state == state.value)
    if kind is not None:
        wanted = wanted.where(REQUEST.c.kind == kind.value)
    if after is not None:
        wanted = wanted.where(tuple_(*place) < tuple_(*after))
    newest = wanted.order_by(*(column.desc() for column in place)).limit(limit)
    return [_request_of(row) for row in session.execute(newest)]


def requests_about(session: Session, record_id: UUID) -> list[Request]:
    """All requests about a record, in order."""
    wanted = select(REQUEST).where(REQUEST.c.record_id == record_id)
    rows = session.execute(wanted.order_by(REQUEST.c.received_on, REQUEST.c.id))
    return [_request_of(row) for row in rows]


def count_requests(session: Session, *, today: date) -> dict[str, int]:
    """Requests that wait, and those of them whose term has passed."""
    waiting = REQUEST.c.state == RequestState.RECEIVED.value
    late = waiting & (REQUEST.c.due_on < today)
    return {
        "waiting": session.scalar(select(func.count()).where(waiting)) or 0,
        "late": session.scalar(select(func.count()).where(late)) or 0,
    }


def _request_of(row: Row[Any]) -> Request:
    plain = {each.name: getattr(row, each.name) for each in fields(Request)}
    return Request(
        **plain
        | {
            "kind": RequestKind(row.kind),
            "state": RequestState(row.state),
            "overrun": tuple(row.overrun),
        }
    )


def _row(each: Request) -> dict[str, Any]:
    plain = {field.name: getattr(each, field.name) for field in fields(Request)}
    return plain | {
        "kind": each.kind.value,
        "state": each.state.value,
        "overrun": list(each.overrun),
    }
