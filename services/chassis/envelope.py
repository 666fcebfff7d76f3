"""The envelope around every event: CloudEvents 1.0, in JSON, with `causedby`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from services.chassis import clock
from services.events.contract import ContractBroken, Event

E = TypeVar("E", bound=Event)
T = TypeVar("T")

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class Envelope(Generic[E]):
    """One sending of one event."""

    id: UUID
    happened_at: datetime
    about: str
    source: str
    event: E
    caused_by: UUID | None = None


def seal(event: E, *, about: str, source: str, caused_by: UUID | None = None) -> Envelope[E]:
    """Put an event in a new envelope."""
    return Envelope(
        id=uuid4(),
        happened_at=clock.now(),
        about=about,
        source=source,
        event=event,
        caused_by=caused_by,
    )


def write(envelope: Envelope[Any]) -> str:
    """The message as it goes on the wire. Raises ContractBroken if the event is not right."""
    message = {
        "specversion": "1.0",
        "id": str(envelope.id),
        "source": envelope.source,
        "type": envelope.event.full_name,
        "subject": envelope.about,
        "time": envelope.happened_at.isoformat(),
        "causedby": str(envelope.caused_by) if envelope.caused_by else None,
        "datacontenttype": "application/json",
        "data": envelope.event.to_wire(),
    }
    return _JSON.encode(message)


def read(event_type: type[E], message: str | bytes) -> Envelope[E]:
    """Open a message. Raises ContractBroken, and says what is wrong with it."""
    found = _outside(message)
    if found.get("type") != event_type.full_name:
        raise ContractBroken(f"expected {event_type.full_name}, got {found.get('type')!r}")
    data = found.get("data")
    if not isinstance(data, dict):
        raise ContractBroken(f"{event_type.full_name}: data is not an object")
    try:
        caused_by = found.get("causedby")
        happened_at = _instant(found["time"])
        return Envelope(
            id=UUID(found["id"]),
            happened_at=happened_at,
            about=_text(found["subject"]),
            source=_text(found["source"]),
            event=event_type.from_wire(data),
            caused_by=UUID(caused_by) if caused_by else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContractBroken(f"{event_type.full_name}: envelope: {error!r}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} is not a text")
    return value


@dataclass(frozen=True)
class Outside:
    """What can be read of a message that may be broken."""

    id: UUID | None = None
    type: str | None = None
    happened_at: datetime | None = None


def outside(message: str | bytes) -> Outside:
    """Id, type and time of a message, as far as it has them; never raises."""
    try:
        found = _outside(message)
    except ContractBroken:
        return Outside()
    return Outside(
        id=_or_none(UUID, found.get("id")),
        type=_or_none(str, found.get("type")),
        happened_at=_or_none(_instant, found.get("time")),
    )


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("time has no zone")
    return moment


def _or_none(read_as: Callable[[Any], T], value: Any) -> T | None:
    try:
        return None if value is None else read_as(value)
    except (TypeError, ValueError, AttributeError):
        return None


def _outside(message: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise ContractBroken(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ContractBroken("not a JSON object")
    return found
