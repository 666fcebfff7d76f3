"""Personal data in full: for a purpose that is written down, or not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock, parked
from services.chassis.api import Refused
from services.chassis.masking import masked_name, masked_phone
from services.chassis.resealing import renew_all
from services.chassis.sealing import Seals
from services.events.registry import ObjectKind
from services.registry.api.files import seen_enterprise, seen_object
from services.registry.api.serving import LARGEST_PAGE, Service, plain, whole_bureau
from services.registry.rules.people import masked_number
from services.registry.store import people, resealing
from services.registry.store.packing import person_of

_MASKS = {"name": masked_name, "number": masked_number, "phone": masked_phone}
PARTS = 16  # of files, a megabyte each
_SEALED = ("phone", "legal_representative")


class RevealBody(Schema):
    """What it is needed for: a matter, a case number, a call to be made."""

    purpose = fields.String(
        required=True,
        validate=validate.Length(
            4, 500, error="请写明查看用途(至少4个字),例如: 送达责令整改通知书〔2026〕12号"
        ),
    )


class NumberBody(Schema):
    """A whole number. It is asked for in a body: addresses of calls are logged."""

    number = fields.String(required=True, validate=validate.Length(5, 40, error="5 至 40 位"))


def add_views(views: Blueprint, service: Service) -> None:
    """People masked, found by their number, and revealed."""

    @views.get("/people/<uuid:person_id>")
    def person(person_id: UUID) -> Any:
        with service.database.reading() as session:
            return jsonify(_masked(seen_person(session, person_id), service.seals))

    @views.post("/people/found-by-number")
    def found() -> Any:
        number = api.body(NumberBody)["number"]
        with service.database.reading() as session:
            rows = people.by_number(session, service.seals, number, scope=api.caller().scope)
            return jsonify(items=[_masked(row, service.seals) for row in rows])

    @views.post("/people/<uuid:person_id>/reveal")
    def reveal_person(person_id: UUID) -> Any:
        purpose = _purpose()
        with service.database.transaction() as session:
            row = seen_person(session, person_id)
            whole = person_of(service.seals.open(row.sealed)) if row.sealed else {}
            _written_down(session, "person", row.id, sorted(whole), purpose)
        return jsonify(whole)

    @views.post("/enterprises/<uuid:enterprise_id>/reveal")
    def reveal_enterprise(enterprise_id: UUID) -> Any:
        purpose = _purpose()
        with service.database.transaction() as session:
            row = seen_enterprise(session, enterprise_id)
            whole = {
                name: service.seals.open(sealed)
                for name in _SEALED
                if (sealed := getattr(row, name))
            }
            _written_down(session, "enterprise", row.id, sorted(whole), purpose)
        return jsonify(whole)

    @views.post("/seals/renew")
    def renew() -> Any:
        whole_bureau(service, "更换密钥")
        renewed = renew_all(service.database, service.seals, resealing.renew, parked.renew)
        renewed += renew_all(
            service.database, service.seals, resealing.renew_files, limit=PARTS
        )
        return jsonify(renewed=renewed)

    @views.get("/disclosures")
    def disclosures() -> Any:
        whole_bureau(service, "查看披露记录")
        with service.database.reading() as session:
            return jsonify(
                items=[plain(row) for row in people.disclosures(session, LARGEST_PAGE)]
            )


def seen_person(session: Session, person_id: UUID) -> Any:
    """An operator's certificate, if the caller may see it. Raises Refused."""
    row, _employer = seen_object(session, person_id)
    if row.kind != ObjectKind.OPERATOR:
        raise Refused("not_a_person", "这个编号不是作业人员证", 404)
    return row


def _purpose() -> str:
    """Raises Refused: without a purpose nothing is shown, nor to somebody without a name."""
    if api.caller().name == "unnamed":
        raise Refused("caller_unnamed", "查看完整个人信息须由具名的经办人提出", 403)
    purpose: str = api.body(RevealBody)["purpose"].strip()
    if not purpose:
        raise Refused("purpose_missing", "请写明查看用途")
    return purpose


def _written_down(
    session: Session, kind: str, about: UUID, names: list[str], purpose: str
) -> None:
    """In the transaction that ends before the answer leaves. The answer itself is not kept:

    a repeated call is looked at again, and written down again.
    """
    people.disclose(
        session,
        {
            "id": uuid4(),
            "seen_by": api.caller().name,
            "seen_at": clock.now(),
            "about_kind": kind,
            "about_id": about,
            "fields": ",".join(names),
            "purpose": purpose,
        },
    )


def _masked(row: Any, seals: Seals) -> dict[str, Any]:
    whole = person_of(seals.open(row.sealed)) if row.sealed else {}
    return {
        "id": str(row.id),
        "enterprise_id": str(row.enterprise_id),
        "class_code": row.class_code,
        "status": row.status,
        "division": row.division,
        **{name: mask(whole[name]) if name in whole else None for name, mask in _MASKS.items()},
    }
