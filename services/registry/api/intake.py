"""Rows of a linked system over HTTP: the same as by message, where there is no broker."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields, validate

from services.chassis import api, clock, inbox
from services.chassis.api import Refused
from services.chassis.envelope import Envelope
from services.events.source import RowsStated
from services.registry.adapters import UnknownTable
from services.registry.api.serving import Service, whole_bureau
from services.registry.handlers import stating

HEARD_BY = "registry.on_rows_stated"


class Batch(Schema):
    """Rows of one table, each an object with the table's own column names."""

    id = fields.UUID(required=True)
    table = fields.String(required=True, validate=validate.Length(1, 60))
    stated_at = fields.AwareDateTime(load_default=None)
    rows = fields.List(
        fields.Dict(fields.String(), fields.String(allow_none=True)),
        required=True,
        validate=validate.Length(1, stating.MOST_ROWS),
    )


def add_views(views: Blueprint, service: Service) -> None:
    """POST a batch of rows; `GET /imports/<id>` tells what came of them."""

    @views.post("/intake/<system>")
    def state(system: str) -> Any:
        whole_bureau(service, "陈述台账")
        sent = api.body(Batch)

        def act(session: Any) -> dict[str, Any]:
            sealed = _sealed(system, sent)
            if inbox.first_heard(session, [sealed], heard_by=HEARD_BY):
                stating.take_statements([sealed], session, service.seals)
            return {"id": str(sealed.id)}

        try:
            return api.write(service.database, act, status=202)
        except UnknownTable as unknown:
            raise Refused("no_such_table", str(unknown), 404) from None
        except stating.StatementBroken as broken:
            raise Refused("statement_broken", str(broken)) from None


def _sealed(system: str, sent: dict[str, Any]) -> Envelope[RowsStated]:
    """As the message would have come."""
    columns = tuple(dict.fromkeys(name for row in sent["rows"] for name in row))
    return Envelope(
        id=sent["id"],
        happened_at=clock.now(),
        about=f"source/{system}",
        source=api.caller().name,
        event=RowsStated(
            system=system,
            table=sent["table"],
            columns=columns,
            rows=tuple(tuple(row.get(name) for name in columns) for row in sent["rows"]),
            stated_at=sent["stated_at"],
        ),
    )
