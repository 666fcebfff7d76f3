"""What all tables of the registry stand on."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase


class Table(DeclarativeBase):
    """The base of this service's tables."""
