"""下达 — from a draft to an order: its term, its number, its answer. Numbers: policy.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.chassis.policy import Policy
from services.events.inspection import OrderOrigin
from services.inspection.model.orders import Earlier, Item, Order, OrderState
from services.inspection.model.procedure import Act, LastDay, Taken
from services.inspection.rules import offences
from services.inspection.rules.offences import Answer, Answered
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.terms import calendar_days, calendar_months, looked_at_on


def term_of(item: Item, origin: OrderOrigin, *, today: date, policy: Policy) -> LastDay:
    """整改期限一般为一个月,可以逐项另定;监督抽查不合格的,按抽查办法规定的期限."""
    if item.term_days is not None:
        _within_limits(item.term_days, today=today, policy=policy)
        return calendar_days(today, item.term_days)
    if origin is OrderOrigin.SAMPLING:
        return calendar_days(today, policy.number("sampling_term_days", on=today))
    return calendar_months(today, policy.number("order_term_months", on=today))


def check_draft(order: Order, *, policy: Policy) -> None:
    """责令整改通知书应当逐项写明违法事实、依据、整改要求和期限. Raises NotAllowed."""
    if not order.items:
        raise NotAllowed(
            "items_missing",
            "责令整改通知书没有整改项目。",
            "请至少写明一项违法事实和整改要求。",
        )
    for item in order.items:
        offences.matter(item.matter, policy, on=order.drafted_on)
        if item.term_days is not None:
            _within_limits(item.term_days, today=order.drafted_on, policy=policy)


def issue(
    order: Order,
    *,
    number: str,
    officers: Sequence[str],
    earlier: Sequence[Earlier],
    today: date,
    policy: Policy,
) -> Taken[Order]:
    """下达时取得文号,期限自次日起算;应当有两名以上执法人员."""
    may_issue(order, officers, today=today, policy=policy)
    items = tuple(_with_term(item, order, today=today, policy=policy) for item in order.items)
    answers = answers_to(order, earlier, today=today, policy=policy)
    issued = replace(
        order,
        state=OrderState.ISSUED,
        number=number,
        officers=tuple(officers),
        issued_on=today,
        first_offence=all(each.first for each in answers),
        items=items,
    )
    return Taken(issued, (_issued(issued), *(_answered(each) for each in answers)))


def may_issue(order: Order, officers: Sequence[str], *, today: date, policy: Policy) -> None:
    """只有草稿可以下达,并应当有两名以上执法人员.

    Asked before a number is taken. Raises NotAllowed.
    """
    if order.state is not OrderState.DRAFT:
        raise NotAllowed(
            "not_a_draft", "这份通知书不是草稿,不能再次下达。", "需要新的要求的,请另拟一份。"
        )
    check_draft(replace(order, drafted_on=today), policy=policy)
    enough_officers(officers, today=today, policy=policy)


def enough_officers(officers: Sequence[str], *, today: date, policy: Policy) -> None:
    """执法人员不得少于两人 (《行政处罚法》第四十二条). Raises NotAllowed."""
    least = policy.number("officers_at_least", on=today)
    if len({name for name in officers if name.strip()}) < least:
        raise NotAllowed(
            "officers_missing",
            f"执法人员不得少于{least}人,且应当是不同的人。",
            "请填写在场执法人员的账号。",
        )


def answers_to(
    order: Order, earlier: Sequence[Earlier], *, today: date, policy: Policy
) -> list[Answered]:
    """How each kind of violation in an order is answered."""
    kinds = {item.matter: None for item in order.items}
    return [
        offences.answer(
            offences.matter(code, policy, on=today), earlier, today=today, policy=policy
        )
        for code in kinds
    ]


def discard(order: Order, *, because: str) -> Taken[Order]:
    """草稿可以作废并说明理由;已经下达的只能逐项撤回,文号不收回."""
    if order.state is not OrderState.DRAFT:
        raise NotAllowed(
            "not_a_draft", "已经下达的通知书不能作废。", "可以逐项撤回并说明理由。"
        )
    act = Act(what="discard", rule="discard", words=f"草稿作废: {because}")
    return Taken(replace(order, state=OrderState.DISCARDED), (act,))


def _within_limits(days: int, *, today: date, policy: Policy) -> None:
    least = policy.number("order_term_least_days", on=today)
    most = policy.number("order_term_most_days", on=today)
    if not least <= days <= most:
        raise NotAllowed(
            "term_out_of_limits",
            f"整改期限为{days}日,超出规定的{least}至{most}日。",
            f"请定为{least}至{most}日;确需更长的,到期前可以延长一次。",
        )


def _with_term(item: Item, order: Order, *, today: date, policy: Policy) -> Item:
    last = term_of(item, order.origin, today=today, policy=policy)
    return replace(
        item,
        due_on=last.day,
        provisional=last.provisional,
        next_change_on=looked_at_on(last.day),
    )


def _issued(order: Order) -> Act:
    days = sorted({item.due_on for item in order.items if item.due_on})
    until = "、".join(str(day) for day in days)
    words = f"下达{order.number},共{len(order.items)}项,期限至{until}届满"
    return Act(what="issue", rule="issue", words=words, particulars={"number": order.number})


def _answered(answered: Answered) -> Act:
    answers = {
        Answer.GUIDE: "指导并责令整改",
        Answer.ORDER: "责令整改",
        Answer.FILE: "责令整改并移交立案核查",
    }
    return Act(
        what="answer",
        rule="answer",
        words=f"{answered.matter.label}: {answered.because};{answers[answered.answer]}",
        particulars={"matter": answered.matter.code, "answer": answered.answer.value},
    )
