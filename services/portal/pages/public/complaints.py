"""投诉举报: handed in by anybody, and how it stands for whoever has number and code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.web import limits, lists
from services.portal.web.back import comes_back_on
from services.portal.web.evidence import kept
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, open_to_all
from services.portal.web.names import division_name
from services.portal.web.paths import segment
from services.portal.web.refusals import errors_of, wrong
from services.portal.web.services import Refused
from services.portal.web.state import state
from services.portal.web.writing import change

views = Blueprint("public_complaints", __name__, url_prefix="/complaint")

PHOTOGRAPHS = "/public/complaints/photographs"
TEXTS = ("kind", "words", "wanted", "target", "division", "name", "phone")


@dataclass(frozen=True)
class About:
    """A unit or an enterprise that is known; *ids* as inspection takes them."""

    name: str
    division: str
    ids: dict[str, str]


@views.get("")
@limits.limiter.limit(limits.visitors)
@open_to_all
def new() -> Any:
    """The form; from a unit's or an enterprise's page it knows what it is about."""
    if number := request.args.get("number", "").strip():
        return redirect(url_for("public_complaints.receipt", number=number.upper()))
    given = request.values
    return render_template(
        "public/complaint_new.html",
        given=given,
        known=_about_if_known(given),
        divisions=districts(),
    )


@views.post("")
@limits.limiter.limit(limits.complaints)
@open_to_all
@comes_back_on(new)
def hand_in() -> Any:
    """The receipt at once: sent again, the same form shows the same receipt."""
    made = _handed_in(request.form)
    shown = _asked(made["number"], made["code"])
    page = render_template("public/complaint.html", told=shown, code=made["code"], fresh=True)
    return page, 201


@views.get("/<number>")
@limits.limiter.limit(limits.visitors)
@open_to_all
def receipt(number: str) -> Any:
    """Asks for the code; it never stands in an address."""
    return render_template("public/complaint_code.html", number=number)


@views.post("/<number>")
@limits.limiter.limit(limits.receipts)
@open_to_all
@comes_back_on(receipt)
def show(number: str) -> Any:
    """How it stands, until when, and the answer."""
    code = request.form.get("code", "")
    try:
        shown = _asked(number, code)
    except Refused as refused:
        raise wrong("code", "；".join(said for _at, said in errors_of(refused))) from None
    return render_template("public/complaint.html", told=shown, code=code, fresh=False)


def _answered(number: str) -> str:
    """The page of a receipt, for the code in the form."""
    code = request.form.get("code", "")
    shown = _asked(number, code)
    return render_template("public/complaint.html", told=shown, code=code, fresh=False)


@views.post("/<number>/reopening")
@limits.limiter.limit(limits.receipts)
@open_to_all
@comes_back_on(_answered)
def reopen(number: str) -> Any:
    """Once, with a reason."""
    code = request.form.get("code", "")
    body = {"code": code, "reason": request.form.get("reason", "")}
    path = f"/public/complaints/{segment(number)}/reopening"
    change("投诉举报人要求重新办理", "POST", "inspection", path, json=body)
    flash(_("已要求重新办理，期限重新计算。"))
    return _answered(number)


def about(given: Mapping[str, str]) -> About | None:
    """What the form is about, if it is known. Raises Refused, Away."""
    if code := given.get("code", "").strip():
        return _unit(code) or _firm_of_code(code)
    if number := _number(given.get("enterprise", "")):
        firm = ask().get("credit", f"/public/enterprises/{number}")["enterprise"]
        return About(firm["name"], firm["division"], {"enterprise_id": str(number)})
    return None


def districts() -> list[tuple[str, str]]:
    """The divisions of the bureau; at the end the bureau itself, for who does not know."""
    bureau = state().settings.bureau
    of_city = _("%(city)s（不清楚在哪个县区）", city=division_name(bureau))
    return [*lists.division_choices(bureau), (bureau, of_city)]


def _handed_in(given: Mapping[str, str]) -> dict[str, Any]:
    known = about(given)
    body: dict[str, Any] = {name: given[name] for name in TEXTS if given.get(name)}
    body["evidence"] = kept("files", path=PHOTOGRAPHS)
    if known:
        body |= {"target": known.name, "division": known.division}
    made: dict[str, Any] = change(
        "公众提交投诉举报",
        "POST",
        "inspection",
        "/public/complaints",
        json=body | (known.ids if known else {}),
    )
    return made


def _about_if_known(given: Mapping[str, str]) -> About | None:
    try:
        return about(given)
    except Refused:
        return None


def _asked(number: str, code: str) -> dict[str, Any]:
    """Asked in a body: addresses are logged."""
    path = f"/public/complaints/{segment(number)}/receipt"
    told_: dict[str, Any] = ask().send("POST", "inspection", path, json={"code": code})
    return told_


def _unit(code: str) -> About | None:
    facts = ask().find("registry", f"/public/equipment/{segment(code)}")
    if facts is None:
        return None
    user = f"（{facts['user']}）" if facts.get("user") else ""
    return About(f"{facts['label']}{user}", facts["division"], {"object_id": facts["id"]})


def _firm_of_code(code: str) -> About:
    try:
        found = ask().get("credit", "/public/enterprises", q=code)["items"]
    except Refused:
        found = []
    if len(found) != 1:
        said = _("没有登记这个编号的设备或企业。请核对，或者只填写名称和县区。")
        raise wrong("code", said)
    number = found[0]["enterprise_id"]
    firm = ask().get("credit", f"/public/enterprises/{number}")["enterprise"]
    return About(firm["name"], firm["division"], {"enterprise_id": number})


def _number(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
