"""Files come in: asked for, done after the answer has left, and told of from then on."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, jsonify, request
from marshmallow import Schema, fields
from werkzeug.datastructures import FileStorage

from services.chassis import api, clock
from services.chassis.api import Refused
from services.chassis.sealing import KeysBroken
from services.registry.api.serving import Service, whole_bureau
from services.registry.handlers import giving_back, leftovers
from services.registry.handlers.faults import storable
from services.registry.handlers.jobs import mapping_of, told_of
from services.registry.mapping import Mapping, MappingBroken
from services.registry.store import jobs
from services.registry.store.tables import ImportJobRow

LISTED = 200
FAULTS = 10_000
LONGEST_NAME = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportQuery(Schema):
    """How to import."""

    dry_run = fields.Boolean(load_default=False)
    all_or_nothing = fields.Boolean(load_default=False)


def add_views(views: Blueprint, service: Service) -> None:
    """POST a file, GET how it stands and what was wrong."""

    @views.post("/imports")
    def ask_for() -> Any:
        _may_import(service)
        return _ask_for(service)

    @views.get("/imports")
    def imports() -> Any:
        _may_import(service)
        with service.database.reading() as session:
            return jsonify(items=[told_of(job) for job in jobs.latest(session, LISTED)])

    @views.get("/imports/<uuid:job_id>")
    def how_it_stands(job_id: UUID) -> Any:
        return jsonify(told_of(_job(service, job_id)))

    @views.get("/imports/<uuid:job_id>/errors.json")
    def as_json(job_id: UUID) -> Any:
        job = _ended(service, job_id)
        return jsonify(giving_back.listed(service.database, job, FAULTS))

    @views.get("/imports/<uuid:job_id>/errors.csv")
    def as_csv(job_id: UUID) -> Any:
        return _csv(service, _ended(service, job_id))

    @views.get("/imports/<uuid:job_id>/errors.xlsx")
    def as_workbook(job_id: UUID) -> Any:
        return _workbook(service, _ended(service, job_id))


def _may_import(service: Service) -> None:
    """A file may speak of any place in the bureau's division, so its sender must cover it."""
    whole_bureau(service, "导入和查看导入记录")


def _ask_for(service: Service) -> Response:
    asked = api.query(ImportQuery)
    sent, mapping, text = _sent(service)
    digest = _digest(sent)
    job = {
        "id": uuid4(),
        "asked_by": storable(api.caller().name),
        "asked_at": clock.now(),
        "file_name": _name(sent, "file"),
        "file_sha256": digest,
        "file_size": _size(sent),
        "mapping_name": mapping.name,
        "mapping_sha256": mapping.digest,
        "mapping_text": text,
        "source": mapping.source,
        "kind": mapping.kind.value,
        **asked,
    }

    def act(session: Any) -> dict[str, Any]:
        """The same file in the same way, as long as the first has not ended, is one job."""
        like = jobs.unfinished_like(session, job)
        if like is None:
            jobs.ask_for(session, job, _parts(sent), service.seals)
            session.flush()
            like = jobs.job_by_id(session, job["id"])
        assert like is not None  # noqa: S101 - it was put there a line above
        return told_of(like)

    body = f"{digest} {mapping.digest}".encode()
    return api.write(service.database, act, status=202, body=body)


def _sent(service: Service) -> tuple[FileStorage, Mapping, str]:
    """The file, and the mapping that it is to be read by. Raises Refused."""
    most = service.settings.largest_upload_mb
    if (request.content_length or 0) > most << 20:
        raise Refused(
            "file_too_large",
            f"文件超过{most}MB;请分成几个文件,或请管理员调整 BIANQUE_LARGEST_UPLOAD_MB",
            413,
        )
    for name in ("file", "mapping"):
        if name not in request.files:
            raise Refused("file_missing", f"请求中缺少文件“{name}”(multipart/form-data)", 400)
    said = request.files["mapping"]
    name = _name(said, "mapping.yaml")
    try:
        text = said.read().decode("utf-8")
        return request.files["file"], mapping_of(service.database, text, name=name), text
    except UnicodeDecodeError:
        raise Refused("not_yaml", f"{name} 不是 UTF-8 编码的映射文件") from None
    except MappingBroken as broken:
        faults = [asdict(fault) for fault in broken.faults]
        raise Refused("mapping_broken", str(broken), faults=faults) from None


def _name(sent: FileStorage, otherwise: str) -> str:
    return storable(sent.filename or otherwise)[-LONGEST_NAME:]


def _digest(sent: FileStorage) -> str:
    sent.stream.seek(0)
    found = hashlib.sha256()
    while block := sent.stream.read(jobs.PART):
        found.update(block)
    return found.hexdigest()


def _size(sent: FileStorage) -> int:
    return sent.stream.seek(0, os.SEEK_END)


def _parts(sent: FileStorage) -> Iterator[bytes]:
    sent.stream.seek(0)
    while part := sent.stream.read(jobs.PART):
        yield part


def _job(service: Service, job_id: UUID) -> ImportJobRow:
    _may_import(service)
    with service.database.reading() as session:
        job = jobs.job_by_id(session, job_id)
        if job is None:
            raise Refused("no_such_import", f"没有编号为 {job_id} 的导入", 404)
        session.expunge(job)  # it is looked at after the session
    return job


def _ended(service: Service, job_id: UUID) -> ImportJobRow:
    """One whose wrong rows are known. Raises Refused."""
    job = _job(service, job_id)
    if job.state in jobs.UNFINISHED:
        raise Refused("import_not_done", "导入还没有结束,请稍后再取错误行", 409)
    if job.report is None:
        raise Refused("file_refused", f"这个文件没有被逐行读取: {job.detail}", 409)
    return job


def _csv(service: Service, job: ImportJobRow) -> Response:
    sheet = (told_of(job)["report"] or {}).get("sheet")
    text = io.StringIO(newline="")
    giving_back.write_list(service.database, job, text, sheet)
    return Response(
        text.getvalue().encode("utf-8-sig"),
        mimetype="text/csv",
        headers=_attached(job, "csv"),
    )


def _workbook(service: Service, job: ImportJobRow) -> Response:
    if not job.parts_kept:
        raise Refused(
            "file_forgotten", "没有错误行,或原文件已过保存期,不能再给出错误行工作簿", 410
        )
    folder = TemporaryDirectory(prefix=leftovers.ERRORS)
    path = Path(folder.name) / "errors.xlsx"
    try:
        giving_back.write_workbook(service.database, job, path, service.seals)
    except KeysBroken:
        folder.cleanup()
        raise Refused(
            "key_missing", "原文件加密保存时用的密钥不在 BIANQUE_PERSONAL_KEYS 中,打不开", 410
        ) from None
    except giving_back.TooMany:
        folder.cleanup()
        raise Refused(
            "too_many_for_a_sheet",
            f"错误行超过{giving_back.MOST_ROWS}行,一张工作表放不下;请取 errors.csv",
        ) from None
    response = Response(_blocks(folder, path), mimetype=XLSX, headers=_attached(job, "xlsx"))
    response.call_on_close(folder.cleanup)  # also if the caller is gone before the first block
    return response


def _blocks(folder: TemporaryDirectory[str], path: Path) -> Iterator[bytes]:
    with folder, path.open("rb") as file:
        while block := file.read(jobs.PART):
            yield block


def _attached(job: ImportJobRow, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename=errors-{job.id}.{ending}"}
