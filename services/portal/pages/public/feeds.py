"""Open data: each list as Atom, JSON Feed and CSV."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, jsonify, render_template, url_for

from services.portal.pages.public.lists import LISTS
from services.portal.web import limits
from services.portal.web.exports import all_of
from services.portal.web.me import ask, open_to_all
from services.portal.web.state import state

views = Blueprint("public_data", __name__)

ENTRIES = 50
MOST = 100_000
PAGE = 200
ATOM = "http://www.w3.org/2005/Atom"
COLUMNS = (
    "enterprise",
    "uscc",
    "kind",
    "content",
    "basis",
    "authority",
    "document_number",
    "decided_on",
    "published_on",
    "public_until",
    "corrected_on",
    "under_objection",
    "remedy",
    "id",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@views.get("/data")
@limits.limiter.limit(limits.visitors)
@open_to_all
def data() -> Any:
    """What can be taken, in which form, what the columns mean."""
    return render_template("public/data.html", lists=LISTS, columns=COLUMNS)


@views.get("/feeds/<name>.atom")
@limits.limiter.limit(limits.visitors)
@open_to_all
def atom(name: str) -> Any:
    """RFC 4287."""
    told = _latest(name)
    feed = ET.Element("feed", xmlns=ATOM)
    here = _outside(url_for("public_data.atom", name=name))
    _add(feed, "id", here)
    _add(feed, "title", f"{state().site.public_name} · {LISTS[name].text}")
    _add(feed, "updated", f"{told['data_as_of']}T00:00:00+08:00")
    ET.SubElement(feed, "link", rel="self", href=here)
    _add(ET.SubElement(feed, "author"), "name", state().site.organiser)
    for one in told["items"]:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", f"urn:uuid:{one['id']}")
        _add(entry, "title", f"{one['enterprise']}：{one['content']}"[:200])
        _add(entry, "updated", f"{one['published_on']}T00:00:00+08:00")
        _add(entry, "summary", one["content"])
        link = _outside(url_for("public_records.item", number=one["id"]))
        ET.SubElement(entry, "link", rel="alternate", href=link)
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, mimetype="application/atom+xml")


@views.get("/feeds/<name>.json")
@limits.limiter.limit(limits.visitors)
@open_to_all
def json_feed(name: str) -> Any:
    """JSON Feed 1.1."""
    told = _latest(name)
    answer = jsonify(
        version="https://jsonfeed.org/version/1.1",
        title=f"{state().site.public_name} · {LISTS[name].text}",
        home_page_url=_outside(url_for("public_search.listed", name=name)),
        feed_url=_outside(url_for("public_data.json_feed", name=name)),
        items=[
            {
                "id": one["id"],
                "url": _outside(url_for("public_records.item", number=one["id"])),
                "title": f"{one['enterprise']}：{one['content']}"[:200],
                "content_text": one["content"],
                "date_published": f"{one['published_on']}T00:00:00+08:00",
            }
            for one in told["items"]
        ],
    )
    answer.mimetype = "application/feed+json"
    return answer


@views.get("/data/<name>.csv")
@limits.limiter.limit(limits.exports)
@open_to_all
def as_csv(name: str) -> Any:
    """The whole list as it is public now; UTF-8 with a mark so that Excel reads it."""
    if name not in LISTS:
        abort(404)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in all_of("credit", f"/public/lists/{name}", most=MOST, page=PAGE):
        writer.writerow([_cell(one.get(column)) for column in COLUMNS])
    headers = {"Content-Disposition": f"attachment; filename={name}.csv"}
    return Response(
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers=headers,
    )


def _latest(name: str) -> dict[str, Any]:
    if name not in LISTS:
        abort(404)
    told: dict[str, Any] = ask().get("credit", f"/public/lists/{name}", limit=ENTRIES)
    return told


def _outside(path: str) -> str:
    return f"{state().settings.portal_address}{path}"


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _cell(value: Any) -> str:
    """Nothing that a spreadsheet would calculate."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
