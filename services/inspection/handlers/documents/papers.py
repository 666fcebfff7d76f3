"""Which documents there can be about an order, a case and a visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.bureaus import bureau_for, numbered
from services.inspection.handlers.cases.keeping import locked as locked_case
from services.inspection.handlers.documents import filling
from services.inspection.handlers.documents.writing import Paper, nothing_to_write, write
from services.inspection.handlers.orders.keeping import locked as locked_order
from services.inspection.handlers.visits import showing
from services.inspection.handlers.visits.finding import visit as found_visit
from services.inspection.model.cases import Case
from services.inspection.model.documents import Document, DocumentKind
from services.inspection.model.orders import Order
from services.inspection.rules.visits.checklists import Checklists
from services.inspection.store import acts, enterprises
from services.inspection.store.acts import Filed

_OF_ORDERS = {DocumentKind.ORDER: ("issue",), DocumentKind.EXTENSION: ("extend",)}
_OF_CASES = {
    DocumentKind.NOTICE: ("notify",),
    DocumentKind.DECISION: ("decide", "decide_at_once"),
    DocumentKind.RECEIPT: ("serve",),
}
_CONCLUSION = 1  # a visit is concluded once; what corrects it is a visit of its own


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
    act = _last(session, order_id, kind, _OF_ORDERS.get(kind, ()), item_id)
    body: Callable[[], dict[str, Any]] = partial(filling.of_order, order)
    if kind is DocumentKind.EXTENSION:
        body = partial(filling.of_extension, order, act)
    paper = _paper(session, order, kind, act, number=lambda: order.number or "", body=body)
    return write(session, paper, var=var, acting=acting)


def of_case(
    session: Session, case_id: UUID, *, kind: DocumentKind, var: Path, acting: Acting
) -> Document:
    """The notice, the decision or the receipt of a case. Raises Unknown, NotAllowed."""
    case = locked_case(session, case_id, acting)
    act = _last(session, case_id, kind, _OF_CASES.get(kind, ()), None)
    bodies: dict[DocumentKind, Callable[[], dict[str, Any]]] = {
        DocumentKind.NOTICE: partial(filling.of_notice, case),
        DocumentKind.DECISION: partial(filling.of_decision, case),
        DocumentKind.RECEIPT: partial(filling.of_receipt, case, act),
    }

    def number() -> str:
        if kind is DocumentKind.NOTICE:
            on, policy = act.taken_on, acting.policy
            return numbered(session, case.bureau, "notice", on=on, policy=policy)
        return case.decision.number if case.decision else ""

    paper = _paper(session, case, kind, act, number=number, body=bodies[kind])
    return write(session, paper, var=var, acting=acting)


def of_visit(
    session: Session, visit_id: UUID, *, checklists: Checklists, var: Path, acting: Acting
) -> Document:
    """The record of a concluded visit. Raises Unknown, NotAllowed."""
    visit = found_visit(session, acting, visit_id)
    if visit.concluded_on is None:
        raise nothing_to_write(DocumentKind.VISIT)
    firm = enterprises.find(session, visit.enterprise_id)
    paper = Paper(
        kind=DocumentKind.VISIT,
        about_id=visit_id,
        act=_CONCLUSION,
        division=visit.division,
        bureau=bureau_for(visit.division, asked=None, acting=acting).code,
        on=visit.concluded_on,
        enterprise=firm.name if firm else visit.enterprise_name,
        uscc=firm.uscc if firm else None,
        number=lambda: str(visit_id),
        body=lambda: filling.of_visit(showing.form(session, acting, visit_id, checklists)),
    )
    return write(session, paper, var=var, acting=acting)


def _paper(
    session: Session,
    about: Order | Case,
    kind: DocumentKind,
    act: Filed,
    *,
    number: Callable[[], str],
    body: Callable[[], dict[str, Any]],
) -> Paper:
    firm = enterprises.find(session, about.enterprise_id)
    if firm is None:
        raise Unknown("no_such_enterprise", "没有登记该企业, 不能制作文书")
    return Paper(
        kind=kind,
        about_id=about.order_id if isinstance(about, Order) else about.case_id,
        act=act.number,
        division=about.division,
        bureau=about.bureau,
        on=act.taken_on,
        enterprise=firm.name,
        uscc=firm.uscc,
        number=number,
        body=body,
    )


def _last(
    session: Session,
    about_id: UUID,
    kind: DocumentKind,
    what: tuple[str, ...],
    item_id: UUID | None,
) -> Filed:
    found = [
        act
        for act in acts.of(session, about_id)
        if act.what in what and item_id in {None, act.item_id}
    ]
    if not found:
        raise nothing_to_write(kind)
    return found[-1]
