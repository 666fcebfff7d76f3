"""Complaints from everybody: handed in, asked about with number and secret; and by a clerk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from marshmallow import Schema
from sqlalchemy.orm import Session

from services.chassis import api
from services.chassis.api import Refused
from services.inspection.api.asking import Inspection, plain
from services.inspection.api.complaints import bodies
from services.inspection.api.desk import acting, in_words, read, write
from services.inspection.handlers import proofs
from services.inspection.handlers.acting import EVERYWHERE, Acting
from services.inspection.handlers.complaints import (
    explaining,
    receipts,
    receiving,
    working,
)
from services.inspection.handlers.visits import evidence

_GIVEN = ("complaint_id", "number", "kind", "received_on", "term", "last_day")
_PICTURES = "image/"


def add(views: Blueprint, service: Inspection) -> None:
    """The views that need nobody's name, and that of the clerk who takes down another's."""

    @views.post("/complaints")
    def complaint_by_clerk() -> Any:
        return _received(service, bodies.ClerkBody, public=False)

    @views.post("/public/complaints")
    def complaint_by_anybody() -> Any:
        return _received(service, bodies.PublicBody, public=True)

    _photographs(views, service)
    _asking(views, service)


def _asking(views: Blueprint, service: Inspection) -> None:
    @views.post("/public/complaints/<number>/receipt")
    def complaint_receipt(number: str) -> Any:
        code = api.body(bodies.ReceiptBody)["code"]

        def ask(session: Session, person: Acting) -> Any:
            found = receipts.opened(session, number, code)
            return explaining.receipt(session, found, person)

        return read(service, ask)

    @views.post("/public/complaints/<number>/reopening")
    def complaint_reopening(number: str) -> Any:
        sent = api.body(bodies.PublicReopeningBody)

        def act(session: Session, person: Acting) -> Any:
            found = receipts.opened(session, number, sent["code"])
            because = {"because": sent["because"]}
            again = working.take(
                session, found.complaint_id, "reopening", because, acting=_anybody(person)
            )
            return explaining.receipt(session, again, person)

        return write(service, act)


def _photographs(views: Blueprint, service: Inspection) -> None:
    @views.post("/public/complaints/photographs")
    def complaint_photograph() -> Any:
        person = acting(service, named=False)
        most = evidence.largest(service.policy, person)
        if (request.content_length or 0) > most:
            raise Refused("evidence_too_large", f"文件超过 {most} 字节, 请压缩后再传", 413)
        data = request.get_data(cache=False)
        with in_words():
            if not evidence.checked(data, person).startswith(_PICTURES):
                raise Refused("not_a_picture", "这里只接收照片; 其他材料请交给经办人", 409)
            kept = proofs.keep(person, data, var=service.settings.var)
        return jsonify(plain(kept)), 201


def _received(service: Inspection, schema: type[Schema], *, public: bool) -> Any:
    """The secret is put to the answer after it was kept: it lies in no database."""
    sent: dict[str, Any] = _body(service, schema)

    def act(session: Session, person: Acting) -> Any:
        by = _anybody(person) if public else person
        received = receiving.receive(session, **sent, acting=by, seals=service.seals)
        return {name: getattr(received, name) for name in _GIVEN}

    answer: Response = write(service, act, status=201)
    told = answer.get_json()
    code = receipts.code_of(service.seals, UUID(told["complaint_id"]))
    return jsonify(told | {"code": code}), answer.status_code


def _body(service: Inspection, schema: type[Schema]) -> dict[str, Any]:
    sent = api.body(schema)
    with in_words():
        proofs.check(sent["sent"].evidence, var=service.settings.var)
    return sent


def _anybody(person: Acting) -> Acting:
    """Whoever it is says so himself, or not at all; and may complain of any county."""
    return replace(person, by=None, scope=EVERYWHERE)
