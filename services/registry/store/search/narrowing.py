"""What is looked for, and what narrows it down: the same for enterprises and objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.orm import Session

from services.chassis.scope import Scope


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked for; None: any. *kind* `enterprise` or a kind of object."""

    text: str
    kind: str | None = None
    division: str | None = None
    status: str | None = None
    industry: str | None = None

    @property
    def of_enterprises(self) -> bool:
        return self.kind in (None, "enterprise")

    @property
    def of_objects(self) -> bool:
        """An object has no industry: asked for one, no object is meant."""
        return self.kind != "enterprise" and self.industry is None


def narrowed(asked: Asked, of: Table) -> list[ColumnElement[bool]]:
    """What else must hold of a row."""
    found: list[ColumnElement[bool]] = []
    if asked.division is not None:
        found.append(Scope.parse(asked.division).clause(of.c.division))
    if asked.status is not None:
        found.append(of.c.status == asked.status)
    if asked.industry is not None:
        found.append(of.c.industry.startswith(asked.industry, autoescape=True))
    return found


def begins(session: Session, named: Any, typed: str) -> ColumnElement[bool]:
    """As an index can serve it: PostgreSQL by LIKE, SQLite as everything between two texts."""
    if session.get_bind().dialect.name == "postgresql":
        clause: ColumnElement[bool] = named.startswith(typed, autoescape=True)
        return clause
    between: ColumnElement[bool] = (named >= typed) & (named < typed + "\U0010ffff")
    return between
