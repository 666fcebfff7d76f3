"""底数导入: dry run first, wrong rows given back as a workbook, good rows in."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from services.portal.model import Role
from services.portal.web.back import comes_back_on
from services.portal.web.language import gettext as _
from services.portal.web.me import ask, for_roles
from services.portal.web.paths import segment
from services.portal.web.refusals import wrong
from services.portal.web.services import BLOCK
from services.portal.web.writing import audited, change

views = Blueprint("desk_imports", __name__, url_prefix="/desk/imports")

IMPORTING = (Role.REGISTRAR, Role.ADMINISTRATOR)
SHOWN_FAULTS = 200


@views.get("/")
@for_roles(*IMPORTING)
def listed() -> Any:
    """A file, its mapping, how; and what was imported before."""
    asked = ask()
    parts = asked.together(
        mappings=lambda: asked.get("registry", "/mappings"),
        jobs=lambda: asked.get("registry", "/imports"),
    )
    return render_template("desk/imports.html", parts=parts)


@views.post("/")
@for_roles(*IMPORTING)
@comes_back_on(listed)
def hand_in() -> Any:
    """A shipped mapping by name, or one's own file."""
    file, own = request.files.get("file"), request.files.get("mapping_file")
    if file is None or not file.filename:
        raise wrong("file", _("请选择要导入的文件"))
    if own is not None and own.filename:
        name, text = own.filename, own.read()
    elif chosen := request.form.get("mapping"):
        system, _slash, table = chosen.partition("/")
        told = ask().get("registry", f"/mappings/{segment(system)}/{segment(table)}")
        name, text = f"{table}.yaml", told["text"].encode()
    else:
        raise wrong("mapping", _("请选择数据来源，或上传映射文件"))
    dry_run = request.form.get("how") != "import"
    query = {
        "dry_run": str(dry_run).lower(),
        "all_or_nothing": str(request.form.get("all_or_nothing") == "1").lower(),
    }
    files = {
        "file": (file.filename, file.stream, "application/octet-stream"),
        "mapping": (name, BytesIO(text), "application/yaml"),
    }
    action = "试导入" if dry_run else "导入"
    job = change(action, "POST", "registry", "/imports", files=files, query=query)
    return redirect(url_for("desk_imports.job", job_id=job["id"]))


@views.get("/<uuid:job_id>")
@for_roles(*IMPORTING)
def job(job_id: UUID) -> Any:
    """How far it is; then the counts and the wrong rows."""
    asked = ask()
    told = asked.get("registry", f"/imports/{job_id}")
    faults = None
    if told["report"] and told["report"]["wrong"]:
        faults = asked.get("registry", f"/imports/{job_id}/errors.json")
    return render_template("desk/import.html", job=told, faults=faults, most=SHOWN_FAULTS)


@views.post("/<uuid:job_id>/repetition")
@for_roles(*IMPORTING)
@comes_back_on(job)
def once_more(job_id: UUID) -> Any:
    """What was sent the first time, without sending it again."""
    _told("重做导入", f"/imports/{job_id}/repetition", {})
    return redirect(url_for("desk_imports.job", job_id=job_id))


@views.get("/<uuid:job_id>/errors.<any(csv,xlsx):kind>")
@for_roles(*IMPORTING)
def errors(job_id: UUID, kind: str) -> Any:
    """The wrong rows, to be corrected and imported again."""
    with audited("下载错误行", f"GET registry/imports/{job_id}/errors.{kind}"):
        found = ask().file("registry", f"/imports/{job_id}/errors.{kind}")
    headers = {"Content-Disposition": found.headers["Content-Disposition"]}
    return Response(
        found.iter_content(BLOCK), mimetype=found.headers["Content-Type"], headers=headers
    )


@views.get("/samples/<system>/<table>")
@for_roles(*IMPORTING)
def sample(system: str, table: str) -> Any:
    """A file in the shape that a mapping reads."""
    found = ask().file("registry", f"/mappings/{segment(system)}/{segment(table)}/sample")
    headers = {"Content-Disposition": found.headers["Content-Disposition"]}
    return Response(
        found.iter_content(BLOCK), mimetype=found.headers["Content-Type"], headers=headers
    )


@views.get("/identity")
@for_roles(*IMPORTING)
def identity() -> Any:
    """Files that may be of one enterprise; merges that can be undone."""
    asked, after = ask(), request.args.get("after")
    parts = asked.together(
        candidates=lambda: asked.get("registry", "/identity/candidates", after=after),
        merges=lambda: asked.get("registry", "/merges"),
    )
    return render_template("desk/identity.html", parts=parts)


@views.post("/identity/<uuid:candidate_id>/<any('merge','keep-apart'):step>")
@for_roles(*IMPORTING)
@comes_back_on(identity)
def decide(candidate_id: UUID, step: str) -> Any:
    """One enterprise, or two."""
    body: dict[str, Any] = {"reason": request.form.get("reason", "")}
    if step == "merge":
        body["survivor_id"] = request.form.get("survivor_id") or None
    action = "合并企业档案" if step == "merge" else "判定为不同企业"
    path = f"/identity/candidates/{candidate_id}/{step}"
    _told(action, path, body)
    return redirect(url_for("desk_imports.identity"))


@views.post("/merges/<uuid:merge_id>/undo")
@for_roles(*IMPORTING)
@comes_back_on(identity)
def undo(merge_id: UUID) -> Any:
    """Two again."""
    body = {"reason": request.form.get("reason", "")}
    _told("撤销合并", f"/merges/{merge_id}/undo", body)
    return redirect(url_for("desk_imports.identity"))


def _told(action: str, path: str, body: dict[str, Any]) -> None:
    change(action, "POST", "registry", path, json=body)
    flash(_("已办理：%(action)s", action=_(action)))
