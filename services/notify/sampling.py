"""Samples of events, made from their declarations, to preview a template with."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from services.events.wire import Wire
from services.notify.model import Enterprise
from services.notify.wording import Subject

SAMPLE_ID = UUID("00000000-0000-4000-8000-000000000001")
SAMPLE_NUMBER = 3
ENTERPRISE = Enterprise(
    id=SAMPLE_ID, name="样例有限公司", uscc=None, division="000000", status="active"
)


def sample(subject: Subject, today: date) -> dict[str, Any]:
    """One event on the wire, with something right in every field."""
    return {name: _value(name, hint, today) for name, hint in subject.wire.hints.items()}


def _value(name: str, hint: Any, today: date) -> Any:
    if get_origin(hint) is Annotated:
        return _value(name, get_args(hint)[0], today)
    if get_origin(hint) in (UnionType, Union):
        (known,) = (arm for arm in get_args(hint) if arm is not NoneType)
        return _value(name, known, today)
    if get_origin(hint) is tuple:
        return [_value(name, get_args(hint)[0], today)]
    if is_dataclass(hint) and isinstance(hint, type):
        inner = Wire(hint).hints
        return {each: _value(each, kind, today) for each, kind in inner.items()}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint)).value
    plain = {bool: True, int: SAMPLE_NUMBER, UUID: str(SAMPLE_ID), date: today.isoformat()}
    return plain.get(hint, f"〔{name}〕")
