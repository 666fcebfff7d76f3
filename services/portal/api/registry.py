"""The registry: enterprises and objects, and the public page of a unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.portal.api.operation import Operation, offer, page
from services.portal.api.parts import Page, PageQuery, day, ident, kept, maybe
from services.portal.web.me import ask
from services.portal.web.paths import segment

views = Blueprint("registry", __name__, url_prefix="/api/v1", description="底数 registry")


class EnterprisesQuery(PageQuery):
    """Which enterprises."""

    text = fields.String(
        validate=[validate.Length(max=200, error="不超过200字"), kept],
        metadata={"description": "part of a name, or a whole code; absent: all"},
    )


class EnterpriseShape(Schema):
    """An enterprise. No person, no telephone."""

    id = ident("its id")
    name = maybe("名称")
    uscc = maybe("统一社会信用代码")
    organisation_code = maybe("组织机构代码")
    registration_number = maybe("注册号")
    division = maybe("行政区划代码")
    address = maybe("住所")
    industry = maybe("行业代码")
    status = maybe("登记状态")
    status_since = day("自")
    revision = fields.Integer(metadata={"description": "grows with every change"})
    updated_at = maybe("最近变更")


class EnterprisesShape(Page):
    """Enterprises."""

    items = fields.List(fields.Nested(EnterpriseShape), required=True)


class DoneShape(Schema):
    """The last time a duty was done."""

    duty = maybe("which duty")
    done_on = day("完成")
    stated_due_on = day("下次")
    cycle_months = fields.Integer(allow_none=True)


class ObjectShape(Schema):
    """Equipment, an instrument, a licence."""

    id = ident("its id")
    kind = maybe("which kind")
    label = maybe("名称")
    class_code = maybe("类别代码")
    number = maybe("编号")
    filing_number = maybe("使用登记证编号")
    maker = maybe("制造单位")
    division = maybe("行政区划代码")
    address = maybe("所在地点")
    enterprise_id = ident("of which enterprise")
    enterprise = maybe("使用单位")
    status = maybe("状态")
    commissioned_on = day("投用日期")
    records = fields.List(fields.Nested(DoneShape))
    revision = fields.Integer(metadata={"description": "grows with every change"})
    updated_at = maybe("最近变更")


class FileShape(EnterpriseShape):
    """An enterprise with its objects."""

    objects = fields.List(fields.Nested(ObjectShape))


class DatesShape(Schema):
    """One duty of a unit."""

    duty = maybe("which duty")
    done_on = day("最近一次")
    due_on = day("下次应于")


class UnitShape(Schema):
    """What stands on the label of a unit, and its dates."""

    id = ident("its id")
    label = maybe("名称")
    class_code = maybe("类别代码")
    number = maybe("注册代码")
    filing_number = maybe("使用登记证编号")
    maker = maybe("制造单位")
    address = maybe("所在地点")
    division = maybe("行政区划代码")
    status = maybe("状态")
    user = maybe("使用单位")
    enterprise_id = ident("使用单位编号")
    commissioned_on = day("投用日期")
    dates = fields.List(fields.Nested(DatesShape))


class DocumentShape(Schema):
    """Whether a paper was written by the bureau and still holds; nobody's name."""

    code = maybe("核验码")
    kind = maybe("which kind")
    title = maybe("文书名称")
    number = maybe("文号")
    date = day("日期")
    authority = maybe("作出机关")
    state = maybe("valid or withdrawn")
    withdrawn_on = day("撤回")


@offer(
    views,
    Operation(
        "GET",
        "/enterprises",
        EnterprisesShape,
        scope="registry:read",
        query=EnterprisesQuery,
        example={"query": {"text": "公司", "limit": 2}},
    ),
)
def enterprises(asked: dict[str, Any]) -> Any:
    """Enterprises within the token's divisions 企业"""
    return page(ask().get("registry", "/enterprises", **asked))


@offer(
    views,
    Operation(
        "GET",
        "/enterprises/<uuid:enterprise_id>",
        FileShape,
        scope="registry:read",
        example={"path": {"enterprise_id": "{enterprise_id}"}},
    ),
)
def enterprise(enterprise_id: UUID) -> Any:
    """An enterprise with its objects 一企一档"""
    return ask().get("registry", f"/enterprises/{enterprise_id}")


@offer(
    views,
    Operation(
        "GET",
        "/objects/<uuid:object_id>",
        ObjectShape,
        scope="registry:read",
        example={"path": {"object_id": "{object_id}"}},
    ),
)
def one_object(object_id: UUID) -> Any:
    """An object under supervision 监管对象"""
    return ask().get("registry", f"/objects/{object_id}")


@offer(
    views,
    Operation(
        "GET",
        "/public/equipment/<number>",
        UnitShape,
        example={"path": {"number": "{number}"}},
    ),
)
def public_equipment(number: str) -> Any:
    """What the page of a unit says 特种设备公开信息

    By the number on its label. No token is needed.
    """
    facts = ask().get("registry", f"/public/equipment/{segment(number)}")
    told = ask().find("inspection", f"/public/objects/{facts['id']}")
    return facts | {"dates": told["duties"] if told else []}


@offer(
    views,
    Operation(
        "GET",
        "/public/documents/<code>",
        DocumentShape,
        example={"path": {"code": "{code}"}},
    ),
)
def public_document(code: str) -> Any:
    """Check a paper by the code printed on it 文书核验"""
    return ask().get("inspection", f"/documents/{segment(code)}")
