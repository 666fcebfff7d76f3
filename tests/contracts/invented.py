"""Values and whole events made up from annotations, right ones and wrong ones."""

from __future__ import annotations

import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from services.events.contract import Event, all_events
from services.events.inspection import ClearedBy
from services.events.registry import DutyKind, DutyRecord, ObjectKind

EVENTS = all_events()

_PLAIN: dict[Any, SearchStrategy[Any]] = {
    str: st.text(min_size=1),
    int: st.integers(),
    bool: st.booleans(),
    UUID: st.uuids(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}

_NEARLY = st.sampled_from([0, 1, 1.0, 5.7, "", "5", "true", "2026-3-1", "active", [""], [{}]])
JSON = _NEARLY | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
"""Whatever a sender in another language may put somewhere."""

ANYTHING = st.one_of(
    JSON,
    st.sampled_from([*ObjectKind, *DutyKind, *ClearedBy]),
    st.uuids(),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=16),
    st.tuples(st.text(max_size=2)),
    st.builds(DutyRecord, **dict.fromkeys((f.name for f in fields(DutyRecord)), st.none())),
)
"""Whatever a careless announcer may put somewhere."""


def hints(words: type) -> dict[str, Any]:
    """The fields of an event, or of a dataclass in one, with their bare types."""
    known = typing.get_type_hints(words)
    return {field.name: known[field.name] for field in fields(words)}


def events(event: type[Event]) -> SearchStrategy[Event]:
    """Events of one class, every field filled as it is declared."""
    return _filled(event)


def fits(hint: Any, value: Any) -> bool:
    """Whether a value is exactly what an annotation asks for; no text is empty."""
    if get_origin(hint) in (UnionType, typing.Union):
        return any(fits(arm, value) for arm in get_args(hint))
    if get_origin(hint) is tuple:
        return type(value) is tuple and all(fits(get_args(hint)[0], each) for each in value)
    if is_dataclass(hint):
        return type(value) is hint and all(
            fits(inner, getattr(value, name)) for name, inner in hints(hint).items()
        )
    return type(value) is hint and value != ""


def _filled(words: type) -> SearchStrategy[Any]:
    return st.builds(words, **{name: _of(hint) for name, hint in hints(words).items()})


def _of(hint: Any) -> SearchStrategy[Any]:
    if hint is NoneType:
        return st.none()
    if get_origin(hint) in (UnionType, typing.Union):
        return st.one_of(*(_of(arm) for arm in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(_of(get_args(hint)[0]), max_size=3).map(tuple)
    if is_dataclass(hint):
        return _filled(typing.cast("type", hint))
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    return _PLAIN[hint]
