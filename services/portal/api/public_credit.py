"""What anybody may read of credit, and how an error in it is reported."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.portal.api import calling
from services.portal.api.operation import Operation, offer, page
from services.portal.api.parts import Page, PageQuery, day, ident, kept, maybe, text
from services.portal.web.me import ask
from services.portal.web.writing import change

views = Blueprint("public_credit", __name__, url_prefix="/api/v1", description="公开查询")

LISTS = ",".join(
    f'"{name}"'
    for name in (
        *("bad-information", "penalties", "serious-list"),
        *("safety-alerts", "demonstrations", "qualifications"),
    )
)


class SearchQuery(PageQuery):
    """Which enterprises."""

    q = fields.String(
        required=True,
        validate=[validate.Length(2, 100, error="应为 2 至 100 个字符"), kept],
        metadata={"description": "part of a name, or a whole credit code"},
    )


class NamedShape(Schema):
    """An enterprise as the public sees it."""

    enterprise_id = ident("its id in this API")
    name = maybe("名称")
    uscc = maybe("统一社会信用代码")
    division = maybe("行政区划代码")
    status = maybe("登记状态")
    grade = maybe("信用等级 A–D")


class ItemShape(Schema):
    """One published item."""

    id = ident("its id")
    kind = maybe("what kind of item")
    enterprise_id = ident("of which enterprise")
    enterprise = maybe("名称")
    uscc = maybe("统一社会信用代码")
    content = maybe("公示内容")
    basis = maybe("依据")
    authority = maybe("作出机关")
    document_number = maybe("文号")
    severity = maybe("失信程度")
    source = maybe("信息来源")
    penalty = maybe("处罚内容")
    decided_on = day("决定日期")
    published_on = day("公示日期")
    public_until = day("公示截止")
    corrected_on = day("改正日期")
    remedy = maybe("救济途径")
    reply = maybe("企业的说明")
    under_objection = fields.Boolean(metadata={"description": "异议处理中"})


class Published(Schema):
    """What every public answer says."""

    data_as_of = day("数据截至")
    notice = maybe("what the answer means and what it does not")


class FoundShape(Published, Page):
    """Enterprises found."""

    items = fields.List(fields.Nested(NamedShape), required=True)


class GradeShape(Schema):
    """A credit grade."""

    grade = maybe("A–D")
    points = fields.Integer(allow_none=True)


class ClassesShape(Schema):
    """The four classes of an archive."""

    demonstration = fields.List(fields.Nested(ItemShape))
    qualification = fields.List(fields.Nested(ItemShape))
    dishonesty = fields.List(fields.Nested(ItemShape))
    quality = fields.List(fields.Nested(ItemShape))


class ArchiveShape(Published):
    """What is published of one enterprise."""

    enterprise = fields.Nested(NamedShape)
    grade = fields.Nested(GradeShape)
    records = fields.Nested(ClassesShape)


class OneItemShape(Published):
    """One published item."""

    item = fields.Nested(ItemShape)


class ListShape(Published, Page):
    """A public list."""

    list = fields.String(metadata={"description": "its name"})
    items = fields.List(fields.Nested(ItemShape), required=True)


class ReportBody(Schema):
    """What is wrong in a published item."""

    words = text("what is wrong", required=True)
    field = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(
            ["content", "basis", "authority", "document_number", "decided_on", "enterprise"]
        ),
        metadata={"description": "in which field"},
    )


class ReceivedShape(Schema):
    """A report that was taken in."""

    id = ident("its id")
    kind = maybe("error_report")
    state = maybe("where it stands")
    received_on = day("收到")
    due_on = day("答复期限")


@offer(
    views,
    Operation(
        "GET",
        "/public/enterprises",
        FoundShape,
        query=SearchQuery,
        example={"query": {"q": "公司", "limit": 2}},
    ),
)
def search_public(asked: dict[str, Any]) -> Any:
    """Search the public credit of enterprises 公开查询

    By part of a name, or a whole unified social credit code. No token is needed.
    """
    return page(ask().get("credit", "/public/enterprises", **asked))


@offer(
    views,
    Operation(
        "GET",
        "/public/enterprises/<uuid:enterprise_id>",
        ArchiveShape,
        example={"path": {"enterprise_id": "{enterprise_id}"}},
    ),
)
def public_archive(enterprise_id: UUID) -> Any:
    """The public archive of one enterprise 诚信档案

    In its four classes. No record is not a certificate.
    """
    return ask().get("credit", f"/public/enterprises/{enterprise_id}")


@offer(
    views,
    Operation(
        "GET",
        f"/public/lists/<any({LISTS}):name>",
        ListShape,
        query=PageQuery,
        example={"path": {"name": "bad-information"}, "query": {"limit": 2}},
    ),
)
def public_list(asked: dict[str, Any], name: str) -> Any:
    """A public list, the newest first 公示名单"""
    return page(ask().get("credit", f"/public/lists/{name}", **asked))


@offer(
    views,
    Operation(
        "GET",
        "/public/items/<uuid:item_id>",
        OneItemShape,
        refusals=(410,),
        example={"path": {"item_id": "{item_id}"}},
    ),
)
def public_item(item_id: UUID) -> Any:
    """One published item 公示信息

    With its basis, its remedy and its end. 410 once it has ended, was withdrawn or repaired.
    """
    return ask().get("credit", f"/public/items/{item_id}")


@offer(
    views,
    Operation(
        "POST",
        "/public/items/<uuid:item_id>/error-reports",
        ReceivedShape,
        scope="complaints:write",
        body=ReportBody,
        status=201,
        refusals=(409, 410),
        example={
            "path": {"item_id": "{item_id}"},
            "body": {"words": "企业名称与登记信息不一致, 请核对", "field": "enterprise"},
        },
    ),
)
def report_error(sent: dict[str, Any], item_id: UUID) -> Any:
    """Report an error in a published item 报告差错

    The coordination centre checks it and answers until `due_on`.
    """
    with calling.as_the_public():
        kind = ask().get("credit", f"/public/items/{item_id}")["item"]["kind"]
        matter = "bad-information" if kind == "bad_information" else "records"
        return change(
            "接口报告差错",
            "POST",
            "credit",
            f"/{matter}/{item_id}/requests",
            json=sent | {"kind": "error_report"},
            key=calling.key(),
        )
