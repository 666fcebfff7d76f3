"""Files that somebody hands in as evidence: kept by inspection first, then named by digest."""

from __future__ import annotations

from flask import request

from services.portal.web.me import ask
from services.portal.web.writing import audited
from services.portal.web.written import kept_before, note_kept


def kept(field: str, *, path: str = "/evidence") -> list[str]:
    """The SHA-256 of each file of a form's field. Raises Refused, Away.

    If the form is not taken it comes back with those that were kept. A file that comes twice is
    one file: its digest is its name. *path*: who may not hand in
    evidence has a door of his own.
    """
    digests = kept_before(field)
    note_kept(field, digests)
    for file in request.files.getlist(field):
        if not file or not file.filename:
            continue
        with audited("上传证据", f"POST inspection{path}"):
            digest = ask().send_bytes("inspection", path, file.read())["sha256"]
        if digest not in digests:
            digests.append(digest)
    return digests
