"""整改过程 — extension, proof, re-inspection, withdrawal and a second term, item by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.chassis.policy import Policy
from services.inspection.model.orders import Item, ItemState, ItemStep, Order, OrderState
from services.inspection.model.procedure import Act, LastDay, Taken
from services.inspection.rules.orders.ending import closed_if_done
from services.inspection.rules.orders.issuing import enough_officers, term_of
from services.inspection.rules.orders.table import after
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.terms import ended_by, falls_on, looked_at_on, working_days


def extend(
    order: Order, item_id: UUID, *, until: date, because: str, today: date, policy: Policy
) -> Taken[Order]:
    """整改期限届满前,经说明理由可以延长一次."""
    item = _item(order, item_id)
    to = after(item, ItemStep.EXTEND)
    due_on = _due(item)
    if ended_by(due_on, today=today):
        raise NotAllowed(
            "term_has_passed", "期限已经届满,不能再延长。", "可以再次责令限期整改。"
        )
    if item.was_due_on is not None or item.term_number > 1:
        raise NotAllowed(
            "extended_already", "每一项只能延长一次。", "请在现有期限内整改,或者撤回该项。"
        )
    last = _longer(due_on, until, today=today, policy=policy)
    longer = _running(replace(item, state=to, was_due_on=due_on), last)
    words = f"期限由{due_on}延长至{last.day}: {because}"
    told = {"was_due_on": str(due_on), "due_on": str(last.day), "because": because}
    return _taken(order, longer, _act("extend", "extend", words, item, **told), today=today)


def hand_in(
    order: Order,
    item_id: UUID,
    *,
    evidence: Sequence[str],
    note: str,
    today: date,
    policy: Policy,
) -> Taken[Order]:
    """企业提交整改材料的,期限停止计算,执法人员应当在规定的工作日内复查;逾期提交的仍为逾期."""
    item = _item(order, item_id)
    to = after(item, ItemStep.HAND_IN)
    if not evidence and not note.strip():
        raise NotAllowed(
            "proof_missing", "没有整改材料。", "请上传整改照片或文件,或者写明整改情况。"
        )
    recheck = working_days(today, policy.number("recheck_working_days", on=today))
    rests = to is ItemState.HANDED_IN
    given = replace(
        item,
        state=to,
        handed_in_on=today,
        recheck_by=recheck.day,
        next_change_on=None if rests else item.next_change_on,
    )
    words = f"收到整改材料{len(evidence)}份,应于{recheck.day}前复查"
    told = {"evidence": list(evidence), "note": note}
    return _taken(order, given, _act("hand_in", "hand_in", words, item, **told), today=today)


def find(
    order: Order,
    item_id: UUID,
    *,
    rectified: bool,
    note: str,
    officers: Sequence[str],
    evidence: Sequence[str],
    today: date,
    policy: Policy,
) -> Taken[Order]:
    """复查由两名以上执法人员进行;合格的该项了结,不合格的退回继续整改,原期限和提醒照旧,
    期限已过的即为逾期.
    """
    item = _item(order, item_id)
    step = ItemStep.FIND_RECTIFIED if rectified else ItemStep.FIND_UNRECTIFIED
    to = after(item, step)
    enough_officers(officers, today=today, policy=policy)
    told = {"note": note, "officers": list(officers), "evidence": list(evidence)}
    if rectified:
        ended = replace(item, state=to, ended_on=today, next_change_on=None, recheck_by=None)
        act = _act("find_rectified", "find", f"复查合格: {note}", item, **told)
        return _taken(order, ended, act, today=today)
    again = None if to is ItemState.OVERDUE else looked_at_on(_due(item))
    returned = replace(item, state=to, recheck_by=None, next_change_on=again)
    act = _act("find_unrectified", "find", f"复查不合格,退回整改: {note}", item, **told)
    return _taken(order, returned, act, today=today)


def withdraw(order: Order, item_id: UUID, *, because: str, today: date) -> Taken[Order]:
    """经查不成立或者不再需要的项目,撤回并说明理由."""
    item = _item(order, item_id)
    to = after(item, ItemStep.WITHDRAW)
    gone = replace(item, state=to, ended_on=today, next_change_on=None, recheck_by=None)
    act = _act("withdraw", "withdraw", f"撤回: {because}", item, because=because)
    return _taken(order, gone, act, today=today)


def set_again(
    order: Order, item_id: UUID, *, days: int | None, today: date, policy: Policy
) -> Taken[Order]:
    """逾期未整改的,可以再次责令限期整改一次;再次逾期的视为拒绝整改."""
    item = _item(order, item_id)
    to = after(item, ItemStep.SET_AGAIN)
    if item.term_number > 1:
        raise NotAllowed(
            "set_again_already", "已经再次责令整改过,仍逾期的视为拒绝整改。", "请在案件中处理。"
        )
    last = term_of(replace(item, term_days=days), order.origin, today=today, policy=policy)
    second = item.term_number + 1
    again = _running(replace(item, state=to, term_number=second, recheck_by=None), last)
    act = _act("set_again", "set_again", f"再次责令整改,期限至{last.day}届满", item)
    return _taken(order, again, act, today=today)


def _item(order: Order, item_id: UUID) -> Item:
    if order.state is not OrderState.ISSUED:
        raise NotAllowed(
            "order_not_open", "这份通知书不在整改中。", "只有已下达、未办结的通知书可以办理。"
        )
    found = [item for item in order.items if item.item_id == item_id]
    if not found:
        raise NotAllowed("no_such_item", "这份通知书没有这一项。", "请核对整改项目的编号。")
    return found[0]


def _due(item: Item) -> date:
    if item.due_on is None:
        raise ValueError(f"item {item.item_id} of an issued order has no last day")
    return item.due_on


def _longer(due_on: date, until: date, *, today: date, policy: Policy) -> LastDay:
    most = due_on + timedelta(days=policy.number("extension_most_days", on=today))
    if not due_on < until <= most:
        raise NotAllowed(
            "extension_out_of_limits",
            f"延长后的期限为{until},不在{due_on}之后、{most}之前。",
            f"请定在{most}以前(含当日)。",
        )
    return falls_on(until)


def _running(item: Item, last: LastDay) -> Item:
    return replace(
        item,
        due_on=last.day,
        provisional=last.provisional,
        next_change_on=looked_at_on(last.day),
    )


def _act(what: str, rule: str, words: str, item: Item, **particulars: Any) -> Act:
    said = f"{item.description}: {words}"
    return Act(what=what, rule=rule, words=said, item_id=item.item_id, particulars=particulars)


def _taken(order: Order, changed: Item, act: Act, *, today: date) -> Taken[Order]:
    items = tuple(changed if item.item_id == changed.item_id else item for item in order.items)
    return closed_if_done(Taken(replace(order, items=items), (act,)), today=today)
