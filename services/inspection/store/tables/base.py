"""What all tables of the inspection database stand on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import SmallInteger
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from services.inspection.model import Colour

_COLOURS = list(Colour)


class Shade(TypeDecorator[Colour]):
    """A colour as its severity, so that the worst of several is their maximum."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Colour | None, dialect: Any) -> int | None:
        return None if value is None else Colour(value).severity

    def process_result_value(self, value: int | None, dialect: Any) -> Colour | None:
        return None if value is None else _COLOURS[value]


class Table(DeclarativeBase):
    """Base of the tables that only the inspection service reads and writes."""
