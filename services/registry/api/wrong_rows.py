"""The wrong rows of a file, given back as a list or as a workbook to be corrected."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response, jsonify

from services.chassis.api import Refused
from services.chassis.sealing import KeysBroken
from services.registry.api.serving import Service
from services.registry.handlers import giving_back, leftovers
from services.registry.handlers.jobs import told_of
from services.registry.store import jobs
from services.registry.store.tables import ImportJobRow

FAULTS = 10_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def errors_as(service: Service, job: ImportJobRow, kind: str) -> Response:
    """The wrong rows of a job: `json`, `csv`, or `xlsx` to be corrected. Raises Refused."""
    _ended(job)
    if kind == "json":
        return jsonify(giving_back.listed(service.database, job, FAULTS))
    return _csv(service, job) if kind == "csv" else _workbook(service, job)


def _ended(job: ImportJobRow) -> None:
    """Its wrong rows are known. Raises Refused."""
    if job.state in jobs.UNFINISHED:
        raise Refused("import_not_done", "导入还没有结束,请稍后再取错误行", 409)
    if job.report is None:
        raise Refused("file_refused", f"这个文件没有被逐行读取: {job.detail}", 409)


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
