"""The record page of an enterprise, one published item, and how to object to it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.chassis import clock
from services.portal.web import limits
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, open_to_all
from services.portal.web.writing import change

views = Blueprint("public_records", __name__)

FIELDS = ("content", "basis", "authority", "document_number", "decided_on", "enterprise")


@views.get("/enterprises/<uuid:enterprise_id>")
@limits.limiter.limit(limits.visitors)
@open_to_all
def record(enterprise_id: UUID) -> Any:
    """What is published of one enterprise, printable with the time and a digest."""
    told = ask().get("credit", f"/public/enterprises/{enterprise_id}")
    return render_template(
        "public/record.html", told=told, asked_at=clock.now(), digest=digest_of(told)
    )


@views.get("/items/<uuid:number>")
@limits.limiter.limit(limits.visitors)
@open_to_all
def item(number: UUID) -> Any:
    """One published item with its basis, its remedy and its end; 410 when it has ended."""
    told = ask().get("credit", f"/public/items/{number}")
    return render_template("public/item.html", told=told, fields=FIELDS)


@views.post("/items/<uuid:number>/error-reports")
@limits.limiter.limit(limits.visitors)
@open_to_all
@comes_back_on(item)
def report_error(number: UUID) -> Any:
    """Anybody may say that something published is wrong; no name is asked for."""
    sent = request.form
    body = {"kind": "error_report", "words": sent.get("words", ""), "field": sent.get("field")}
    path = f"/records/{number}/requests"
    kind = ask().get("credit", f"/public/items/{number}")["item"]["kind"]
    if kind == "bad_information":
        path = f"/bad-information/{number}/requests"
    made = change("公众报告差错", "POST", "credit", path, json=body)
    flash(
        _("已收到，受理编号 %(id)s，答复期限 %(day)s。", id=made["id"][:8], day=made["due_on"])
    )
    return redirect(url_for("public_records.item", number=number))


def digest_of(told: dict[str, Any]) -> str:
    """Sixteen hex digits over what was shown: two printouts of the same content agree."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]
