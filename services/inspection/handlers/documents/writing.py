"""A document is written once about something on file; asked for again it is the same bytes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting
from services.inspection.handlers.bureaus import bureau_called
from services.inspection.handlers.documents import filling, rendering
from services.inspection.model.documents import TITLES, Document, DocumentKind
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import document_files, documents

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
_CODE_LENGTH = 12


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is to be written, unless it has been: about which act of what, and what it says.

    number, body  asked for only when it is written: a number may be taken for it
    """

    kind: DocumentKind
    about_id: UUID
    act: int
    division: str
    bureau: str
    on: date
    enterprise: str
    uscc: str | None
    number: Callable[[], str]
    body: Callable[[], dict[str, Any]]


def write(session: Session, paper: Paper, *, var: Path, acting: Acting) -> Document:
    """The document of a paper; what it is about is held. Raises NotAllowed."""
    known = documents.of_act(session, paper.about_id, paper.act, paper.kind)
    if known is not None:
        return known
    authority = bureau_called(paper.bureau, on=acting.today, policy=acting.policy).name
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    number = paper.number()
    head = filling.heading(
        title=TITLES[paper.kind],
        number=number,
        authority=authority,
        enterprise=paper.enterprise,
        uscc=paper.uscc,
        made_on=paper.on,
        code=code,
    )
    template = rendering.template_of(paper.kind, var)
    address = acting.policy.text("check_address_form", on=acting.today).format(code=code)
    data = rendering.render(paper.kind, template, paper.body() | head, address=address)
    document = Document(
        code=code,
        kind=paper.kind,
        about_id=paper.about_id,
        act=paper.act,
        division=paper.division,
        authority=authority,
        number=number,
        made_on=paper.on,
        made_by=acting.by or "",
        sha256=document_files.keep(var, data),
        size=len(data),
        template=rendering.digest_of(template),
    )
    documents.add(session, document)
    return document


def nothing_to_write(kind: DocumentKind) -> NotAllowed:
    """The refusal where the step that a document is about was not taken."""
    return NotAllowed(
        "nothing_to_write",
        f"案卷中没有可以制作{TITLES[kind]}的步骤。",
        "请先完成相应的步骤,再制作文书。",
    )
