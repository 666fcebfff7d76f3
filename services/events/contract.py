"""How an event is declared, checked and put on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

from marshmallow import ValidationError

from services.events.wire import Wire

if TYPE_CHECKING:
    from marshmallow import Schema

OUTSIDE = frozenset({"source"})  # announcers that are no service: the linked systems
_declared: dict[str, type[Event]] = {}


class ContractBroken(Exception):
    """A message does not match the event it claims to be."""


class Audience(StrEnum):
    """Who may hear an event."""

    INTERNAL = "internal"  # 仅限本局各服务
    AGENCIES = "agencies"  # 也可供其他部门订阅, 不含个人信息


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Event:
    """A fact that one service announces and others may hear.

    Subclass it in services/events/<announcer>.py. A published version is never
    edited: a change is a new class with the next version, and both are
    announced until every hearer has moved.
    """

    announced_by: ClassVar[str]
    audience: ClassVar[Audience]
    version: ClassVar[int]
    routing_key: ClassVar[str]
    full_name: ClassVar[str]
    wire: ClassVar[Wire]

    def __init_subclass__(
        cls, *, announced_by: str, version: int, audience: Audience = Audience.INTERNAL
    ) -> None:
        dataclass(frozen=True, kw_only=True, slots=False)(cls)
        cls.announced_by = announced_by
        cls.audience = audience
        cls.version = version
        cls.routing_key = f"{_snake(_unversioned(cls.__name__, version))}.v{version}"
        cls.full_name = f"{announced_by}.{cls.routing_key}"
        if version > 1 and not cls.__name__.endswith(f"V{version}"):
            raise TypeError(f"version {version} must be called {cls.__name__}V{version}")
        if cls.full_name in _declared:
            raise TypeError(f"{cls.full_name} is declared twice")
        cls.wire = Wire(cls)
        _declared[cls.full_name] = cls

    @classmethod
    def schema(cls) -> type[Schema]:
        """The marshmallow schema that decides what is right."""
        return cls.wire.schema

    def to_wire(self) -> dict[str, Any]:
        """The JSON body. A field filled wrongly fails here, not at a hearer.

        Raises ContractBroken.
        """
        try:
            return self.wire.write(self)
        except ValidationError as error:
            raise ContractBroken(f"{self.full_name}: {error.messages}") from error

    @classmethod
    def from_wire(cls, body: dict[str, Any]) -> Self:
        """An event from its JSON body. Fields this version does not know are ignored.

        Raises ContractBroken.
        """
        try:
            return cls(**cls.wire.read(body))
        except ValidationError as error:
            raise ContractBroken(f"{cls.full_name}: {error.messages}") from error


def all_events() -> list[type[Event]]:
    """Every declared event, in order of its full name."""
    return [_declared[name] for name in sorted(_declared)]


def event_called(full_name: str) -> type[Event]:
    """The class of an event by its full name. Raises KeyError if there is none."""
    return _declared[full_name]


def _unversioned(class_name: str, version: int) -> str:
    """The first version has the plain name; WarningTurnedRedV2 is its second."""
    return class_name if version == 1 else class_name.removesuffix(f"V{version}")


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
