"""拒绝整改 — what counts as a refusal, and what must be on file for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.events.inspection import RefusalGround
from services.inspection.model.orders import Order, OrderState, Refusal
from services.inspection.model.procedure import Act, Taken
from services.inspection.rules.orders.days import overdue_again
from services.inspection.rules.orders.issuing import enough_officers
from services.inspection.rules.refusal import NotAllowed

GROUNDS = {
    RefusalGround.WRITTEN: "书面拒绝整改",
    RefusalGround.OVERDUE_AGAIN: "再次逾期未整改",
    RefusalGround.OBSTRUCTION: "阻挠检查",
    RefusalGround.GRAVE: "违法情节严重",
}


def record(
    refusal: Refusal, order: Order | None, *, serious: bool, today: date, policy: Policy
) -> Taken[Refusal]:
    """对拒绝整改和严重违法的企业,记录在案,作为建议列入黑名单的依据;记录本身不列入任何名单."""
    match refusal.ground:
        case RefusalGround.WRITTEN:
            _needs_an_order(order)
            _needs_evidence(refusal, "书面拒绝应当有当事人的书面材料。")
        case RefusalGround.OVERDUE_AGAIN:
            _needs_second_overdue(order)
        case RefusalGround.OBSTRUCTION:
            enough_officers(refusal.officers, today=today, policy=policy)
            _needs_evidence(refusal, "阻挠检查应当有两名执法人员记录的照片或录像。")
        case RefusalGround.GRAVE:
            _needs_gravity(refusal, order, serious=serious, today=today, policy=policy)
    words = f"{GROUNDS[refusal.ground]}: {refusal.statement}"
    told = {"ground": refusal.ground.value, "evidence": list(refusal.evidence)}
    act = Act(what="record_refusal", rule="record", words=words, particulars=told)
    return Taken(refusal, (act,))


def take_back(refusal: Refusal, *, because: str, today: date) -> Taken[Refusal]:
    """查明不成立的,撤回记录并说明理由;由此产生的后果随之消除."""
    if refusal.withdrawn_on is not None:
        raise NotAllowed("withdrawn_already", "这条记录已经撤回。", "无需再次撤回。")
    gone = replace(refusal, withdrawn_on=today, withdrawn_because=because)
    act = Act(what="withdraw_refusal", rule="take_back", words=f"撤回记录: {because}")
    return Taken(gone, (act,))


def _needs_an_order(order: Order | None) -> None:
    if order is None or order.state is not OrderState.ISSUED:
        raise NotAllowed(
            "order_missing",
            "没有正在整改的责令整改通知书,不能记录拒绝整改。",
            "请先下达责令整改通知书。",
        )


def _needs_evidence(refusal: Refusal, instead: str) -> None:
    if not refusal.evidence:
        raise NotAllowed("evidence_missing", "没有证据,不能记录拒绝整改。", instead)


def _needs_second_overdue(order: Order | None) -> None:
    if order is None or not overdue_again(order):
        raise NotAllowed(
            "not_overdue_again",
            "没有再次责令整改后又逾期的项目,不能按再次逾期处理。",
            "首次逾期的,进入执法程序;可以再次责令限期整改一次。",
        )


def _needs_gravity(
    refusal: Refusal, order: Order | None, *, serious: bool, today: date, policy: Policy
) -> None:
    if serious:
        return
    if policy.flag("grave_needs_a_decision", on=today):
        raise NotAllowed(
            "decision_missing",
            "按现行口径,严重违法以认定为严重的行政处罚决定为准,案卷中没有。",
            "请先依程序作出处罚决定。",
        )
    _needs_an_order(order)
    enough_officers(refusal.officers, today=today, policy=policy)
    _needs_evidence(refusal, "严重违法应当有两名执法人员取得的证据。")
