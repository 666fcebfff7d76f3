"""What is sent about visits, checked field by field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from services.events.inspection import VisitOutcome, VisitPurpose
from services.events.registry import DutyKind, ObjectStatus
from services.inspection.api.asking import DIVISION, MOST
from services.inspection.api.desk import Place, evidence, words
from services.inspection.model.visits import Finding, VisitState

_MOST_ROWS = 20_000
_MOST_MONTHS = 1200
_ACCOUNT = 100


class OfficerBody(Schema):
    """One officer, with the number of the law-enforcement certificate."""

    account = words(longest=_ACCOUNT)
    name = words(longest=_ACCOUNT)
    certificate = words(longest=_ACCOUNT)


class PlanBody(Schema):
    """A visit to be planned."""

    enterprise_id = fields.UUID(required=True)
    purpose = fields.Enum(VisitPurpose, by_value=True, required=True)
    planned_on = fields.Date(required=True)
    officers = fields.List(
        fields.Nested(OfficerBody), required=True, validate=validate.Length(max=20)
    )
    object_ids = fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=_MOST_ROWS)
    )
    why = fields.Dict(keys=fields.String(), load_default=dict)


class AnswerBody(Schema):
    """The answer to one item."""

    object_id = fields.String(
        validate=validate.Regexp(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"),
        allow_none=True,
        load_default=None,
    )
    item = words(longest=_ACCOUNT)
    finding = fields.String(
        required=True, validate=validate.OneOf([each.value for each in Finding])
    )
    note = words(required=False)
    evidence = evidence()


class RecordBody(Schema):
    """A passing record that officers saw."""

    object_id = fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"),
    )
    duty = fields.String(
        required=True, validate=validate.OneOf([each.value for each in DutyKind])
    )
    done_on = fields.Date(required=True)
    stated_due_on = fields.Date(allow_none=True, load_default=None)
    cycle_months = fields.Integer(
        allow_none=True, load_default=None, validate=validate.Range(1, _MOST_MONTHS)
    )
    body = words(longest=200)
    certificate = words(longest=200)


class ChangeBody(Schema):
    """A change of status that officers confirmed."""

    object_id = fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"),
    )
    status = fields.String(
        required=True, validate=validate.OneOf([each.value for each in ObjectStatus])
    )
    since = fields.Date(required=True)
    note = words(required=False)


class ContentBody(Schema):
    """The record of a visit, as far as it is written."""

    answers = fields.List(
        fields.Nested(AnswerBody), load_default=list, validate=validate.Length(max=_MOST_ROWS)
    )
    passing_records = fields.List(
        fields.Nested(RecordBody), load_default=list, validate=validate.Length(max=_MOST_ROWS)
    )
    changes = fields.List(
        fields.Nested(ChangeBody), load_default=list, validate=validate.Length(max=_MOST_ROWS)
    )
    outcome = fields.String(
        allow_none=True,
        load_default=None,
        validate=validate.OneOf([each.value for each in VisitOutcome]),
    )
    summary = words(required=False)


class SaveBody(Schema):
    """A save: the record, and the number of the save it was written on."""

    based_on = fields.Integer(required=True, validate=validate.Range(min=0))
    content = fields.Nested(ContentBody, required=True)


class RepresentativeBody(Schema):
    """The signature of the enterprise's representative, or that it was refused."""

    name = words(longest=_ACCOUNT)
    refused = fields.Boolean(load_default=False)
    reason = words(required=False)
    witness = words(required=False, longest=_ACCOUNT)


class OrderBody(Schema):
    """In the name of which bureau; absent: the installation's own, or that of the division."""

    bureau = fields.String(load_default=None, allow_none=True, validate=DIVISION)


class ReasonBody(Schema):
    """Why."""

    reason = words()


class VisitsQuery(Schema):
    """Which visits to list."""

    division = fields.String(validate=DIVISION, load_default=None)
    state = fields.Enum(VisitState, by_value=True, load_default=None)
    enterprise_id = fields.UUID(load_default=None)
    since = fields.Date(data_key="from", load_default=None)
    until = fields.Date(data_key="to", load_default=None)
    limit = fields.Integer(validate=validate.Range(1, MOST), load_default=50)
    after = Place(load_default=None)


class NameQuery(Schema):
    """What a file is called."""

    name = words(longest=200)


class CopyQuery(Schema):
    """The file itself, or its copy for the public."""

    public = fields.Boolean(load_default=False)


class DayQuery(Schema):
    """A day; absent: today."""

    on = fields.Date(load_default=None)


class Firms(fields.Field[list[UUID]]):
    """One enterprise, or the enterprises of a group, with commas between."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[UUID]:
        try:
            found = [UUID(each) for each in str(value).split(",")]
        except ValueError:
            raise ValidationError("应为企业编号, 集团的各企业以逗号分隔") from None
        if len(found) > MOST:
            raise ValidationError(f"一次最多 {MOST} 家企业")
        return found


class PlanQuery(Schema):
    """Whose plan: of enterprises as one, or the worklist of a division; until which day."""

    enterprise_id = Firms(load_default=None)
    division = fields.String(validate=DIVISION, load_default=None)
    until = fields.Date(data_key="to", load_default=None)
    limit = fields.Integer(validate=validate.Range(1, MOST), load_default=50)
