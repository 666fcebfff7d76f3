"""What every table of the notify database is declared with."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase


class Table(DeclarativeBase):
    """Their base."""
