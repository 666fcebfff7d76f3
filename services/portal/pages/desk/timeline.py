"""What happened with one enterprise, from all services, each entry with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from flask import url_for

from services.portal.web.language import gettext as _
from services.portal.web.services import Part
from services.portal.web.words import word


def of(parts: Mapping[str, Part]) -> list[dict[str, Any]]:
    """The latest first; what is away is left out."""
    entries = chain(
        _warnings(parts["warnings"]),
        _orders(parts["orders"]),
        _cases(parts["cases"]),
        _complaints(parts["complaints"]),
        _visits(parts["visits"]),
        _bad_information(parts["record"]),
    )
    return sorted(entries, key=lambda entry: str(entry["at"]), reverse=True)


def _warnings(part: Part) -> Iterator[dict[str, Any]]:
    for one in _items(part):
        what = f"{one['label']} · {word(one['duty'], 'duty')}"
        url = url_for("desk_warnings.warning", warning_id=one["warning_id"])
        yield _entry(one["turned_red_on"], _("转红：%(what)s", what=what), url, "red")
        if one["cleared_on"]:
            yield _entry(one["cleared_on"], _("消除：%(what)s", what=what), url, "green")


def _orders(part: Part) -> Iterator[dict[str, Any]]:
    for one in _items(part):
        if one["issued_on"]:
            url = url_for("desk_orders.order", order_id=one["order_id"])
            yield _entry(one["issued_on"], _("下达责令改正：%(n)s", n=one["number"]), url)


def _cases(part: Part) -> Iterator[dict[str, Any]]:
    for one in _items(part):
        url = url_for("desk_cases.case", case_id=one["case_id"])
        yield _entry(one["opened_on"], _("案件：%(matter)s", matter=one["matter_label"]), url)


def _complaints(part: Part) -> Iterator[dict[str, Any]]:
    for one in _items(part):
        url = url_for("desk_complaints.complaint", complaint_id=one["complaint_id"])
        kind = word(one["kind"], "complaint_kind")
        yield _entry(one["received_on"], f"{kind} {one['number']}", url)


def _visits(part: Part) -> Iterator[dict[str, Any]]:
    for one in _items(part):
        if one["concluded_on"]:
            url = url_for("desk_visits.visit", visit_id=one["visit_id"])
            yield _entry(one["concluded_on"], _("监督检查结论"), url)


def _bad_information(part: Part) -> Iterator[dict[str, Any]]:
    for one in part.value["bad_information"] if part.there and part.value else ():
        if one["published_on"]:
            url = url_for("desk_credit.entry", entry_id=one["id"])
            yield _entry(one["published_on"], _("公布不良信息"), url)


def _items(part: Part) -> list[dict[str, Any]]:
    return part.value["items"] if part.there else []


def _entry(at: str, text: str, url: str, colour: str = "") -> dict[str, Any]:
    return {"at": at, "text": text, "url": url, "colour": colour}
