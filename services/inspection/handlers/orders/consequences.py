"""What follows from an order by itself: a case for what is overdue, refused, grave or repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from services.events.inspection import CaseOrigin, OrderOrigin, RefusalGround
from services.inspection.handlers.acting import EVERYWHERE, Acting
from services.inspection.handlers.cases import opening
from services.inspection.handlers.cases.keeping import (
    keep as keep_case,
    locked as locked_case,
)
from services.inspection.handlers.cases.opening import Clue
from services.inspection.handlers.orders import refusals
from services.inspection.handlers.orders.keeping import keep
from services.inspection.model.cases import CaseState
from services.inspection.model.orders import Earlier, Item, ItemState, Order, Refusal
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.cases import falling
from services.inspection.rules.offences import Answer
from services.inspection.rules.orders.days import overdue_again
from services.inspection.rules.orders.issuing import answers_to
from services.inspection.store import cases, refusals as kept_refusals

_ORIGINS = {
    OrderOrigin.SAMPLING: CaseOrigin.SAMPLING,
    OrderOrigin.COMPLAINT: CaseOrigin.COMPLAINT,
}


def follow_issue(
    session: Session, order: Order, earlier: Sequence[Earlier], acting: Acting
) -> Order:
    """危害健康和安全的,或者不是首次的,责令整改的同时移交立案核查."""
    answers = answers_to(order, earlier, today=acting.today, policy=acting.policy)
    to_file = {each.matter.code: each for each in answers if each.answer is Answer.FILE}
    items = [item for item in order.items if item.matter in to_file]
    if not items:
        return order
    because = ";".join(each.because for each in to_file.values())
    origin = _ORIGINS.get(order.origin, CaseOrigin.VISIT)
    return _open_case(session, order, origin, items, because, acting)


def follow_overdue(session: Session, order: Order, acting: Acting) -> Order:
    """到期未整改的进入执法程序;再次逾期的,视为拒绝整改."""
    late = [item for item in order.items if item.state is ItemState.OVERDUE]
    because = f"{order.number}到期未整改"
    order = _open_case(session, order, CaseOrigin.OVERDUE_ORDER, late, because, acting)
    if overdue_again(order) and not _recorded(session, order, RefusalGround.OVERDUE_AGAIN):
        said = f"{order.number}再次责令整改后仍逾期"
        refusal = refusals.about_order(order, RefusalGround.OVERDUE_AGAIN, said, acting)
        refusals.record(session, refusal, order, acting)
    return order


def follow_refusal(session: Session, order: Order, refusal: Refusal, acting: Acting) -> Order:
    """拒绝整改的,进入执法程序."""
    asked = [item for item in order.items if not item.ended]
    return _open_case(session, order, CaseOrigin.REFUSAL, asked, refusal.statement, acting)


def follow_withdrawal(session: Session, order: Order, because: str, acting: Acting) -> None:
    """拒绝整改的记录撤回的,由此产生的后果随之消除."""
    if order.case_id is None:
        return
    case = locked_case(session, order.case_id, acting)
    gone = case.state is CaseState.CLOSED and case.decision is None
    if case.origin is not CaseOrigin.REFUSAL or gone:
        return
    taken = falling.ground_falls(
        case,
        because=because,
        other_ground=_other_ground(session, order),
        today=acting.today,
    )
    keep_case(session, case, taken, acting)


def _other_ground(session: Session, order: Order) -> str | None:
    """What leads an order to a case although one refusal was taken back."""
    if any(item.state is ItemState.OVERDUE for item in order.items):
        return "有到期未整改的项目"
    known = kept_refusals.of_order(session, order.order_id)
    stands = any(each.withdrawn_on is None for each in known)
    return "另有拒绝整改的记录" if stands else None


def _open_case(
    session: Session,
    order: Order,
    origin: CaseOrigin,
    items: Sequence[Item],
    because: str,
    acting: Acting,
) -> Order:
    """One case for an order, unless there is one that is not closed."""
    if not items or _has_open_case(session, order):
        return order
    clue = Clue(
        enterprise_id=order.enterprise_id,
        origin=origin,
        matter=items[0].matter,
        description=f"{because}: {'; '.join(item.description for item in items)}",
        order_id=order.order_id,
        visit_id=order.visit_id,
        object_ids=tuple(dict.fromkeys(item.object_id for item in items if item.object_id)),
    )
    case = opening.open_by_rule(
        session, clue, division=order.division, bureau=order.bureau, acting=acting
    )
    proposed = case.state is CaseState.PROPOSED
    words = "建议进入执法程序" if proposed else "进入执法程序,作为线索核查"
    act = Act(what="open_case", rule="open_by_rule", words=f"{words}: {because}")
    linked = replace(order, case_id=case.case_id)
    return keep(session, Taken(linked, (act,)), acting)[0]


def _has_open_case(session: Session, order: Order) -> bool:
    if order.case_id is None:
        return False
    case = cases.find(session, order.case_id, scope=EVERYWHERE)
    return case is not None and case.state is not CaseState.CLOSED


def _recorded(session: Session, order: Order, ground: RefusalGround) -> bool:
    known = kept_refusals.of_order(session, order.order_id)
    return any(each.ground is ground and each.withdrawn_on is None for each in known)
