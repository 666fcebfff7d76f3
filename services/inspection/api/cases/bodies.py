"""What may be sent about enforcement cases."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.events.inspection import (
    CaseOrigin,
    CaseTerm,
    DecisionChange,
    PenaltyKind,
    ViolationClass,
)
from services.inspection.api.asking import DIVISION, MOST
from services.inspection.api.desk import Place, accounts, evidence, words
from services.inspection.api.orders.bodies import ReasonBody
from services.inspection.handlers.cases.opening import Clue
from services.inspection.model.cases import CaseState, Harm, Penalty

_MOST_FEN = 10**14


def _fen(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, _MOST_FEN), **options)


class PenaltyBody(Schema):
    """A penalty. Amounts are in fen."""

    kinds = fields.List(
        fields.Enum(PenaltyKind, by_value=True),
        required=True,
        validate=validate.Length(1, len(PenaltyKind)),
    )
    fine_fen = _fen(load_default=0)
    confiscated_fen = _fen(load_default=0)
    violation_class = fields.Enum(ViolationClass, by_value=True, required=True)
    facts = words()
    legal_basis = words()
    content = words()

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> Penalty:
        return Penalty(**loaded | {"kinds": tuple(dict.fromkeys(loaded["kinds"]))})


class ClueBody(Schema):
    """What was found, and where."""

    enterprise_id = fields.UUID(required=True)
    origin = fields.Enum(CaseOrigin, by_value=True, required=True)
    matter = words(longest=60)
    description = words()
    order_id = fields.UUID(load_default=None, allow_none=True)
    visit_id = fields.UUID(load_default=None, allow_none=True)
    object_ids = fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=500)
    )

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"clue": Clue(**loaded | {"object_ids": tuple(loaded["object_ids"])})}


class BureauQuery(Schema):
    """In whose name."""

    bureau = fields.String(load_default=None, validate=DIVISION)


class OfficersBody(Schema):
    """Who acts."""

    officers = accounts()


class TransferBody(ReasonBody):
    """To whom."""

    to_body = words(data_key="to", longest=200)


class EvidenceBody(OfficersBody):
    """What was found out."""

    evidence = evidence()
    note = words()


class ExclusionBody(ReasonBody):
    """How long."""

    days = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1000))


class ExtensionBody(ReasonBody):
    """Until when; needed from the second time on."""

    until = fields.Date(load_default=None, allow_none=True)


class OpinionBody(Schema):
    """The reviewer's opinion."""

    opinion = words()


class RecordBody(Schema):
    """What was said."""

    record = words()


class NoticeBody(Schema):
    """What is intended."""

    penalty = fields.Nested(PenaltyBody, required=True)


class StatementBody(Schema):
    """What was said, or shown."""

    statement = words()


class HearingCallBody(Schema):
    """When."""

    hold_on = fields.Date(required=True)


class NoBody(Schema):
    """Nothing has to be said."""


class AssessmentBody(Schema):
    """What was found out; absent: not yet."""

    slight = fields.Boolean(load_default=None, allow_none=True)
    corrected_on = fields.Date(load_default=None, allow_none=True)
    harm = fields.Enum(Harm, by_value=True, load_default=None, allow_none=True)
    no_fault = fields.Boolean(load_default=None, allow_none=True)


class DecisionBody(NoticeBody):
    """What is decided, and what is answered to the party."""

    statement_answer = words(required=False)


class DecisionAtOnceBody(NoticeBody):
    """What is decided on the spot, by whom."""

    officers = accounts()


class DropBody(ReasonBody):
    """No penalty: because it is not proven, or because the law lets it go."""

    proven = fields.Boolean(required=True)
    education = words(required=False)


class ChangeBody(ReasonBody):
    """What becomes of a decision, by whom; *remains* is the penalty after a change."""

    what = fields.Enum(DecisionChange, by_value=True, required=True)
    changed_by = words(longest=200)
    remains = fields.Nested(PenaltyBody, load_default=None, allow_none=True)


class ServiceBody(Schema):
    """How it was served."""

    how = words(longest=200)


class PaymentBody(Schema):
    """How much."""

    fen = _fen(required=True)


class DeferralBody(ReasonBody):
    """Until when."""

    until = fields.Date(required=True)


class PerformanceBody(StatementBody):
    """How it was performed."""

    surcharge_waived = fields.Boolean(load_default=False)


class CourtBody(Schema):
    """Which court."""

    court = words(longest=200)


class CasesQuery(Schema):
    """Which cases."""

    state = fields.Enum(CaseState, by_value=True, load_default=None)
    division = fields.String(validate=DIVISION, load_default=None)
    enterprise_id = fields.UUID(load_default=None)
    order_id = fields.UUID(load_default=None)
    term = fields.Enum(CaseTerm, by_value=True, load_default=None)
    until = fields.Date(load_default=None)
    after = Place(load_default=None)
    limit = fields.Integer(validate=validate.Range(1, MOST), load_default=50)
