"""Whose a thing is, for callers that speak for one enterprise alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis.scope import EVERYTHING, Scope
from services.registry.store import queries


def _object(session: Session, names: Mapping[str, Any]) -> set[UUID]:
    """Who uses it and who owns it."""
    found = queries.object_by_id(session, names["object_id"], scope=Scope.parse(EVERYTHING))
    return (
        {one for one in (found[0].enterprise_id, found[0].proprietor_id) if one}
        if found
        else set()
    )


OWNERS = {"object": _object}
