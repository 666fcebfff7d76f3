"""The base of the credit tables."""

from sqlalchemy.orm import DeclarativeBase


class Table(DeclarativeBase):
    """Base of the credit tables."""
