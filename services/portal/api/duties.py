"""What falls due and what was ordered: warnings, what an object owes, orders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.events.registry import DutyKind, ObjectKind
from services.portal.api.operation import Operation, offer, page
from services.portal.api.parts import Page, PageQuery, day, ident, maybe
from services.portal.web.me import ask

views = Blueprint("duties", __name__, url_prefix="/api/v1", description="预警与整改 duties")

DIVISION = validate.Regexp(r"^[0-9]{6}$", error="应为六位行政区划代码, 如 610303")


class WarningsQuery(PageQuery):
    """Which warnings."""

    colour = fields.String(
        validate=validate.OneOf(["red", "yellow", "green", "grey"]),
        metadata={"description": "absent: red and yellow"},
    )
    division = fields.String(validate=DIVISION, metadata={"description": "行政区划代码"})
    kind = fields.Enum(ObjectKind, by_value=True)
    duty = fields.Enum(DutyKind, by_value=True)
    enterprise_id = fields.UUID()


class WarningShape(Schema):
    """One duty of one object that is due, or over."""

    warning_id = ident("of the red warning; null while it is not red")
    duty_id = ident("its id")
    duty = maybe("which duty")
    colour = maybe("red, yellow, green, grey")
    object_id = ident("which object")
    kind = maybe("which kind of object")
    class_code = maybe("类别代码")
    label = maybe("名称")
    division = maybe("行政区划代码")
    enterprise_id = ident("of which enterprise")
    done_on = day("上次完成")
    due_on = day("应于")
    turned_red_on = day("转红")
    endangers_safety = fields.Boolean(allow_none=True)
    rule_id = maybe("按哪条规则")


class WarningsShape(Page):
    """Warnings, the most urgent first."""

    items = fields.List(fields.Nested(WarningShape), required=True)


class WhyShape(Schema):
    """Why a duty is due on that day."""

    colour = maybe("its colour")
    basis = maybe("stated by the source, or counted")
    due_on = day("应于")
    done_on = day("上次完成")
    red_on = day("转红")
    yellow_on = day("转黄")
    rule_id = maybe("规则")
    rule_label = maybe("规则名称")
    source = maybe("规则的依据")
    sentences = fields.List(fields.String())


class ExplanationShape(Schema):
    """Why a warning turned red, and what is known now."""

    sentences = fields.List(fields.String())
    now = fields.Nested(WhyShape, allow_none=True)


class OwedShape(Schema):
    """One duty of an object."""

    duty_id = ident("its id")
    duty = maybe("which duty")
    shown = maybe("its colour as evaluated last")
    explanation = fields.Nested(WhyShape)


class DutiesShape(Schema):
    """What an object owes."""

    colour = maybe("the most urgent")
    stands_on = day("of which day")
    duties = fields.List(fields.Nested(OwedShape))


class OrdersQuery(PageQuery):
    """Which orders."""

    state = fields.String(validate=validate.OneOf(["issued", "closed"]))
    division = fields.String(validate=DIVISION, metadata={"description": "行政区划代码"})
    enterprise_id = fields.UUID()
    overdue = fields.Boolean(metadata={"description": "only those that are overdue"})


class OrderItemShape(Schema):
    """One thing to be put right."""

    item_id = ident("its id")
    matter = maybe("违法事项代码")
    matter_label = maybe("违法事项")
    description = maybe("问题")
    basis = maybe("依据")
    requirement = maybe("整改要求")
    due_on = day("整改期限")
    state = maybe("where it stands")


class OrderShape(Schema):
    """A rectification order."""

    order_id = ident("its id")
    number = maybe("文号")
    state = maybe("where it stands")
    division = maybe("行政区划代码")
    enterprise_id = ident("of which enterprise")
    drafted_on = day("起草")
    issued_on = day("下达")
    closed_on = day("办结")
    overdue = fields.Boolean(metadata={"description": "逾期"})
    items = fields.List(fields.Nested(OrderItemShape))


class OrdersShape(Page):
    """Orders."""

    items = fields.List(fields.Nested(OrderShape), required=True)


@offer(
    views,
    Operation(
        "GET",
        "/warnings",
        WarningsShape,
        scope="duties:read",
        query=WarningsQuery,
        example={"query": {"colour": "red", "limit": 2}},
    ),
)
def warnings(asked: dict[str, Any]) -> Any:
    """Warnings within the token's divisions 预警"""
    return page(ask().get("inspection", "/warnings", **_plain(asked)))


@offer(
    views,
    Operation(
        "GET",
        "/warnings/<uuid:warning_id>/explanation",
        ExplanationShape,
        scope="duties:read",
        example={"path": {"warning_id": "{warning_id}"}},
    ),
)
def explanation(warning_id: UUID) -> Any:
    """Why a warning turned red 预警说明

    Rule, source and dates, in sentences.
    """
    return ask().get("inspection", f"/warnings/{warning_id}/explanation")


@offer(
    views,
    Operation(
        "GET",
        "/objects/<uuid:object_id>/duties",
        DutiesShape,
        scope="duties:read",
        example={"path": {"object_id": "{object_id}"}},
    ),
)
def duties_of(object_id: UUID) -> Any:
    """What an object owes 监管对象的法定事项"""
    return ask().get("inspection", f"/objects/{object_id}")


@offer(
    views,
    Operation(
        "GET",
        "/orders",
        OrdersShape,
        scope="duties:read",
        query=OrdersQuery,
        example={"query": {"limit": 2}},
    ),
)
def orders(asked: dict[str, Any]) -> Any:
    """Rectification orders within the token's divisions 责令整改通知书"""
    return page(ask().get("inspection", "/orders", **_plain(asked)))


@offer(
    views,
    Operation(
        "GET",
        "/orders/<uuid:order_id>",
        OrderShape,
        scope="duties:read",
        example={"path": {"order_id": "{order_id}"}},
    ),
)
def order(order_id: UUID) -> Any:
    """One rectification order 一份责令整改通知书"""
    return ask().get("inspection", f"/orders/{order_id}")


def _plain(asked: dict[str, Any]) -> dict[str, Any]:
    """As a query of an internal API has it."""
    return {name: getattr(value, "value", value) for name, value in asked.items()}
