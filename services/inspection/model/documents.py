"""文书 — the words of documents: what kinds there are, and what is kept of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class DocumentKind(StrEnum):
    """文书种类."""

    ORDER = "order"  # 责令整改通知书
    EXTENSION = "extension"  # 延长整改期限通知书
    NOTICE = "notice"  # 行政处罚告知书
    DECISION = "decision"  # 行政处罚决定书
    RECEIPT = "receipt"  # 送达回证
    VISIT = "visit"  # 现场检查记录


TITLES = {
    DocumentKind.ORDER: "责令整改通知书",
    DocumentKind.EXTENSION: "延长整改期限通知书",
    DocumentKind.NOTICE: "行政处罚告知书",
    DocumentKind.DECISION: "行政处罚决定书",
    DocumentKind.RECEIPT: "送达回证",
    DocumentKind.VISIT: "现场检查记录",
}


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document as it was written: its bytes lie outside the database, under their digest.

    code      the check code, printed as words and as a QR code
    act       number of the act on file that it is about; of a visit: its conclusion
    template  digest of the template that it was written from
    """

    code: str
    kind: DocumentKind
    about_id: UUID
    act: int
    division: str
    authority: str
    number: str
    made_on: date
    made_by: str
    sha256: str
    size: int
    template: str
    withdrawn_on: date | None = None
    withdrawn_because: str | None = None
