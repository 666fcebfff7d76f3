"""The views of documents: written, printed again, checked by code."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, send_file
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from services.chassis import api
from services.inspection.api.asking import Inspection
from services.inspection.api.cases.bodies import NoBody
from services.inspection.api.desk import acting as at_the_desk, in_words, read, write
from services.inspection.handlers.acting import Acting
from services.inspection.handlers.cases import explaining as cases
from services.inspection.handlers.documents import checking, papers
from services.inspection.handlers.orders import explaining as orders
from services.inspection.model.documents import DocumentKind
from services.inspection.store import documents

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class CaseDocumentBody(Schema):
    """Which document."""

    kind = fields.Enum(DocumentKind, by_value=True, required=True)


class OrderDocumentBody(CaseDocumentBody):
    """Which document; of an extension, for which item."""

    item_id = fields.UUID(load_default=None, allow_none=True)


def add(views: Blueprint, service: Inspection) -> None:
    """The views of documents."""
    _writing(views, service)
    _reading(views, service)


def _writing(views: Blueprint, service: Inspection) -> None:
    @views.post("/orders/<uuid:order_id>/documents")
    def order_document(order_id: UUID) -> Any:
        sent = api.body(OrderDocumentBody) | {"var": service.settings.var}

        def act(session: Session, acting: Acting) -> Any:
            return checking.shown(papers.of_order(session, order_id, **sent, acting=acting))

        return write(service, act)

    @views.post("/cases/<uuid:case_id>/documents")
    def case_document(case_id: UUID) -> Any:
        sent = api.body(CaseDocumentBody) | {"var": service.settings.var}

        def act(session: Session, acting: Acting) -> Any:
            return checking.shown(papers.of_case(session, case_id, **sent, acting=acting))

        return write(service, act)

    @views.post("/visits/<uuid:visit_id>/documents")
    def visit_document(visit_id: UUID) -> Any:
        api.body(NoBody)

        def act(session: Session, acting: Acting) -> Any:
            made = papers.of_visit(
                session,
                visit_id,
                checklists=service.checklists,
                var=service.settings.var,
                acting=acting,
            )
            return checking.shown(made)

        return write(service, act)


def _reading(views: Blueprint, service: Inspection) -> None:
    @views.get("/orders/<uuid:order_id>/documents")
    def order_documents(order_id: UUID) -> Any:
        def ask(session: Session, acting: Acting) -> Any:
            orders.found(session, order_id, acting)
            return [checking.shown(each) for each in documents.of(session, order_id)]

        return read(service, ask)

    @views.get("/cases/<uuid:case_id>/documents")
    def case_documents(case_id: UUID) -> Any:
        def ask(session: Session, acting: Acting) -> Any:
            cases.found(session, case_id, acting)
            return [checking.shown(each) for each in documents.of(session, case_id)]

        return read(service, ask)

    @views.get("/documents/<code>")
    def check(code: str) -> Any:
        return read(service, lambda session, _: checking.check(session, code))

    @views.get("/documents/<code>/file")
    def a_file(code: str) -> Any:
        person = at_the_desk(service, named=False)
        with in_words(), service.database.reading() as session:
            name, data = checking.file_of(
                session, code, var=service.settings.var, acting=person
            )
        return send_file(BytesIO(data), mimetype=_WORD, as_attachment=True, download_name=name)
