"""Credit: what departments read of their divisions, and what they enter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.events.credit import RecordKind, RecordSource, Severity
from services.portal.api import calling
from services.portal.api.operation import Operation, offer, page
from services.portal.api.parts import Page, PageQuery, day, ident, maybe, text
from services.portal.web.me import ask
from services.portal.web.writing import change

views = Blueprint("credit", __name__, url_prefix="/api/v1", description="诚信 credit")


class ContentShape(Schema):
    """What a record says."""

    severity = fields.Enum(Severity, by_value=True, load_default=None, allow_none=True)
    content = text("公示内容", required=True)
    basis = text("依据", required=True)
    authority = text("作出机关", required=True)
    document_number = text("文号", load_default=None, allow_none=True)
    decided_on = fields.Date(load_default=None, allow_none=True)
    valid_until = fields.Date(load_default=None, allow_none=True)
    penalty = text("处罚内容", load_default=None, allow_none=True)
    warning_only = fields.Boolean(load_default=False)


class RecordBody(Schema):
    """A record from another department; it is a draft until the centre publishes it."""

    enterprise_id = fields.UUID(required=True)
    kind = fields.Enum(RecordKind, by_value=True, required=True)
    content = fields.Nested(ContentShape, required=True)


class SaidShape(Schema):
    """What a record says, in an answer."""

    severity = maybe("失信程度")
    content = maybe("公示内容")
    basis = maybe("依据")
    authority = maybe("作出机关")
    document_number = maybe("文号")
    decided_on = day("决定日期")
    valid_until = day("有效期至")
    penalty = maybe("处罚内容")


class RecordShape(Schema):
    """A record."""

    id = ident("its id")
    enterprise_id = ident("of which enterprise")
    division = maybe("行政区划代码")
    kind = maybe("which kind")
    source = maybe("信息来源")
    state = maybe("where it stands")
    opened_on = day("登记在案")
    published_on = day("公示日期")
    opened_by = maybe("who entered it")
    content = fields.Nested(SaidShape)


class RecordsShape(Page):
    """Records."""

    items = fields.List(fields.Nested(RecordShape), required=True)


class RecordsQuery(PageQuery):
    """Which records."""

    kind = fields.Enum(RecordKind, by_value=True)


class EntryShape(Schema):
    """Bad information that a red warning made."""

    id = ident("its id")
    enterprise_id = ident("of which enterprise")
    enterprise = maybe("名称")
    division = maybe("行政区划代码")
    state = maybe("where it stands")
    warning_id = ident("the red warning")
    endangers_safety = fields.Boolean()
    opened_on = day("形成")
    published_on = day("公示")
    last_day_to_correct = day("改正期限的最后一日")
    corrected_on = day("改正")
    escalated_to = maybe("升级为")
    escalated_on = day("升级")
    withdrawn_on = day("撤销")


class EntriesShape(Page):
    """Bad information."""

    items = fields.List(fields.Nested(EntryShape), required=True)


class EntriesQuery(PageQuery):
    """Which bad information."""

    division = fields.String(
        validate=validate.Regexp(r"^[0-9]{6}$", error="应为六位行政区划代码, 如 610303"),
        metadata={"description": "行政区划代码"},
    )


@offer(
    views,
    Operation(
        "GET",
        "/bad-information",
        EntriesShape,
        scope="credit:read",
        query=EntriesQuery,
        example={"query": {"limit": 2}},
    ),
)
def bad_information(asked: dict[str, Any]) -> Any:
    """Bad information within the token's divisions 不良信息"""
    return page(ask().get("credit", "/bad-information", **asked))


@offer(
    views,
    Operation(
        "GET",
        "/bad-information/<uuid:entry_id>",
        EntryShape,
        scope="credit:read",
        example={"path": {"entry_id": "{entry_id}"}},
    ),
)
def one_bad_information(entry_id: UUID) -> Any:
    """One bad information 一条不良信息"""
    return ask().get("credit", f"/bad-information/{entry_id}")


@offer(
    views,
    Operation(
        "GET",
        "/records",
        RecordsShape,
        scope="credit:read",
        query=RecordsQuery,
        example={"query": {"limit": 2}},
    ),
)
def records(asked: dict[str, Any]) -> Any:
    """Credit records within the token's divisions 诚信记录"""
    kind = asked.pop("kind", None)
    return page(ask().get("credit", "/records", **asked, kind=kind.value if kind else None))


@offer(
    views,
    Operation(
        "GET",
        "/records/<uuid:record_id>",
        RecordShape,
        scope="credit:read",
        example={"path": {"record_id": "{record_id}"}},
    ),
)
def one_record(record_id: UUID) -> Any:
    """One credit record 一条诚信记录"""
    return ask().get("credit", f"/records/{record_id}")


@offer(
    views,
    Operation(
        "POST",
        "/records",
        RecordShape,
        scope="records:write",
        body=RecordBody,
        status=201,
        refusals=(404, 409),
        example={
            "body": {
                "enterprise_id": "{enterprise_id}",
                "kind": "penalty",
                "content": {
                    "severity": "ordinary",
                    "content": "未按规定公示收费标准",
                    "basis": "《中华人民共和国价格法》第四十二条",
                    "authority": "宝鸡市发展和改革委员会",
                    "document_number": "宝发改罚〔2026〕7号",
                    "decided_on": "2026-11-02",
                    "penalty": "罚款一千元",
                },
            }
        },
    ),
)
def enter_record(sent: dict[str, Any]) -> Any:
    """Enter a record from another department 其他部门提供的信息

    It is on file at once, and public only after the coordination centre has verified and
    published it. Send an Idempotency-Key: what was sent twice is then entered once.
    """
    body: dict[str, Any] = RecordBody().dump(sent) | {"source": RecordSource.DEPARTMENT.value}
    body["content"] = {k: v for k, v in body["content"].items() if v is not None}
    return change(
        "接口登记诚信记录", "POST", "credit", "/records", json=body, key=calling.key()
    )
