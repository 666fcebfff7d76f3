"""The views of reminders by hand: a preview, a batch, what a batch told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Session

from services.chassis import api
from services.events.registry import DutyKind, ObjectKind
from services.inspection.api.asking import DIVISION, Inspection, scopes_of
from services.inspection.api.desk import read, write
from services.inspection.handlers import reminding_by_hand
from services.inspection.handlers.acting import Acting
from services.inspection.model import Colour
from services.inspection.store.listing import Wanted

_MOST_SENT = 10_000  # of one request; how many count says policy hand_reminder_most


class FilterBody(Schema):
    """All that the worklist finds with these filters."""

    colour = fields.Enum(Colour, by_value=True, load_default=None, allow_none=True)
    division = fields.String(validate=DIVISION, load_default=None, allow_none=True)
    kind = fields.Enum(ObjectKind, by_value=True, load_default=None, allow_none=True)
    duty = fields.Enum(DutyKind, by_value=True, load_default=None, allow_none=True)
    enterprise_id = fields.UUID(load_default=None, allow_none=True)


class DutiesBody(Schema):
    """These duties."""

    duty_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, _MOST_SENT, error="请先勾选要提醒的事项"),
        error_messages={"required": "请先勾选要提醒的事项"},
    )


class PreviewBody(Schema):
    """These duties, or all that a filter finds."""

    duty_ids = fields.List(
        fields.UUID(), load_default=None, validate=validate.Length(max=_MOST_SENT)
    )
    filter = fields.Nested(FilterBody, load_default=None)

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["duty_ids"]) == (data["filter"] is not None):
            raise ValidationError(
                "请先勾选要提醒的事项, 或者选择提醒本条件下的全部", field_name="duty_ids"
            )


def add(views: Blueprint, service: Inspection) -> None:
    """The views of reminders by hand."""

    @views.post("/reminders/preview")
    def reminders_preview() -> Any:
        asked = api.body(PreviewBody)

        def ask(session: Session, person: Acting) -> Any:
            return reminding_by_hand.preview(
                session, _chosen(service, asked, person), table=service.table, acting=person
            )

        return read(service, ask)

    @views.post("/reminders")
    def reminders_send() -> Any:
        duty_ids = api.body(DutiesBody)["duty_ids"]

        def act(session: Session, person: Acting) -> Any:
            batch = reminding_by_hand.send(
                session, duty_ids, table=service.table, acting=person
            )
            return reminding_by_hand.sent(session, batch.batch_id, person)

        return write(service, act, status=201)

    @views.get("/reminders/<uuid:batch_id>")
    def reminders_sent(batch_id: UUID) -> Any:
        return read(
            service, lambda session, person: reminding_by_hand.sent(session, batch_id, person)
        )


def _chosen(
    service: Inspection, asked: dict[str, Any], person: Acting
) -> Sequence[UUID] | Wanted:
    if asked["filter"] is None:
        duty_ids: list[UUID] = asked["duty_ids"]
        return duty_ids
    given = dict(asked["filter"])
    colour = given.pop("colour")
    most = service.policy.number("hand_reminder_most", on=person.today)
    return Wanted(
        scopes=scopes_of(given.pop("division")),
        colours=[colour] if colour else [Colour.RED, Colour.YELLOW],
        limit=most + 1,  # one more tells that there are too many
        **given,
    )
