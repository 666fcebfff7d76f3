"""Documents that were written, and the text of the public check."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table as SqlTable, select, update
from sqlalchemy.orm import Session

from services.chassis.database import insert_all
from services.inspection.model.documents import Document, DocumentKind
from services.inspection.store.tables import DocumentRow

DOCUMENT: SqlTable = DocumentRow.__table__  # type: ignore[assignment]

_NAMES = [field.name for field in fields(Document)]


def add(session: Session, document: Document) -> None:
    """Keep what was written; for one act there is one document of a kind."""
    row = {name: getattr(document, name) for name in _NAMES} | {"kind": document.kind.value}
    insert_all(session, DOCUMENT, [row])


def find(session: Session, code: str) -> Document | None:
    """The document of a check code, whosoever asks: what may be shown is for the caller."""
    row = session.execute(_columns().where(DOCUMENT.c.code == code)).one_or_none()
    return _document(row) if row else None


def of_act(session: Session, about_id: UUID, act: int, kind: DocumentKind) -> Document | None:
    """The document that was written about an act."""
    wanted = _columns().where(
        DOCUMENT.c.about_id == about_id,
        DOCUMENT.c.act == act,
        DOCUMENT.c.kind == kind.value,
    )
    row = session.execute(wanted).one_or_none()
    return _document(row) if row else None


def of(session: Session, about_id: UUID) -> list[Document]:
    """All documents about an order or a case, in the order of what they are about."""
    wanted = _columns().where(DOCUMENT.c.about_id == about_id)
    ordered = wanted.order_by(DOCUMENT.c.act, DOCUMENT.c.kind)
    return [_document(row) for row in session.execute(ordered)]


def withdraw(
    session: Session,
    about_id: UUID,
    kinds: Collection[DocumentKind],
    *,
    on: date,
    because: str,
) -> None:
    """Documents that hold no more; their bytes stay."""
    gone = update(DOCUMENT).where(
        DOCUMENT.c.about_id == about_id,
        DOCUMENT.c.kind.in_([kind.value for kind in kinds]),
        DOCUMENT.c.withdrawn_on.is_(None),
    )
    session.execute(gone.values(withdrawn_on=on, withdrawn_because=because))


def _columns() -> Select[Any]:
    return select(*(DOCUMENT.c[name] for name in _NAMES))


def _document(row: Row[Any]) -> Document:
    return Document(**dict(row._mapping) | {"kind": DocumentKind(row.kind)})
