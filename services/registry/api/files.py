"""一企一档: enterprises found and shown, with what they have."""

from __future__ import annotations

from collections.abc import Mapping as Of
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from services.chassis import aliases, api, clock
from services.chassis.api import Refused
from services.chassis.masking import masked_name, masked_phone
from services.chassis.sealing import Seals
from services.registry.api.merges import told_apart
from services.registry.api.serving import LARGEST_PAGE, PAGE, Service, plain
from services.registry.rules import ranks
from services.registry.rules.former_names import unpacked
from services.registry.store import history, queries
from services.registry.store.packing import records_of, traits_of
from services.registry.store.search import asking
from services.registry.store.staged import STATED
from services.registry.store.tables import EnterpriseRow

SHOWN_OBJECTS = 1000


class AsOfQuery(Schema):
    """As of which day; None: as it is now."""

    on = fields.Date(load_default=None)


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


class Ids(fields.Field[list[UUID]]):
    """Ids with commas between them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[UUID]:
        try:
            found = [UUID(each) for each in str(value).split(",")]
        except ValueError:
            raise ValidationError("应为企业编号, 以逗号分隔") from None
        if len(found) > LARGEST_PAGE:
            raise ValidationError(f"一次最多 {LARGEST_PAGE} 家企业")
        return found


class NamesQuery(Schema):
    """Of which enterprises."""

    ids = Ids(required=True)


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

    @views.get("/enterprises/names")
    def names() -> Any:
        asked = api.query(NamesQuery)["ids"]
        with service.database.reading() as session:
            found = queries.names_seen(session, asked, scope=api.caller().scope)
        return jsonify({str(number): name for number, name in found.items()})

    @views.get("/enterprises/<uuid:enterprise_id>")
    def enterprise(enterprise_id: UUID) -> Any:
        day = api.query(AsOfQuery)["on"]
        with service.database.reading() as session:
            found = seen_enterprise(session, enterprise_id)
            if day is None:
                return jsonify(_file(session, found, enterprise_id, service.seals))
            return jsonify(_file_then(session, found, clock.end_of(day), service.seals))

    @views.get("/objects/<uuid:object_id>")
    def object_(object_id: UUID) -> Any:
        with service.database.reading() as session:
            row, _owner = seen_object(session, object_id)
            names = queries.names_of(session, (row.enterprise_id, row.proprietor_id))
            return jsonify(object_shown(row, names))


def seen_enterprise(session: Session, enterprise_id: UUID) -> EnterpriseRow:
    """The enterprise, if the caller may see it. Raises Refused."""
    found = queries.enterprise(session, enterprise_id, scope=api.caller().scope)
    if found is None:
        raise Refused(
            "no_such_enterprise", f"没有编号为 {enterprise_id} 的企业,或不在管辖范围内", 404
        )
    return found


def seen_object(session: Session, object_id: UUID) -> Any:
    """(object, its user's name), if the caller may see it. Raises Refused."""
    found = queries.object_by_id(session, object_id, scope=api.caller().scope)
    if found is None:
        raise Refused("no_such_object", f"没有编号为 {object_id} 的对象,或不在管辖范围内", 404)
    return found


def _file(session: Session, found: EnterpriseRow, asked: UUID, seals: Seals) -> dict[str, Any]:
    """一企一档, as far as the scope reaches; of one that was merged, the survivor's."""
    scope = api.caller().scope
    objects = queries.objects_of(session, found.id, scope=scope, limit=SHOWN_OBJECTS)
    products = queries.products_of(session, found.id, limit=SHOWN_OBJECTS)
    standards = queries.standards_of(session, found.id, limit=SHOWN_OBJECTS)
    former = asking.former_names(session, [found.id]).get(found.id, [])
    return _shown(session, found, seals, objects, products, standards) | {
        "former_names": former,
        "keys": [
            {"source": source, "key": key} for source, key in queries.keys_of(session, found.id)
        ],
        "sources": _sources(session, found.id),
        "merged": told_apart(session, found.id, asked=asked),
    }


def _file_then(
    session: Session, found: EnterpriseRow, before: datetime, seals: Seals
) -> dict[str, Any]:
    """The same as it stood at the end of a day: as the registry knew it then."""
    scope = api.caller().scope
    then = history.as_of(session, "enterprise", found.id, before)
    if then is None:
        raise Refused("not_known_then", "那一天还没有登记这家企业", 404)
    ids = aliases.together(session, found.id)
    objects, products, standards = (
        history.belongings_as_of(session, table, ids, before, scope=scope)[:SHOWN_OBJECTS]
        for table in ("object", "product", "standard")
    )
    return _shown(session, then, seals, objects, products, standards)


def _shown(
    session: Session, found: Any, seals: Seals, objects: Any, products: Any, standards: Any
) -> dict[str, Any]:
    whose = [party for row in objects for party in (row.enterprise_id, row.proprietor_id)]
    names = queries.names_of(session, whose)
    return (
        plain(found)
        | masked(found, seals)
        | {
            "former_names": list(unpacked(found.former_names)),
            "objects": [object_shown(row, names) for row in objects],
            "products": [plain(row) for row in products],
            "standards": [plain(row) for row in standards],
        }
    )


def _sources(session: Session, enterprise_id: UUID) -> dict[str, str]:
    """Whose word each fact is."""
    stated = [
        ranks.Stated(row.source, row.fills, vars(row))
        for row in queries.statements_of(session, enterprise_id)
    ]
    found = ranks.whole(stated, "enterprise", STATED, ranks=ranks.shipped(), on=clock.today())
    return {name: one.source for name, one in found.items()}


def masked(row: Any, seals: Seals) -> dict[str, str | None]:
    """What is sealed of an enterprise, as it may be shown to all who may see the enterprise."""
    return {
        name: mask(seals.open(sealed)) if (sealed := getattr(row, name)) else None
        for name, mask in (("phone", masked_phone), ("legal_representative", masked_name))
    }


def object_shown(row: Any, names: Of[UUID, str]) -> dict[str, Any]:
    """An object with who uses it, and who owns it if that is somebody else."""
    return plain(row) | {
        "enterprise": names.get(row.enterprise_id),
        "proprietor": names.get(row.proprietor_id) if row.proprietor_id else None,
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
