"""Corrections by hand: a named clerk, a reason, and the record says so from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from services.chassis import api
from services.chassis.api import Refused
from services.events.registry import ObjectKind
from services.registry.api.files import seen_enterprise, seen_object
from services.registry.api.serving import Service
from services.registry.handlers.correcting import (
    Corrected,
    NotPossible,
    correct_enterprise,
    correct_object,
)
from services.registry.mapping.correcting import OF_ENTERPRISES, OF_OBJECTS

LONGEST = 500


class CorrectionBody(Schema):
    """Field: what is right, as a file would say it; null takes an earlier correction back."""

    fields_ = fields.Dict(
        fields.String(),
        fields.String(allow_none=True, validate=validate.Length(1, LONGEST)),
        required=True,
        data_key="fields",
        validate=validate.Length(min=1, error="没有要更正的字段"),
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(
            4, LONGEST, error="请写明更正理由(至少4个字),例如: 核对营业执照原件"
        ),
    )


def add_views(views: Blueprint, service: Service) -> None:
    """Enterprises and objects are corrected."""

    @views.patch("/enterprises/<uuid:enterprise_id>")
    def enterprise_put_right(enterprise_id: UUID) -> Any:
        by, asked = _named(), api.body(CorrectionBody)
        said = _known(asked["fields_"], OF_ENTERPRISES)

        def act(session: Session) -> dict[str, Any]:
            row = seen_enterprise(session, enterprise_id)
            _own(row.division)
            return _answered(
                lambda: correct_enterprise(
                    session, row, said, reason=asked["reason"], by=by, seals=service.seals
                )
            )

        return api.write(service.database, act)

    @views.patch("/objects/<uuid:object_id>")
    def object_put_right(object_id: UUID) -> Any:
        by, asked = _named(), api.body(CorrectionBody)
        said = _known(asked["fields_"], OF_OBJECTS)

        def act(session: Session) -> dict[str, Any]:
            row, _user = seen_object(session, object_id)
            if row.kind == ObjectKind.OPERATOR:
                _known(
                    said,
                    [name for name in OF_OBJECTS if name not in ("label", "maker", "number")],
                )
            return _answered(
                lambda: correct_object(session, row, said, reason=asked["reason"], by=by)
            )

        return api.write(service.database, act)


def _named() -> str:
    """Raises Refused: a correction without a name would be nobody's word."""
    name: str = api.caller().name
    if name == "unnamed":
        raise Refused("caller_unnamed", "更正须由具名的经办人提出", 403)
    return name


def _known(said: dict[str, Any], names: Any) -> dict[str, Any]:
    """Raises Refused, with what could be corrected."""
    if unknown := sorted(set(said) - set(names)):
        raise Refused(
            "field_unknown",
            f"不能更正“{unknown[0]}”;可以更正: {'、'.join(names)}",
            field=unknown[0],
        )
    return said


def _own(division: str) -> None:
    """An enterprise is seen where it has objects, but corrected where it sits."""
    if not api.caller().scope.covers(division):
        raise Refused(
            "scope_too_narrow", f"这家企业登记在 {division},由当地更正", 403, needed=division
        )


def _answered(correct: Callable[[], Corrected]) -> dict[str, Any]:
    try:
        done = correct()
    except NotPossible as refused:
        raise Refused("correction_wrong", "更正的内容不对", troubles=refused.troubles) from None
    return {"changed": sorted(done.changed), "findings": done.findings}
