"""Documents to download and print: always the bytes that were written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from services.portal.model import STAFF, Role
from services.portal.web.me import ask, for_roles
from services.portal.web.paths import segment
from services.portal.web.services import BLOCK
from services.portal.web.writing import audited

views = Blueprint("desk_documents", __name__, url_prefix="/desk/documents")


@views.get("/<code>")
@for_roles(*STAFF, Role.ENTERPRISE)
def file(code: str) -> Any:
    """A Word file."""
    with audited("下载文书", f"GET inspection/documents/{code}"):
        found = ask().file("inspection", f"/documents/{segment(code)}/file")
    headers = {"Content-Disposition": found.headers["Content-Disposition"]}
    return Response(
        found.iter_content(BLOCK), mimetype=found.headers["Content-Type"], headers=headers
    )
