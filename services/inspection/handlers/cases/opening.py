"""A clue, a proposal, filing or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.events.inspection import CaseOrigin
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.bureaus import bureau_for, numbered
from services.inspection.handlers.cases.keeping import keep, locked
from services.inspection.handlers.orders.keeping import (
    keep as keep_order,
    locked as locked_order,
)
from services.inspection.model.cases import Case, CaseState
from services.inspection.model.orders import Order
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.cases import opening
from services.inspection.rules.refusal import NotAllowed
from services.inspection.store import enterprises


@dataclass(frozen=True, kw_only=True)
class Clue:
    """What was found, and where."""

    enterprise_id: UUID
    origin: CaseOrigin
    matter: str
    description: str
    order_id: UUID | None = None
    visit_id: UUID | None = None
    object_ids: tuple[UUID, ...] = ()


def open_clue(session: Session, clue: Clue, *, bureau: str | None, acting: Acting) -> Case:
    """A named person takes a clue in hand. Raises Unknown, NotAllowed."""
    enterprise = enterprises.find(session, clue.enterprise_id)
    if enterprise is None or not acting.scope.covers(enterprise.division):
        raise Unknown(
            "no_such_enterprise", f"没有编号为 {clue.enterprise_id} 的企业, 或不在管辖范围内"
        )
    order = _order_of(session, clue, acting)
    writes = bureau_for(enterprise.division, asked=bureau, acting=acting).code
    case = _new(clue, enterprise.division, writes, acting)
    taken = opening.open_clue(case, today=acting.today, policy=acting.policy)
    opened = keep(session, None, taken, acting)[0]
    if order is not None:
        act = Act(what="open_case", rule="open_clue", words="作为线索核查")
        linked = replace(order, case_id=opened.case_id)
        keep_order(session, Taken(linked, (act,)), acting)
    return opened


def open_by_rule(
    session: Session, clue: Clue, *, division: str, bureau: str, acting: Acting
) -> Case:
    """A clue that follows by itself, or the proposal to take it in hand."""
    case = _new(clue, division, bureau, acting)
    taken = opening.open_by_rule(case, today=acting.today, policy=acting.policy)
    return keep(session, None, taken, acting)[0]


def accept(session: Session, case_id: UUID, *, acting: Acting) -> Case:
    """A named person takes a proposal in hand. Raises Unknown, NotAllowed."""
    case = locked(session, case_id, acting)
    taken = opening.accept(case, today=acting.today, policy=acting.policy)
    return keep(session, case, taken, acting)[0]


def file(session: Session, case_id: UUID, *, officers: Sequence[str], acting: Acting) -> Case:
    """File a clue; the number is taken last. Raises Unknown, NotAllowed."""
    case = locked(session, case_id, acting)
    today, policy = acting.today, acting.policy
    opening.may_file(case, officers, today=today, policy=policy)
    number = numbered(session, case.bureau, "case", on=today, policy=policy)
    taken = opening.file(case, number=number, officers=officers, today=today, policy=policy)
    return keep(session, case, taken, acting)[0]


def _order_of(session: Session, clue: Clue, acting: Acting) -> Order | None:
    """The order that a clue comes from, held. Raises Unknown, NotAllowed."""
    if clue.order_id is None:
        return None
    order = locked_order(session, clue.order_id, acting)
    if order.enterprise_id != clue.enterprise_id:
        raise NotAllowed(
            "order_of_another", "这份责令整改通知书不是发给该企业的。", "请核对通知书和企业。"
        )
    if order.case_id is not None:
        raise NotAllowed(
            "case_there_already",
            "这份责令整改通知书已经有案件。",
            f"请在案件 {order.case_id} 中办理。",
        )
    return order


def _new(clue: Clue, division: str, bureau: str, acting: Acting) -> Case:
    return Case(
        case_id=uuid4(),
        division=division,
        bureau=bureau,
        opened_on=acting.today,
        state=CaseState.CLUE,
        **vars(clue),
    )
