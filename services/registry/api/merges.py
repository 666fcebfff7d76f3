"""Merges over HTTP: made of two enterprises, listed, undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api
from services.chassis.api import Refused
from services.registry.api.serving import PageQuery, Service, page_of, plain
from services.registry.handlers import merging
from services.registry.rules.merging import NotMergeable
from services.registry.store import merges

_WORDS = {"enterprise": "企业", "merge": "合并", "candidate": "疑似重复"}


class ReasonBody(Schema):
    """Why, where that must or may be said."""

    reason = fields.String(
        load_default=None, validate=validate.Length(1, 2000, error="理由为 1 至 2000 字")
    )


class MergeBody(ReasonBody):
    """Two enterprises that are one; without *survivor_id* the fuller file stands for both."""

    enterprise_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(equal=2, error="请给出两家企业的编号"),
    )
    survivor_id = fields.UUID(load_default=None)


class MergesQuery(PageQuery):
    """Which merges."""

    standing = fields.Boolean(load_default=False)


def add_views(views: Blueprint, service: Service) -> None:
    """What a person does who has two files before him."""

    @views.get("/merges")
    def merges_listed() -> Any:
        asked = api.query(MergesQuery)
        with service.database.reading() as session:
            found = merges.latest(session, scope=api.caller().scope, **asked)
            items = [plain(one) for one in found]
        return jsonify(page_of(items, asked["limit"]))

    @views.post("/merges")
    def merge_enterprises() -> Any:
        asked, caller = api.body(MergeBody), api.caller()
        one, other = asked["enterprise_ids"]
        with refusals_in_words():
            return api.write(
                service.database,
                lambda session: merging.merge_two(
                    session,
                    one,
                    other,
                    survivor=asked["survivor_id"],
                    scope=caller.scope,
                    by=caller.name,
                    reason=asked["reason"],
                ),
                status=201,
            )

    @views.post("/merges/<uuid:merge_id>/undo")
    def undo_merge(merge_id: UUID) -> Any:
        asked, caller = api.body(ReasonBody), api.caller()
        with refusals_in_words():
            return api.write(
                service.database,
                lambda session: merging.undo(
                    session,
                    merge_id,
                    scope=caller.scope,
                    by=caller.name,
                    because=asked["reason"],
                ),
            )


def told_apart(session: Session, shown: UUID, *, asked: UUID) -> dict[str, Any]:
    """Who stands under the enterprise that is shown, and a note if one of them was asked for."""
    under = merges.standing_under(session, shown)
    name = next((one.name for one in under if one.id == asked), None)
    return {
        "asked_for": str(asked),
        "note": f"“{name}”已并入本档案" if name else None,
        "enterprises": [
            {
                "id": str(one.id),
                "name": one.name,
                "uscc": one.uscc,
                "merge_id": one.merge_id and str(one.merge_id),
                "since": one.since and one.since.isoformat(),
                "by": one.by,
            }
            for one in under
        ],
    }


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """What the rules and the scope do not allow, as a caller reads it."""
    try:
        yield
    except NotMergeable as refusal:
        raise Refused(refusal.code, str(refusal), 409) from None
    except merging.Unknown as unknown:
        word = _WORDS[unknown.thing]
        raise Refused(
            f"no_such_{unknown.thing}",
            f"没有编号为 {unknown.of} 的{word},或不在管辖范围内",
            404,
        ) from None
