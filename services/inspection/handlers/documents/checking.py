"""What the public check page may show, and the file for those within the scope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.model.documents import TITLES, Document
from services.inspection.store import document_files, documents


def shown(document: Document) -> dict[str, Any]:
    """凭核验码公开的只有文书种类、文号、日期、机关和是否有效;不显示任何当事人和个人."""
    return {
        "code": document.code,
        "kind": document.kind,
        "title": TITLES[document.kind],
        "number": document.number,
        "date": document.made_on,
        "authority": document.authority,
        "state": "withdrawn" if document.withdrawn_on else "valid",
        "withdrawn_on": document.withdrawn_on,
    }


def check(session: Session, code: str) -> dict[str, Any]:
    """For anybody who holds the paper. Raises Unknown."""
    return shown(_found(session, code))


def file_of(session: Session, code: str, *, var: Path, acting: Acting) -> tuple[str, bytes]:
    """A name for the file, and its bytes as they were written. Raises Unknown."""
    document = _found(session, code)
    data = document_files.load(var, document.sha256)
    if data is None or not acting.scope.covers(document.division):
        raise _unknown(code)
    return f"{TITLES[document.kind]}-{document.code}.docx", data


def _found(session: Session, code: str) -> Document:
    document = documents.find(session, code.strip().upper())
    if document is None:
        raise _unknown(code)
    return document


def _unknown(code: str) -> Unknown:
    return Unknown("no_such_document", f"没有核验码为 {code[:20]} 的文书")
