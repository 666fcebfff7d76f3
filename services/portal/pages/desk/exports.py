"""导出: the lists of the workbench taken away whole, narrowed by the filters of their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from werkzeug.exceptions import NotFound

from services.portal.model import STAFF
from services.portal.web import exports, lists
from services.portal.web.language import gettext as _
from services.portal.web.layout import moment
from services.portal.web.limits import exports as export_limit, limiter
from services.portal.web.me import for_roles
from services.portal.web.names import division_name, enterprise_names, unit_name
from services.portal.web.words import word
from services.portal.web.writing import audited

views = Blueprint("desk_exports", __name__, url_prefix="/desk/exports")

PAGE = 100  # the most that every service gives at once
MOST_ROWS = 50_000

Row = Mapping[str, Any]
Cell = Callable[[Row], Any]


@dataclass(frozen=True)
class Listing:
    """A list that can be taken away.

    filters  what its page can be narrowed by
    columns  titles in Chinese, and what stands under them
    items    where a page of the answer has its rows
    onward   the parameter that asks for the page behind
    """

    title: str
    service: str
    path: str
    filters: tuple[str, ...]
    columns: Mapping[str, Cell]
    items: str = "items"
    onward: str = "after"


def _kept(name: str) -> Cell:
    return lambda row: row[name]


def _worded(name: str, group: str) -> Cell:
    return lambda row: word(row[name], group)


def _left(name: str) -> Cell:
    return lambda row: exports.days_until(row[name])


def _first_term(order: Row) -> str | None:
    days = [
        item["due_on"] for item in order["items"] if item["due_on"] and not item["ended_on"]
    ]
    return min(days, default=None)


def _deliveries(message: Row) -> str:
    return "、".join(
        f"{word(one['medium'], 'medium')} {word(one['state'], 'delivery_state')}"
        for one in message["deliveries"]
    )


_FIRM: dict[str, Cell] = {"企业": _kept("enterprise_name")}
_DIVISION: dict[str, Cell] = {"县区": lambda row: division_name(row["division"])}

LISTINGS: dict[str, Listing] = {
    "warnings": Listing(
        "导出预警清单",
        "inspection",
        "/warnings",
        ("colour", "division", "kind", "duty", "enterprise_id"),
        {
            "对象": _kept("label"),
            **_FIRM,
            "类别": _worded("kind", "kind"),
            "事项": _worded("duty", "duty"),
            "颜色": _worded("colour", "colour"),
            "到期日": _kept("due_on"),
            "剩余天数": _left("due_on"),
            **_DIVISION,
            "涉及安全": lambda row: _("是") if row["endangers_safety"] else None,
            "编号": _kept("object_id"),
        },
    ),
    "orders": Listing(
        "导出责令改正通知书清单",
        "inspection",
        "/orders",
        ("state", "division", "overdue"),
        {
            "文号": _kept("number"),
            **_FIRM,
            "事项": lambda row: "；".join(item["matter_label"] for item in row["items"]),
            "状态": _worded("state", "order_state"),
            "下达日期": _kept("issued_on"),
            "最早期限": _first_term,
            **_DIVISION,
            "编号": _kept("order_id"),
        },
    ),
    "cases": Listing(
        "导出案件清单",
        "inspection",
        "/cases",
        ("state", "division", "term", "until"),
        {
            "案号": _kept("number"),
            **_FIRM,
            "事项": _kept("matter_label"),
            "状态": _worded("state", "case_state"),
            "期限": _kept("last_day"),
            "剩余天数": _left("last_day"),
            "来源": _worded("origin", "case_origin"),
            "受理日期": _kept("opened_on"),
            **_DIVISION,
            "编号": _kept("case_id"),
        },
    ),
    "complaints": Listing(
        "导出投诉举报清单",
        "inspection",
        "/complaints",
        ("colour", "state", "kind", "channel", "division", "number"),
        {
            "编号": _kept("number"),
            "类别": _worded("kind", "complaint_kind"),
            "对象": _kept("target"),
            "状态": _worded("state", "complaint_state"),
            "正在办理": _worded("term", "complaint_term"),
            "期限": _kept("last_day"),
            "剩余天数": _left("last_day"),
            "渠道": _worded("channel", "complaint_channel"),
            "收到日期": _kept("received_on"),
            **_DIVISION,
        },
    ),
    "visits": Listing(
        "导出监督检查清单",
        "inspection",
        "/visits",
        ("state", "division", "from", "to"),
        {
            **_FIRM,
            "目的": _worded("purpose", "visit_purpose"),
            "计划日期": _kept("planned_on"),
            "检查人员": lambda row: "、".join(one["name"] for one in row["officers"]),
            "状态": _worded("state", "visit_state"),
            "结论": _worded("outcome", "visit_outcome"),
            "编号": _kept("visit_id"),
        },
    ),
    "bookings": Listing(
        "导出检验预约清单",
        "inspection",
        "/bookings",
        ("state", "division", "enterprise_id", "object_id"),
        {
            "对象": _kept("label"),
            **_FIRM,
            "事项": _worded("duty", "duty"),
            "希望的第一日": _kept("wished_from"),
            "希望的最后一日": _kept("wished_until"),
            "状态": _worded("state", "booking_state"),
            "检验日期": _kept("inspected_on"),
            **_DIVISION,
            "编号": _kept("booking_id"),
        },
    ),
    "bad-information": Listing(
        "导出不良信息清单",
        "credit",
        "/bad-information",
        ("state", "division"),
        {
            **_FIRM,
            "内容": _kept("content"),
            "状态": _worded("state", "bad_information_state"),
            "公示日期": _kept("published_on"),
            "改正期限": _kept("last_day_to_correct"),
            **_DIVISION,
            "编号": _kept("id"),
        },
    ),
    "records": Listing(
        "导出诚信记录清单",
        "credit",
        "/records",
        ("state", "kind"),
        {
            **_FIRM,
            "种类": _worded("kind", "record_kind"),
            "内容": lambda row: row["content"]["content"],
            "状态": _worded("state", "record_state"),
            "公示日期": _kept("published_on"),
            "编号": _kept("id"),
        },
    ),
    "requests": Listing(
        "导出异议与修复清单",
        "credit",
        "/requests",
        ("state", "kind"),
        {
            **_FIRM,
            "种类": _worded("kind", "request_kind"),
            "收到日期": _kept("received_on"),
            "答复期限": _kept("due_on"),
            "状态": _worded("state", "request_state"),
            "编号": _kept("id"),
        },
    ),
    "messages": Listing(
        "导出通知清单",
        "notify",
        "/messages",
        ("state", "addressee", "division", "enterprise_id"),
        {
            "标题": _kept("subject"),
            "收件方": _worded("addressee", "addressee"),
            "时间": lambda row: moment(row["stored_at"]),
            "投递": _deliveries,
            "编号": _kept("id"),
        },
        items="messages",
        onward="before",
    ),
    "directives": Listing(
        "导出信息指令清单",
        "notify",
        "/directives",
        ("unit", "sent_by", "open", "overdue"),
        {
            "文号": _kept("number"),
            "指令": _kept("title"),
            "下达": lambda row: unit_name(row["sender"]),
            "承办": lambda row: unit_name(row["receiver"]),
            "状态": _worded("phase", "phase"),
            "期限": _kept("last_day"),
            "剩余天数": _left("last_day"),
        },
        items="hops",
    ),
}


@views.get("/<name>.xlsx")
@limiter.limit(export_limit)
@for_roles(*STAFF)
def workbook(name: str) -> Any:
    """The filtered list, whole, as a workbook; what was taken out stands in the audit."""
    listing = LISTINGS.get(name)
    if listing is None:
        raise NotFound
    wanted = lists.filters(*listing.filters)
    with audited(listing.title, f"GET {listing.service}{listing.path}", filters=wanted):
        titles = [_(title) for title in listing.columns]
        rows = (
            [cell(row) for cell in listing.columns.values()] for row in _rows(listing, wanted)
        )
        return exports.workbook(name, titles, rows, wanted, most=MOST_ROWS)


def _rows(listing: Listing, wanted: Mapping[str, str]) -> Iterator[Row]:
    for page in exports.pages_of(
        listing.service,
        listing.path,
        items=listing.items,
        onward=listing.onward,
        limit=PAGE,
        **wanted,
    ):
        yield from _named(page)


def _named(rows: list[dict[str, Any]]) -> Iterable[Row]:
    """With the names of their enterprises, where an answer has ids alone."""
    unnamed = [row["enterprise_id"] for row in rows if row.get("enterprise_id")]
    names = enterprise_names(unnamed)
    for row in rows:
        known = row.get("enterprise_name") or row.get("enterprise")
        yield row | {"enterprise_name": known or names.get(row.get("enterprise_id") or "")}
