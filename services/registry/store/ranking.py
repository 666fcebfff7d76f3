"""Of several statements the best, for many things at once: rules/ranks.py in SQL.

Each stated value is written behind its place in the order (fills, rank, source); the
least of these texts is the best, and the value is what stands behind the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Dialect,
    String,
    Uuid,
    case,
    cast as sql_cast,
    collate,
    func,
    literal,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from services.registry.rules.ranks import ANY

_SOURCE_WIDTH = 40
_PLACE_WIDTH = 1 + 4 + _SOURCE_WIDTH


def place(source: Any, fills: Any, order: Mapping[str, int]) -> ColumnElement[str]:
    """Where a statement stands in the order of a field: always the same number of letters."""
    ranks = {name: f"{rank:04}" for name, rank in order.items() if name != ANY}
    other = f"{order[ANY]:04}"
    rank: Any = case(ranks, value=source, else_=other) if ranks else literal(other)
    padded = func.substr(source + " " * _SOURCE_WIDTH, 1, _SOURCE_WIDTH)
    behind = case((fills, "1"), else_="0")
    return cast("ColumnElement[str]", behind + rank + padded)


def best(value: Column[Any], at: ColumnElement[str], dialect: Dialect) -> ColumnElement[Any]:
    """The value of the best statement of a group, in its own type; NULL if none states it."""
    written = at + _written(value, dialect)
    least = func.min(collate(written, "C" if dialect.name == "postgresql" else "BINARY"))
    return _read(func.substr(least, _PLACE_WIDTH + 1), value.type, dialect)


def _written(value: Column[Any], dialect: Dialect) -> ColumnElement[str]:
    """NULL stays NULL, and NULL is the least of nothing."""
    if isinstance(value.type, String):
        return cast("ColumnElement[str]", value)
    if dialect.name == "postgresql":
        return sql_cast(value, String)
    return type_coerce(value, String)  # SQLite keeps days and ids as text


def _read(text: Any, wanted: TypeEngine[Any], dialect: Dialect) -> ColumnElement[Any]:
    if dialect.name == "postgresql" and isinstance(wanted, Date | Uuid | Boolean):
        return sql_cast(text, wanted)
    return type_coerce(text, wanted)
