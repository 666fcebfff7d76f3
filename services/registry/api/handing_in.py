"""A file is handed in with the mapping to read it by: kept first, done when its turn comes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, NamedTuple
from uuid import uuid4

from flask import Response, request
from marshmallow import Schema, fields
from werkzeug.datastructures import FileStorage

from services.chassis import api, clock
from services.chassis.api import Refused
from services.registry.api.serving import Service
from services.registry.handlers.faults import storable
from services.registry.handlers.jobs import told_of
from services.registry.mapping import MappingBroken
from services.registry.store import jobs

LONGEST_NAME = 200


class ImportQuery(Schema):
    """How to take it in."""

    dry_run = fields.Boolean(load_default=False)
    all_or_nothing = fields.Boolean(load_default=False)


class Reading(NamedTuple):
    """What a mapping says of the file: its digest, whose rows they are, and of what kind."""

    digest: str
    source: str
    kind: str


Read = Callable[[str, str], Reading]
"""From the text of a mapping and its name. Raises MappingBroken."""


def ask_for(service: Service, read: Read, **more: Any) -> Response:
    """Keep what was sent, and answer with its job. *more*: what else the job says of itself."""
    asked = api.query(ImportQuery)
    sent, name, reading, text = _sent(service, read)
    digest = _digest(sent)
    job = {
        "id": uuid4(),
        "asked_by": storable(api.caller().name),
        "asked_at": clock.now(),
        "file_name": _name(sent, "file"),
        "file_sha256": digest,
        "file_size": _size(sent),
        "mapping_name": name,
        "mapping_sha256": reading.digest,
        "mapping_text": text,
        "source": reading.source,
        "kind": reading.kind,
        **asked,
        **more,
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

    body = f"{digest} {reading.digest}".encode()
    return api.write(service.database, act, status=202, body=body)


def _sent(service: Service, read: Read) -> tuple[FileStorage, str, Reading, str]:
    """The file, and how it is to be read. Raises Refused."""
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
        return request.files["file"], name, read(text, name), text
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
