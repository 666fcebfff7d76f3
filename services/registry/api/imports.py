"""Files in: what is handed in, how far it is, what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify, request
from marshmallow import Schema, fields

from services.chassis import api, clock
from services.chassis.api import Refused
from services.chassis.database import is_passing
from services.registry.api.serving import LARGEST_PAGE, Service, plain
from services.registry.handlers import Import
from services.registry.mapping import MappingBroken, parse_mapping
from services.registry.model import ImportReport, Outcome, Progress
from services.registry.reading import FileBroken
from services.registry.store import reference, runs

NDJSON = "application/x-ndjson"

log = structlog.get_logger()


class ImportQuery(Schema):
    """How to import."""

    dry_run = fields.Boolean(load_default=False)
    all_or_nothing = fields.Boolean(load_default=False)


def add_views(views: Blueprint, service: Service) -> None:
    """Imports, and the record of them."""

    @views.post("/imports")
    def take_in() -> Any:
        return _import(service)

    @views.get("/imports")
    def imports() -> Any:
        _may_import(service)
        with service.database.reading() as session:
            return jsonify(items=[plain(run) for run in runs.latest(session, LARGEST_PAGE)])


def _may_import(service: Service) -> None:
    """A file may speak of any place in the bureau's division, so its sender must cover it."""
    bureau = service.settings.bureau
    if not api.caller().scope.covers(bureau):
        raise Refused(
            "scope_too_narrow", f"导入和查看导入记录需要管辖整个 {bureau}", 403, needed=bureau
        )


def _import(service: Service) -> Response:
    """Files are kept in a folder of their own until the answer has left."""
    _may_import(service)
    asked = api.query(ImportQuery)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bianque-import-")))
        run = _prepared(service, folder, **asked)
        steps = run.steps()
        try:
            first = next(steps)
        except FileBroken as broken:
            raise Refused(broken.code, str(broken), place=broken.place) from None
        stack.callback(steps.close)
        kept = stack.pop_all()
    response = Response(_told(run, first, steps, kept), mimetype=NDJSON)
    response.call_on_close(kept.close)  # also if the caller is gone before the first line
    return response


def _prepared(service: Service, folder: Path, *, dry_run: bool, all_or_nothing: bool) -> Import:
    for name in ("file", "mapping"):
        if name not in request.files:
            raise Refused("file_missing", f"请求中缺少文件“{name}”(multipart/form-data)", 400)
    sent, said = request.files["file"], request.files["mapping"]
    name = said.filename or "mapping.yaml"
    try:
        text = said.read().decode("utf-8")
        with service.database.reading() as session:
            known = reference.in_force(session, clock.today())
        mapping = parse_mapping(text, name=name, today=clock.today(), references=known)
    except UnicodeDecodeError:
        raise Refused("not_yaml", f"{name} 不是 UTF-8 编码的映射文件") from None
    except MappingBroken as broken:
        faults = [asdict(fault) for fault in broken.faults]
        raise Refused("mapping_broken", str(broken), faults=faults) from None
    path = folder / "file"
    sent.save(path)
    sent.close()
    return Import(
        service.database,
        path,
        mapping,
        dry_run=dry_run,
        all_or_nothing=all_or_nothing,
        file_name=sent.filename or "file",
        made_by=api.caller().name,
        seals=service.seals,
    )


def _told(
    run: Import, first: Progress, steps: Iterator[Progress], kept: ExitStack
) -> Iterator[str]:
    """A line for each step, and at the end the report; or a problem: the status has left."""
    try:
        with kept:
            yield _line("progress", asdict(first))
            for progress in steps:
                yield _line("progress", asdict(progress))
            yield _line("report", _report(run.report))
    except FileBroken as broken:
        yield _problem(422, broken.code, str(broken), place=broken.place)
    except Exception as error:
        if is_passing(error):
            log.warning("import_must_be_repeated", reason=repr(error))
            yield _problem(503, "try_again", "数据库暂不可用,什么也没有写入,请稍后重试")
        else:
            log.exception("import_failed", mapping=run.mapping.name)
            yield _problem(500, "failed", "服务内部错误,已记录;什么也没有写入")


def _line(name: str, content: dict[str, Any]) -> str:
    return json.dumps({name: content}, ensure_ascii=False) + "\n"


def _problem(status: int, code: str, detail: str, **where: Any) -> str:
    return _line("problem", {"status": status, "code": code, "detail": detail, **where})


def _report(report: ImportReport) -> dict[str, Any]:
    return asdict(report) | {
        "outcome": report.outcome.value,
        "refused": report.outcome is Outcome.REFUSED,
        "run_id": str(report.run_id) if report.run_id else None,
    }
