"""Whether a process can do its work: the database answers, the bus consumer really consumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

Check = Callable[[], str | None]

_checks: dict[str, Check] = {}


def add_check(name: str, check: Check) -> None:
    """Ask *check* whenever somebody asks for readiness: None is well, else what is wrong."""
    _checks[name] = check


def troubles(service: Any) -> dict[str, str]:
    """What keeps this process from its work, by name; empty: it is ready."""
    found = {name: wrong for name, check in _checks.items() if (wrong := check())}
    if wrong := _database(service):
        found["database"] = wrong
    return found


def _database(service: Any) -> str | None:
    try:
        with service.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return repr(error)
    return None
