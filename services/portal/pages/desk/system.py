"""系统设置: how the parts stand, parked messages, the numbers in force, texts, code tables."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from services.chassis.settings import SERVICES
from services.portal.model import STAFF, Role
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles
from services.portal.web.paths import segment
from services.portal.web.refusals import errors_of
from services.portal.web.services import Refused
from services.portal.web.writing import change
from services.portal.web.written import take

views = Blueprint("desk_system", __name__, url_prefix="/desk/system")

ADMINISTERING = (Role.ADMINISTRATOR,)
PREVIEWED = ("zh", "en")


@views.get("/")
@for_roles(*STAFF)
def status() -> Any:
    """Each service: what waits, what is parked, when it last did its work."""
    asked = ask()
    parts = asked.together(
        **{name: lambda name=name: asked.get(name, "/status") for name in SERVICES}
    )
    return render_template("desk/status.html", parts=parts)


@views.get("/parked")
@for_roles(*ADMINISTERING)
def parked() -> Any:
    """Messages that could not be handled, with why."""
    asked = ask()
    parts = asked.together(
        **{name: lambda name=name: asked.get(name, "/parked") for name in SERVICES}
    )
    return render_template("desk/parked.html", parts=parts)


@views.post(f"/parked/<any({','.join(SERVICES)}):service>/<uuid:parked_id>/replay")
@for_roles(*ADMINISTERING)
def replay(service: str, parked_id: UUID) -> Any:
    """Try again."""
    answer = change("重新处理滞留消息", "POST", service, f"/parked/{parked_id}/replay")
    if answer["handled"]:
        flash(_("已处理。"))
    else:
        flash(_("仍不能处理，原因见列表。"), "error")
    return redirect(url_for("desk_system.parked"))


@views.get("/policy")
@for_roles(*STAFF)
def policy() -> Any:
    """Every number a bureau could dispute, with its source and since when."""
    asked = ask()
    parts = asked.together(
        **{name: lambda name=name: asked.get(name, "/policy") for name in SERVICES}
    )
    return render_template("desk/policy.html", parts=parts)


@views.get("/templates")
@for_roles(*ADMINISTERING)
def templates() -> Any:
    """Texts of messages."""
    found = ask().get("notify", "/templates")["templates"]
    return render_template("desk/templates.html", found=found)


@views.route("/templates/<name>", methods=["GET", "POST"])
@for_roles(*ADMINISTERING)
def template(name: str) -> Any:
    """How one would read; a draft can be tried without being kept."""
    language = "en" if request.values.get("language") == "en" else "zh"
    body: dict[str, Any] = {"language": language}
    draft = request.form.get("text", "")
    if draft.strip():
        body["text"] = draft
    shown, errors = None, None
    try:
        path = f"/templates/{segment(name)}/preview"
        shown = ask().send("POST", "notify", path, json=body)
    except Refused as refused:
        if refused.status == 404:
            raise NotFound from None
        errors = errors_of(refused)
        take(errors)
    page = render_template(
        "desk/template.html",
        name=name,
        language=language,
        shown=shown,
        draft=draft,
    )
    return (page, 422) if errors else page


@views.get("/reference")
@for_roles(*STAFF)
def reference() -> Any:
    """Code tables, dated."""
    found = ask().get("registry", "/reference")["items"]
    return render_template("desk/references.html", found=found)


@views.route("/reference/<name>", methods=["GET", "POST"])
@for_roles(*STAFF)
def table(name: str) -> Any:
    """One table as it stands; a newer edition is tried before it is loaded."""
    errors: list[tuple[str, str]] = []
    tried = None
    if request.method == "POST":
        file = request.files.get("file")
        if file is None or not file.filename:
            errors = [("file", _("请选择文件"))]
        else:
            tried, errors = _load(name, file.read(), file.filename)
            if tried and not tried.get("dry_run", True):
                return redirect(url_for("desk_system.table", name=name))
    found = ask().get("registry", f"/reference/{segment(name)}", on=request.args.get("on"))
    take(errors)
    page = render_template("desk/reference.html", table=found, tried=tried)
    return (page, 422) if errors else page


def _load(name: str, data: bytes, file_name: str) -> tuple[Any, list[tuple[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    dry_run = request.form.get("how") != "load"
    body = {
        "text": text,
        "file_name": file_name,
        "effective_on": request.form.get("effective_on") or None,
        "dry_run": dry_run,
    }
    action = "试换参照数据" if dry_run else "换用新版参照数据"
    try:
        told = change(
            action, "POST", "registry", f"/reference/{segment(name)}/editions", json=body
        )
    except Refused as refused:
        faults = refused.problem.get("faults") or []
        lines = [
            ("file", " ".join(str(part) for part in fault.values() if part)) for fault in faults
        ]
        return None, lines or errors_of(refused)
    if not dry_run:
        flash(_("已换用新版。"))
    return told | {"dry_run": dry_run}, []
