"""The views of evidence of orders and cases: uploaded first, then named by its digest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from services.chassis.api import Refused
from services.inspection.api.asking import Inspection, plain
from services.inspection.api.desk import acting, in_words
from services.inspection.handlers import proofs
from services.inspection.handlers.cases import explaining as cases
from services.inspection.handlers.orders import explaining as orders
from services.inspection.handlers.visits import evidence


def add(views: Blueprint, service: Inspection) -> None:
    """The views of evidence."""

    @views.post("/evidence")
    def keep_proof() -> Any:
        person = acting(service, named=True)
        most = evidence.largest(service.policy, person)
        if (request.content_length or 0) > most:
            raise Refused("evidence_too_large", f"文件超过 {most} 字节, 请压缩或者分段", 413)
        with in_words():
            kept = proofs.keep(person, request.get_data(cache=False), var=service.settings.var)
        return jsonify(plain(kept)), 201

    @views.get("/orders/<uuid:order_id>/evidence/<string:digest>")
    def order_proof(order_id: UUID, digest: str) -> Any:
        return _file(service, orders.found, order_id, digest)

    @views.get("/cases/<uuid:case_id>/evidence/<string:digest>")
    def case_proof(case_id: UUID, digest: str) -> Any:
        return _file(service, cases.found, case_id, digest)


def _file(service: Inspection, found: Any, about_id: UUID, digest: str) -> Response:
    person = acting(service, named=False)
    with in_words(), service.database.reading() as session:
        found(session, about_id, person)
        media_type, data = proofs.get(session, about_id, digest, var=service.settings.var)
    return Response(data, content_type=media_type)
