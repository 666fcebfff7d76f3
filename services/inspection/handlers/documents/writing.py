"""A document is written once about an act on file; asked for again it is the same bytes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.bureaus import bureau_called, numbered
from services.inspection.handlers.cases.keeping import locked as locked_case
from services.inspection.handlers.documents import filling, rendering
from services.inspection.handlers.orders.keeping import locked as locked_order
from services.inspection.model.cases import Case
from services.inspection.model.documents import TITLES, Document, DocumentKind
from services.inspection.model.orders import Order
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import acts, document_files, documents, enterprises
from services.inspection.store.acts import Filed

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
_CODE_LENGTH = 12

_ACTS = {
    DocumentKind.ORDER: ("issue",),
    DocumentKind.EXTENSION: ("extend",),
    DocumentKind.NOTICE: ("notify",),
    DocumentKind.DECISION: ("decide", "decide_at_once"),
    DocumentKind.RECEIPT: ("serve",),
}


@dataclass(frozen=True)
class _Wanted:
    kind: DocumentKind
    about: Order | Case
    act: Filed

    @property
    def about_id(self) -> UUID:
        about = self.about
        return about.order_id if isinstance(about, Order) else about.case_id


def of_order(
    session: Session,
    order_id: UUID,
    *,
    kind: DocumentKind,
    item_id: UUID | None,
    var: Path,
    acting: Acting,
) -> Document:
    """The notice of an order, or of an extension. Raises Unknown, NotAllowed."""
    order = locked_order(session, order_id, acting)
    if kind not in {DocumentKind.ORDER, DocumentKind.EXTENSION}:
        raise _not_there(kind)
    act = _last(session, order_id, kind, item_id)
    return _written(session, _Wanted(kind, order, act), var, acting)


def of_case(
    session: Session, case_id: UUID, *, kind: DocumentKind, var: Path, acting: Acting
) -> Document:
    """The notice, the decision or the receipt of a case. Raises Unknown, NotAllowed."""
    case = locked_case(session, case_id, acting)
    if kind in {DocumentKind.ORDER, DocumentKind.EXTENSION}:
        raise _not_there(kind)
    return _written(
        session, _Wanted(kind, case, _last(session, case_id, kind, None)), var, acting
    )


def _last(session: Session, about_id: UUID, kind: DocumentKind, item_id: UUID | None) -> Filed:
    found = [
        act
        for act in acts.of(session, about_id)
        if act.what in _ACTS[kind] and item_id in {None, act.item_id}
    ]
    if not found:
        raise _not_there(kind)
    return found[-1]


def _written(session: Session, wanted: _Wanted, var: Path, acting: Acting) -> Document:
    known = documents.of_act(session, wanted.about_id, wanted.act.number, wanted.kind)
    if known is not None:
        return known
    about = wanted.about
    authority = bureau_called(about.bureau, on=acting.today, policy=acting.policy).name
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    number = _number(session, wanted, acting)
    fields = _fields(session, wanted, number, authority, code)
    template = rendering.template_of(wanted.kind, var)
    address = acting.policy.text("check_address_form", on=acting.today).format(code=code)
    data = rendering.render(wanted.kind, template, fields, address=address)
    document = Document(
        code=code,
        kind=wanted.kind,
        about_id=wanted.about_id,
        act=wanted.act.number,
        division=about.division,
        authority=authority,
        number=number,
        made_on=wanted.act.taken_on,
        made_by=acting.by or "",
        sha256=document_files.keep(var, data),
        size=len(data),
        template=rendering.digest_of(template),
    )
    documents.add(session, document)
    return document


def _number(session: Session, wanted: _Wanted, acting: Acting) -> str:
    about = wanted.about
    if isinstance(about, Order):
        return about.number or ""
    if wanted.kind is DocumentKind.NOTICE:
        on, policy = wanted.act.taken_on, acting.policy
        return numbered(session, about.bureau, "notice", on=on, policy=policy)
    return about.decision.number if about.decision else ""


def _fields(
    session: Session, wanted: _Wanted, number: str, authority: str, code: str
) -> dict[str, Any]:
    enterprise = enterprises.find(session, wanted.about.enterprise_id)
    if enterprise is None:
        raise Unknown("no_such_enterprise", "没有登记该企业, 不能制作文书")
    head = filling.heading(
        TITLES[wanted.kind], number, authority, enterprise, wanted.act.taken_on, code
    )
    return head | _body(wanted)


def _body(wanted: _Wanted) -> dict[str, Any]:
    about, act = wanted.about, wanted.act
    if isinstance(about, Order):
        if wanted.kind is DocumentKind.EXTENSION:
            return filling.of_extension(about, act)
        return filling.of_order(about)
    if wanted.kind is DocumentKind.NOTICE:
        return filling.of_notice(about)
    if wanted.kind is DocumentKind.DECISION:
        return filling.of_decision(about)
    return filling.of_receipt(about, act)


def _not_there(kind: DocumentKind) -> NotAllowed:
    return NotAllowed(
        "nothing_to_write",
        f"案卷中没有可以制作{TITLES[kind]}的步骤。",
        "请先完成相应的步骤,再制作文书。",
    )
