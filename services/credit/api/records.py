"""Records: entered, verified, put on file, rewritten, published, ended; by named persons."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, post_load, validate
from sqlalchemy.orm import Session

from services.chassis import api, clock
from services.credit import store
from services.credit.api.serving import (
    Paged,
    ReasonBody,
    Service,
    act,
    nothing_there,
    plain,
    text,
    words_for_refusals,
)
from services.credit.handlers.records import deciding
from services.credit.handlers.records.explaining import explain_record
from services.credit.model import Content, Ground, GroundKind, Record, RecordState
from services.events.credit import RecordKind, RecordSource, Severity

INWARD = frozenset({"steps", "taken_in", "next_step_on"})
SHA256 = validate.Regexp(r"^[0-9a-f]{64}$", error="应为 64 位十六进制的 SHA-256 摘要")


class GroundBody(Schema):
    """One precondition to be put on file."""

    kind = fields.Enum(GroundKind, by_value=True, required=True)
    on = fields.Date(required=True)
    words = text(required=True)
    document_number = text(load_default=None)
    authority = text(load_default=None)
    evidence_sha256 = fields.String(validate=SHA256, load_default=None)


class VerificationBody(GroundBody):
    """The verified source of a lead."""

    kind = fields.Enum(GroundKind, by_value=True, load_default=GroundKind.VERIFIED_SOURCE)


class ContentBody(Schema):
    """What a record is to say."""

    severity = fields.Enum(Severity, by_value=True, load_default=None)
    content = text(required=True)
    basis = text(required=True)
    authority = text(required=True)
    document_number = text(load_default=None)
    decided_on = fields.Date(load_default=None)
    valid_until = fields.Date(load_default=None)
    penalty = text(load_default=None)
    warning_only = fields.Boolean(load_default=False)
    restricting = fields.Boolean(load_default=False)
    evidence_sha256 = fields.String(validate=SHA256, load_default=None)

    @post_load
    def content_of(self, sent: dict[str, Any], **_: Any) -> Content:
        return Content(**sent)


class RecordBody(Schema):
    """A record to be entered."""

    enterprise_id = fields.UUID(required=True)
    kind = fields.Enum(RecordKind, by_value=True, required=True)
    source = fields.Enum(RecordSource, by_value=True, required=True)
    content = fields.Nested(ContentBody, required=True)
    grounds = fields.List(fields.Nested(GroundBody), load_default=list)
    supersedes = fields.UUID(load_default=None)


class RewritingBody(ReasonBody):
    """New words, and why."""

    content = fields.Nested(ContentBody, required=True)


class AnnulmentBody(Schema):
    """When the decision fell."""

    annulled_on = fields.Date(required=True)


class CorrectionBody(Schema):
    """When the violation was put right."""

    corrected_on = fields.Date(required=True)


class ReplyBody(Schema):
    """What the enterprise says."""

    words = text(required=True)


class RecordQuery(Paged):
    """Which records."""

    state = fields.Enum(RecordState, by_value=True, load_default=None)
    kind = fields.Enum(RecordKind, by_value=True, load_default=None)


def add_views(views: Blueprint, service: Service) -> None:
    """Records read and entered, and what a named person does with one."""

    @views.get("/records")
    def record_page() -> Any:
        asked = api.query(RecordQuery)
        with service.database.reading() as session:
            found = store.record_page(
                session,
                scope=api.caller().scope,
                outside=api.caller().name if api.is_outside() else None,
                **asked,
            )
        full = len(found) == asked["limit"]
        following = f"{found[-1].opened_on}_{found[-1].id}" if full else None
        return jsonify(items=[shown(record) for record in found], next=following)

    @views.post("/records")
    def enter() -> Any:
        sent = api.body(RecordBody)
        acting = act(service)
        on_file = [Ground(by=acting.by, **each) for each in sent["grounds"]]

        def entered(session: Session) -> Any:
            record = deciding.enter_record(
                session,
                acting,
                enterprise_id=sent["enterprise_id"],
                kind=sent["kind"],
                source=sent["source"],
                content=sent["content"],
                grounds_on_file=on_file,
                supersedes=sent["supersedes"],
            )
            return shown(record)

        with words_for_refusals("enterprise"):
            return api.write(service.database, entered, status=201)

    @views.get("/records/<uuid:record_id>")
    def one_record(record_id: UUID) -> Any:
        with service.database.reading() as session:
            found = store.records(session, [record_id]).get(record_id)
        if found is None or not _may_see(found):
            raise nothing_there("record", record_id)
        return jsonify(shown(found))

    @views.get("/records/<uuid:record_id>/explanation")
    def record_explanation(record_id: UUID) -> Any:
        with words_for_refusals("record"), service.database.reading() as session:
            explained = explain_record(
                session,
                record_id,
                scope=api.caller().scope,
                today=clock.today(),
                policy=service.policy,
            )
        return jsonify(plain(explained))

    _add_preparing(views, service)
    _add_public_life(views, service)


def _may_see(record: Record) -> bool:
    """A draft is the bureau's own: outside it, its author's, and whose notice was served."""
    caller = api.caller()
    if not caller.scope.covers(record.division):
        return False
    if caller.own is not None:
        return record.was_told
    if api.is_agency():
        return record.published_on is not None or record.opened_by == caller.name
    return True


def _done(service: Service, step: Callable[[Session], Record]) -> Any:
    with words_for_refusals("record"):
        return api.write(service.database, lambda session: shown(step(session)))


def _add_preparing(views: Blueprint, service: Service) -> None:
    """What a named person does with a record before it is public."""

    @views.post("/records/<uuid:record_id>/grounds")
    def ground(record_id: UUID) -> Any:
        acting = act(service)
        filed = Ground(by=acting.by, **api.body(GroundBody))
        return _done(service, lambda s: deciding.file_ground(s, acting, record_id, filed))

    @views.post("/records/<uuid:record_id>/verification")
    def verification(record_id: UUID) -> Any:
        acting = act(service)
        filed = Ground(by=acting.by, **api.body(VerificationBody))
        return _done(service, lambda s: deciding.verify(s, acting, record_id, filed))

    @views.put("/records/<uuid:record_id>/content")
    def content(record_id: UUID) -> Any:
        sent, acting = api.body(RewritingBody), act(service)
        return _done(
            service,
            lambda s: deciding.rewrite(
                s, acting, record_id, sent["content"], because=sent["reason"]
            ),
        )

    @views.post("/records/<uuid:record_id>/publication")
    def record_publication(record_id: UUID) -> Any:
        acting = act(service)
        return _done(service, lambda s: deciding.publish(s, acting, record_id))


def _add_public_life(views: Blueprint, service: Service) -> None:
    """What becomes of a record that is public."""

    @views.post("/records/<uuid:record_id>/withdrawal")
    def record_withdrawal(record_id: UUID) -> Any:
        because, acting = api.body(ReasonBody)["reason"], act(service)
        return _done(
            service, lambda s: deciding.withdraw(s, acting, record_id, because=because)
        )

    @views.post("/records/<uuid:record_id>/annulment")
    def annulment(record_id: UUID) -> Any:
        on, acting = api.body(AnnulmentBody)["annulled_on"], act(service)
        return _done(service, lambda s: deciding.annul(s, acting, record_id, annulled_on=on))

    @views.post("/records/<uuid:record_id>/resumption")
    def resumption(record_id: UUID) -> Any:
        because, acting = api.body(ReasonBody)["reason"], act(service)
        return _done(service, lambda s: deciding.resume(s, acting, record_id, because=because))

    @views.post("/records/<uuid:record_id>/correction")
    def correction(record_id: UUID) -> Any:
        on, acting = api.body(CorrectionBody)["corrected_on"], act(service)
        return _done(service, lambda s: deciding.correct(s, acting, record_id, corrected_on=on))

    @views.put("/records/<uuid:record_id>/reply")
    def reply(record_id: UUID) -> Any:
        words, acting = api.body(ReplyBody)["words"], act(service)
        return _done(service, lambda s: deciding.reply(s, acting, record_id, words=words))


def shown(record: Record) -> dict[str, Any]:
    """A record for the bureau's own eyes."""
    whole = {
        each.name: getattr(record, each.name)
        for each in dataclasses.fields(record)
        if each.name not in INWARD
    }
    whole["content"] = dataclasses.asdict(record.content)
    whole["periods"] = dataclasses.asdict(record.periods)
    whole["grounds"] = [dataclasses.asdict(ground) for ground in record.grounds.values()]
    answer: dict[str, Any] = plain(whole)
    return answer
