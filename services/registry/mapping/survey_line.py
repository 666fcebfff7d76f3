"""One line of a surveyor's sheet: its fields, and what each may be."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.registry.model import RowKind
from services.registry.rules.census import SURVEYED_KINDS, Outcome

KINDS = [kind.value for kind in SURVEYED_KINDS]


def text(longest: int = 200, **more: Any) -> fields.String:
    """A text that is not empty."""
    return fields.String(validate=validate.Length(1, longest), **more)


class Line(Schema):
    """What was visited, by id, by a source's key, or by name; and what it came to."""

    grid = text(40, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    surveyed_on = fields.Date(required=True)
    surveyor = text(required=True)
    label = text(load_default=None, allow_none=True)
    thing = fields.UUID(load_default=None, allow_none=True)
    uscc = text(18, load_default=None, allow_none=True)
    source = text(40, load_default=None, allow_none=True)
    key = text(load_default=None, allow_none=True)
    leased = fields.Boolean(load_default=False)
    used_by = text(load_default=None, allow_none=True)
    note = text(500, load_default=None, allow_none=True)

    @validates_schema
    def _names_something(self, data: dict[str, Any], **_more: Any) -> None:
        by_key = data.get("source") and data.get("key")
        by_code = data.get("uscc") and data.get("kind") == RowKind.ENTERPRISE.value
        if not (data.get("thing") or by_key or by_code or data.get("label")):
            said = "要写明对象: thing, 或 source 和 key, 或企业的 uscc, 或未登记者的 label"
            raise ValidationError(said, "thing")


FIELDS = tuple(Line().fields)
