"""What the views of orders and of cases do alike: a change answers with the matter after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from services.chassis import api
from services.chassis.api import Scope
from services.inspection.api.asking import Inspection
from services.inspection.api.desk import write
from services.inspection.handlers.acting import Acting

M = TypeVar("M")


def changed(
    service: Inspection,
    shown: Callable[[M, Acting], dict[str, Any]],
    change: Callable[..., M],
    *which: Any,
    status: int = 200,
    **sent: Any,
) -> Response:
    """One change by a named person."""

    def act(session: Session, acting: Acting) -> Any:
        return shown(change(session, *which, **sent, acting=acting), acting)

    return write(service, act, status=status)


def within_scope(asked: dict[str, Any], acting: Acting) -> dict[str, Any]:
    """What a list of matters was asked for; who is outside gets what he was told of."""
    return narrowed(asked, acting) | {"told_only": api.is_outside()}


def narrowed(asked: dict[str, Any], acting: Acting) -> dict[str, Any]:
    """What a list was asked for, as far as the scope of who asks reaches."""
    division = Scope.parse(asked["division"]) if asked["division"] else None
    return asked | {"scope": acting.scope, "division": division}


def page(
    found: Sequence[M],
    limit: int,
    acting: Acting,
    *,
    shown: Callable[[M, Acting], dict[str, Any]],
    place: Callable[[M], tuple[date, UUID]],
) -> dict[str, Any]:
    """A page of a list, and where the next one begins."""
    last = place(found[-1]) if len(found) == limit else None
    return {
        "items": [shown(each, acting) for each in found],
        "next": f"{last[0]}_{last[1]}" if last else None,
    }
