"""一企一档: enterprises found and shown, with what they have."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate

from services.chassis import api
from services.chassis.api import Refused
from services.chassis.sealing import Seals
from services.registry.api.merges import told_apart
from services.registry.api.serving import LARGEST_PAGE, PAGE, Service, plain
from services.registry.rules.people import masked_name, masked_phone
from services.registry.store import queries
from services.registry.store.packing import records_of, traits_of

SHOWN_OBJECTS = 1000


class SearchQuery(Schema):
    """Which enterprises."""

    text = fields.String(
        load_default="", validate=validate.Length(max=200, error="不超过200字")
    )
    after = fields.UUID(load_default=None)
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(1, LARGEST_PAGE, error=f"应为 1 至 {LARGEST_PAGE}"),
    )


def add_views(views: Blueprint, service: Service) -> None:
    """Search, and what was found."""

    @views.get("/enterprises")
    def search() -> Any:
        asked = api.query(SearchQuery)
        with service.database.reading() as session:
            found = queries.enterprises(session, scope=api.caller().scope, **asked)
            items = [plain(one) for one in found]
        full = len(items) == asked["limit"]
        return jsonify(items=items, next=items[-1]["id"] if full else None)

    @views.get("/enterprises/<uuid:enterprise_id>")
    def enterprise(enterprise_id: UUID) -> Any:
        return jsonify(_file_of(service, enterprise_id))

    @views.get("/objects/<uuid:object_id>")
    def object_(object_id: UUID) -> Any:
        with service.database.reading() as session:
            found = queries.object_by_id(session, object_id, scope=api.caller().scope)
            if found is None:
                raise Refused(
                    "no_such_object", f"没有编号为 {object_id} 的对象,或不在管辖范围内", 404
                )
            row, owner = found
            return jsonify(_object(row) | {"enterprise": owner})


def _file_of(service: Service, enterprise_id: UUID) -> dict[str, Any]:
    """一企一档, as far as the scope reaches; of one that was merged, the survivor's."""
    scope = api.caller().scope
    with service.database.reading() as session:
        found = queries.enterprise(session, enterprise_id, scope=scope)
        if found is None:
            raise Refused(
                "no_such_enterprise", f"没有编号为 {enterprise_id} 的企业,或不在管辖范围内", 404
            )
        objects = queries.objects_of(session, enterprise_id, scope=scope, limit=SHOWN_OBJECTS)
        products = queries.products_of(session, enterprise_id, limit=SHOWN_OBJECTS)
        return (
            plain(found)
            | masked(found, service.seals)
            | {
                "merged": told_apart(session, found.id, asked=enterprise_id),
                "keys": [
                    {"source": source, "key": key}
                    for source, key in queries.keys_of(session, enterprise_id)
                ],
                "objects": [_object(row) for row in objects],
                "products": [plain(row) for row in products],
            }
        )


def masked(row: Any, seals: Seals) -> dict[str, str | None]:
    """What is sealed of an enterprise, as it may be shown to all who may see the enterprise."""
    return {
        name: mask(seals.open(sealed)) if (sealed := getattr(row, name)) else None
        for name, mask in (("phone", masked_phone), ("legal_representative", masked_name))
    }


def _object(row: Any) -> dict[str, Any]:
    return plain(row) | {
        "traits": list(traits_of(row.traits)),
        "records": [
            asdict(record)
            | {
                "done_on": record.done_on and record.done_on.isoformat(),
                "stated_due_on": record.stated_due_on and record.stated_due_on.isoformat(),
            }
            for record in records_of(row.records)
        ],
    }
