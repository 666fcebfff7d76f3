"""诚信协调中心: review, publish, withdraw, repair; the requests that wait for an answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from services.portal.model import STAFF, Role
from services.portal.web import lists
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles, me
from services.portal.web.names import enterprise_names
from services.portal.web.services import Away, Refused
from services.portal.web.told import why
from services.portal.web.typed import id_in, yes_no
from services.portal.web.writing import KEY_FIELD, change

views = Blueprint("desk_credit", __name__, url_prefix="/desk/credit")

COORDINATING = (Role.COORDINATOR,)
MOST_AT_ONCE = 100
TWO_STEPS = {
    "publication": "公布",
    "withdrawal": "撤销",
    "resumption": "恢复公示",
    "annulment": "依据撤销而撤下",
    "correction": "登记已改正",
    "verification": "核实线索",
    "grounds": "补充依据",
    "reply": "刊登企业说明",
}


@views.get("/")
@for_roles(*STAFF)
def listed() -> Any:
    """Bad information that red warnings made; those that wait for the centre first."""
    wanted = lists.filters("state", "division")
    asked, limit, after = ask(), lists.size(), request.args.get("after")
    parts = asked.together(
        entries=lambda: asked.get(
            "credit",
            "/bad-information",
            **wanted,
            limit=limit,
            after=after,
        ),
        points=lambda: asked.get("credit", "/information-points"),
    )
    if parts["entries"].refused:
        raise parts["entries"].refused
    return render_template(
        "desk/credit.html",
        parts=parts,
        wanted=wanted,
        divisions=lists.division_choices(me().identity.scope),
        following=lists.next_url(parts["entries"].value) if parts["entries"].there else None,
        may_decide=me().has(*COORDINATING),
    )


@views.post("/batch")
@for_roles(*COORDINATING)
def batch() -> Any:
    """Publish the ticked drafts; before it is done, what would be published is shown."""
    ticked = request.form.getlist("entry")[:MOST_AT_ONCE]
    if not ticked:
        flash(_("请先勾选要公布的不良信息。"), "error")
        return redirect(url_for("desk_credit.listed", state="drafted"))
    asked = ask()
    if request.form.get("confirmed") != "1":
        shown = asked.together(
            **{
                one: lambda one=one: asked.get(
                    "credit", f"/bad-information/{id_in(one)}/explanation"
                )
                for one in ticked
            }
        )
        return render_template("desk/credit_preview.html", shown=shown)
    failed = []
    for one in ticked:
        try:
            change(
                "公布不良信息",
                "POST",
                "credit",
                f"/bad-information/{id_in(one)}/publication",
                key=f"{request.form.get(KEY_FIELD)} {one}",
            )
        except (Away, Refused) as error:
            failed.append((one, why(error)))
    flash(_("已公布 %(n)s 条", n=len(ticked) - len(failed)))
    for one, said in failed:
        flash(_("没有公布：%(one)s %(why)s", one=one, why=said), "error")
    return redirect(url_for("desk_credit.listed", state="drafted"))


@views.get("/bad-information/<uuid:entry_id>")
@for_roles(*STAFF)
def entry(entry_id: UUID) -> Any:
    """One entry, its grounds, its term, every step."""
    asked = ask()
    parts = asked.together(
        entry=lambda: asked.get("credit", f"/bad-information/{entry_id}"),
        why=lambda: asked.get("credit", f"/bad-information/{entry_id}/explanation"),
    )
    for part in parts.values():
        if part.refused:
            raise part.refused
        if part.away:
            raise Away(part.away)
    return render_template(
        "desk/credit_entry.html",
        entry=parts["entry"].value,
        why=parts["why"].value,
        may_decide=me().has(*COORDINATING),
    )


@views.post(
    "/bad-information/<uuid:entry_id>/<any(publication,withdrawal,reply,requests):step>"
)
@for_roles(*COORDINATING)
@comes_back_on(entry)
def entry_step(entry_id: UUID, step: str) -> Any:
    """Publish, withdraw, print the enterprise's reply, take a request in."""
    _step("不良信息", f"/bad-information/{entry_id}/{step}", step)
    return redirect(url_for("desk_credit.entry", entry_id=entry_id))


@views.get("/records")
@for_roles(*STAFF)
def records() -> Any:
    """Penalties, lists, alerts, demonstrations, qualifications."""
    wanted = lists.filters("state", "kind")
    answer = ask().get(
        "credit", "/records", **wanted, limit=lists.size(), after=request.args.get("after")
    )
    return render_template(
        "desk/records.html",
        found=answer["items"],
        names=enterprise_names(one["enterprise_id"] for one in answer["items"]),
        wanted=wanted,
        following=lists.next_url(answer),
        may_decide=me().has(*COORDINATING),
    )


@views.get("/records/new")
@for_roles(*COORDINATING, Role.AGENCY)
def new_record() -> Any:
    """Enter a record from another source."""
    number = id_in(request.values["enterprise_id"])
    enterprise = ask().get("registry", f"/enterprises/{number}")
    return render_template("desk/record_new.html", enterprise=enterprise)


@views.post("/records/new")
@for_roles(*COORDINATING, Role.AGENCY)
@comes_back_on(new_record)
def enter_record() -> Any:
    """A draft, or a lead."""
    given = request.form.to_dict()
    content_names = ("severity", "content", "basis", "authority", "document_number")
    days = ("decided_on", "valid_until")
    body = {
        "enterprise_id": given.get("enterprise_id"),
        "kind": given.get("kind"),
        "source": given.get("source"),
        "content": {name: given[name] for name in (*content_names, *days) if given.get(name)},
    }
    made = change("登记诚信记录", "POST", "credit", "/records", json=body)
    shown = "desk_credit.record" if me().has(*STAFF) else "agency.record"
    return redirect(url_for(shown, record_id=made["id"]))


@views.get("/records/<uuid:record_id>")
@for_roles(*STAFF)
def record(record_id: UUID) -> Any:
    """One record: what it says, what it rests on, what is missing, every step."""
    asked = ask()
    parts = asked.together(
        record=lambda: asked.get("credit", f"/records/{record_id}"),
        why=lambda: asked.get("credit", f"/records/{record_id}/explanation"),
    )
    for part in parts.values():
        if part.refused:
            raise part.refused
        if part.away:
            raise Away(part.away)
    return render_template(
        "desk/record.html",
        record=parts["record"].value,
        why=parts["why"].value,
        may_decide=me().has(*COORDINATING),
    )


@views.post(f"/records/<uuid:record_id>/<any({','.join(TWO_STEPS)},requests):step>")
@for_roles(*COORDINATING)
@comes_back_on(record)
def record_step(record_id: UUID, step: str) -> Any:
    """One step of a named person."""
    _step("诚信记录", f"/records/{record_id}/{step}", step)
    return redirect(url_for("desk_credit.record", record_id=record_id))


@views.get("/requests")
@for_roles(*STAFF)
def requests() -> Any:
    """Objections, repairs, error reports, each with its term."""
    wanted = lists.filters("state", "kind")
    answer = ask().get(
        "credit", "/requests", **wanted, limit=lists.size(), after=request.args.get("after")
    )
    return render_template(
        "desk/requests.html",
        found=answer["items"],
        names=enterprise_names(one["enterprise_id"] for one in answer["items"]),
        wanted=wanted,
        following=lists.next_url(answer),
    )


@views.get("/requests/<uuid:request_id>")
@for_roles(*STAFF)
def one_request(request_id: UUID) -> Any:
    """What is asked, by when it must be answered, the answer."""
    asked = ask()
    found = asked.get("credit", f"/requests/{request_id}")
    why = asked.find("credit", f"/explanations/{request_id}")
    return render_template(
        "desk/request.html",
        asked=found,
        why=why,
        names=enterprise_names([found["enterprise_id"]]),
        may_decide=me().has(*COORDINATING),
    )


@views.post("/requests/<uuid:request_id>/<any(mark,decision):step>")
@for_roles(*COORDINATING)
@comes_back_on(one_request)
def request_step(request_id: UUID, step: str) -> Any:
    """Mark the record as disputed; answer."""
    sent = request.form
    body = (
        {"accepted": yes_no(sent.get("accepted")), "answer": sent.get("answer", "")}
        if step == "decision"
        else None
    )
    action = "答复申请" if step == "decision" else "标注异议"
    change(action, "POST", "credit", f"/requests/{request_id}/{step}", json=body)
    flash(_("已办理：%(action)s", action=_(action)))
    return redirect(url_for("desk_credit.one_request", request_id=request_id))


def _step(what: str, path: str, step: str) -> None:
    sent = request.form
    if step == "requests":
        names = ("kind", "words", "field", "corrected_on", "duties_done_on", "promised_on")
        body: Any = {name: sent[name] for name in names if sent.get(name)}
        change("受理申请", "POST", "credit", path, json=body)
        flash(_("已受理申请"))
        return
    bodies: dict[str, Any] = {
        "withdrawal": {"reason": sent.get("reason", "")},
        "resumption": {"reason": sent.get("reason", "")},
        "annulment": {"annulled_on": sent.get("on")},
        "correction": {"corrected_on": sent.get("on")},
        "reply": {"words": sent.get("words", "")},
        "verification": {"on": sent.get("on"), "words": sent.get("words", "")},
        "grounds": {
            name: sent[name]
            for name in ("kind", "on", "words", "document_number", "authority")
            if sent.get(name)
        },
    }
    method = "PUT" if step == "reply" else "POST"
    change(f"{what}：{TWO_STEPS[step]}", method, "credit", path, json=bodies.get(step))
    flash(_("已办理：%(action)s", action=_(TWO_STEPS[step])))
