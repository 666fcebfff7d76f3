"""What may be sent about complaints and leads."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.inspection.api.asking import DIVISION, MOST
from services.inspection.api.desk import Place, accounts, evidence, words
from services.inspection.api.orders.bodies import ReasonBody
from services.inspection.handlers.complaints.receiving import Sent
from services.inspection.model import Colour
from services.inspection.model.complaints import (
    Channel,
    ComplaintKind,
    ComplaintState,
    MediationEnd,
)
from services.inspection.rules.complaints.intake import Person

_OPTIONAL: dict[str, Any] = {"load_default": None, "allow_none": True}


class PublicBody(Schema):
    """What anybody may send: what happened, about whom, and who sends it, if he says so."""

    kind = fields.Enum(ComplaintKind, by_value=True, required=True)
    text = words(data_key="words")
    wanted = words(required=False, longest=1000)
    target = words(required=False, longest=200)
    division = fields.String(validate=DIVISION, **_OPTIONAL)
    enterprise_id = fields.UUID(**_OPTIONAL)
    object_id = fields.UUID(**_OPTIONAL)
    name = words(required=False, longest=50)
    phone = words(required=False, longest=20)
    evidence = evidence()

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        person = Person(loaded.pop("name").strip(), loaded.pop("phone").strip())
        said: dict[str, Any] = {
            name: (loaded.pop(name, "") or "").strip() or None
            for name in ("wanted", "target", "source")
        }
        channel = loaded.pop("channel", Channel.PAGE)
        text, files = loaded.pop("text").strip(), tuple(dict.fromkeys(loaded.pop("evidence")))
        sent = Sent(**loaded, **said, words=text, evidence=files, channel=channel)
        return {"sent": sent, "person": person}


class ClerkBody(PublicBody):
    """The same, taken down by a clerk; which newspaper or department it came from."""

    channel = fields.Enum(Channel, by_value=True, required=True)
    source = words(required=False, longest=200)


class ReceiptBody(Schema):
    """The secret that belongs to the number. In a body: addresses of calls are logged."""

    code = words(longest=40)


class PublicReopeningBody(ReceiptBody, ReasonBody):
    """And why it is to be looked at again."""


class NoBody(Schema):
    """Nothing is asked."""


class TargetBody(Schema):
    """Which enterprise it is about."""

    enterprise_id = fields.UUID(required=True)


class TransferBody(ReasonBody):
    """To which bureau."""

    to = fields.String(required=True, validate=DIVISION)


class JoiningBody(Schema):
    """Into which one."""

    into = fields.UUID(required=True)


class RefusalBody(Schema):
    """On which ground, and what its sender is told."""

    ground = words(longest=40)
    answer = words()


class MediationBody(Schema):
    """How it ended."""

    end = fields.Enum(MediationEnd, by_value=True, required=True)
    note = words()
    evidence = evidence()


class CheckBody(Schema):
    """What was found out."""

    finding = words()
    evidence = evidence()


class AnswerBody(Schema):
    """What its sender is told."""

    answer = words()


class CaseBody(Schema):
    """Which matter, and who works on it."""

    matter = words(longest=60)
    officers = accounts()


class RevealBody(Schema):
    """What it is needed for."""

    purpose = fields.String(
        required=True,
        validate=validate.Length(
            4, 500, error="请写明查看用途(至少4个字),例如: 联系投诉人安排调解"
        ),
    )


class ComplaintsQuery(Schema):
    """Which ones."""

    number = fields.String(validate=validate.Length(max=40), load_default=None)
    state = fields.Enum(ComplaintState, by_value=True, load_default=None)
    kind = fields.Enum(ComplaintKind, by_value=True, load_default=None)
    channel = fields.Enum(Channel, by_value=True, load_default=None)
    colour = fields.Enum(Colour, by_value=True, load_default=None)
    division = fields.String(validate=DIVISION, load_default=None)
    enterprise_id = fields.UUID(load_default=None)
    after = Place(load_default=None)
    limit = fields.Integer(validate=validate.Range(1, MOST), load_default=50)
