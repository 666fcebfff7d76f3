"""What may be sent about rectification orders."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.events.inspection import OrderOrigin, RefusalGround
from services.inspection.api.asking import DIVISION, MOST
from services.inspection.api.desk import Place, accounts, evidence, words
from services.inspection.model.orders import OrderState


class ItemBody(Schema):
    """One thing to be put right."""

    matter = words(longest=60)
    description = words()
    basis = words()
    requirement = words()
    object_id = fields.UUID(load_default=None, allow_none=True)
    finding_id = fields.UUID(load_default=None, allow_none=True)
    term_days = fields.Integer(load_default=None, allow_none=True, strict=True)


class ContentBody(Schema):
    """What a draft says."""

    origin = fields.Enum(OrderOrigin, by_value=True, required=True)
    visit_id = fields.UUID(load_default=None, allow_none=True)
    warning_id = fields.UUID(load_default=None, allow_none=True)
    items = fields.List(
        fields.Nested(ItemBody), required=True, validate=validate.Length(max=100)
    )


class DraftBody(ContentBody):
    """A new draft."""

    enterprise_id = fields.UUID(required=True)
    bureau = fields.String(load_default=None, allow_none=True, validate=DIVISION)


class OfWarningsBody(Schema):
    """Which red warnings, of one enterprise."""

    warning_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=1, max=100)
    )
    bureau = fields.String(load_default=None, allow_none=True, validate=DIVISION)


class IssueBody(Schema):
    """Who issues."""

    officers = accounts()


class ReasonBody(Schema):
    """Why."""

    because = words(data_key="reason")


class ExtensionBody(ReasonBody):
    """Until when, and why."""

    until = fields.Date(required=True)


class ProofBody(Schema):
    """What shows that something has been put right."""

    evidence = evidence()
    note = words(required=False)


class RecheckBody(Schema):
    """What a re-inspection found."""

    rectified = fields.Boolean(required=True)
    note = words()
    officers = accounts()
    evidence = evidence()


class SecondTermBody(Schema):
    """How long; absent: as the first time."""

    days = fields.Integer(load_default=None, allow_none=True, strict=True, data_key="term_days")


class RefusalBody(Schema):
    """What was refused, and what shows it."""

    ground = fields.Enum(RefusalGround, by_value=True, required=True)
    statement = words()
    officers = accounts()
    evidence = evidence()


class OrdersQuery(Schema):
    """Which orders."""

    state = fields.Enum(OrderState, by_value=True, load_default=None)
    division = fields.String(validate=DIVISION, load_default=None)
    enterprise_id = fields.UUID(load_default=None)
    overdue = fields.Boolean(load_default=None)
    after = Place(load_default=None)
    limit = fields.Integer(validate=validate.Range(1, MOST), load_default=50)
