"""Whose a thing is, for callers that speak for one enterprise alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.scope import EVERYTHING, Scope
from services.notify.store import reading

PREFIX = "enterprise:"


def _account(_session: Session, names: Mapping[str, Any]) -> set[UUID]:
    """`enterprise:<id>` is the enterprise's; every other account is somebody else's."""
    return _of(str(names["account"]))


def _message(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    found = reading.one(session, Scope.parse(EVERYTHING), names["message_id"])
    return _of(found.account or "") if found else set()


def _of(account: str) -> set[UUID]:
    if not account.startswith(PREFIX):
        return set()
    try:
        return {UUID(account.removeprefix(PREFIX))}
    except ValueError:
        return set()


OWNERS = {"account": _account, "message": _message}
