"""The catalogue of events that other departments may hear: names, versions, schemas, examples."""

from __future__ import annotations

import inspect
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.events.contract import Audience, Event, all_events
from services.events.publish import json_schema
from services.portal.api.operation import Operation, offer
from services.portal.api.parts import maybe
from services.portal.api.problems import Problem

views = Blueprint("events", __name__, url_prefix="/api/v1", description="事件目录 events")

UNPACKED = Path(__file__).parents[3] / "docs" / "events"
INSTALLED = Path(sys.prefix) / "share" / "bianque" / "events"  # pyproject.toml puts them there
KEPT = UNPACKED if UNPACKED.is_dir() else INSTALLED


class EventShape(Schema):
    """One version of an event."""

    name = maybe("its full name, the routing key with its announcer")
    announcer = maybe("which service announces it")
    version = fields.Integer(metadata={"description": "of its shape; a version never changes"})
    meaning = maybe("what has happened")


class EventsShape(Schema):
    """All events that other departments may hear."""

    items = fields.List(fields.Nested(EventShape), required=True)


class WholeEventShape(EventShape):
    """One version of an event, with its schema and an example."""

    schema = fields.Dict(metadata={"description": "JSON Schema (2020-12) of `data`"})
    example = fields.Dict(required=True, metadata={"description": "a whole message"})


@offer(views, Operation("GET", "/events", EventsShape, example={"path": {}}))
def events() -> Any:
    """The events that other departments may hear 事件目录"""
    return {"items": [_shown(event) for event in _known().values()]}


@offer(
    views,
    Operation(
        "GET",
        "/events/<name>",
        WholeEventShape,
        example={"path": {"name": "credit.grade_changed.v1"}},
    ),
)
def event(name: str) -> Any:
    """One event with its JSON Schema and an example 一个事件"""
    found = _known().get(name)
    if found is None:
        raise Problem(404, "no_such_event", "没有这个名称的事件, 全部事件见 /api/v1/events")
    example = json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))
    return _shown(found) | {"schema": json_schema(found), "example": example}


@cache
def _known() -> dict[str, type[Event]]:
    return {
        event.full_name: event for event in all_events() if event.audience is Audience.AGENCIES
    }


def _shown(event: type[Event]) -> dict[str, Any]:
    announcer, _, version = event.full_name.partition(".")
    return {
        "name": event.full_name,
        "announcer": announcer,
        "version": int(version.rpartition(".v")[2]),
        "meaning": inspect.cleandoc(event.__doc__ or ""),
    }
