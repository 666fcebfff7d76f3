"""整改项目的步骤 — what can happen to an item; what is not in the table is refused in words."""

from __future__ import annotations

from services.inspection.model.orders import Item, ItemState, ItemStep
from services.inspection.rules.refusal import NotAllowed

AFTER = {
    (ItemState.OPEN, ItemStep.HAND_IN): ItemState.HANDED_IN,
    (ItemState.OPEN, ItemStep.FIND_RECTIFIED): ItemState.RECTIFIED,
    (ItemState.OPEN, ItemStep.FIND_UNRECTIFIED): ItemState.OPEN,
    (ItemState.OPEN, ItemStep.EXTEND): ItemState.OPEN,
    (ItemState.OPEN, ItemStep.PASS): ItemState.OVERDUE,
    (ItemState.OPEN, ItemStep.WITHDRAW): ItemState.WITHDRAWN,
    (ItemState.HANDED_IN, ItemStep.HAND_IN): ItemState.HANDED_IN,
    (ItemState.HANDED_IN, ItemStep.FIND_RECTIFIED): ItemState.RECTIFIED,
    (ItemState.HANDED_IN, ItemStep.FIND_UNRECTIFIED): ItemState.OPEN,  # 退回, 期限照旧
    (ItemState.HANDED_IN, ItemStep.WITHDRAW): ItemState.WITHDRAWN,
    (ItemState.OVERDUE, ItemStep.HAND_IN): ItemState.OVERDUE,  # 收下, 仍为逾期
    (ItemState.OVERDUE, ItemStep.FIND_RECTIFIED): ItemState.RECTIFIED,
    (ItemState.OVERDUE, ItemStep.FIND_UNRECTIFIED): ItemState.OVERDUE,
    (ItemState.OVERDUE, ItemStep.SET_AGAIN): ItemState.OPEN,
    (ItemState.OVERDUE, ItemStep.WITHDRAW): ItemState.WITHDRAWN,
}

STATES = {
    ItemState.OPEN: "待整改",
    ItemState.HANDED_IN: "已提交材料、待复查",
    ItemState.OVERDUE: "逾期未整改",
    ItemState.RECTIFIED: "已整改",
    ItemState.WITHDRAWN: "已撤回",
}

STEPS = {
    ItemStep.HAND_IN: "提交整改材料",
    ItemStep.FIND_RECTIFIED: "复查合格",
    ItemStep.FIND_UNRECTIFIED: "复查不合格",
    ItemStep.EXTEND: "延长期限",
    ItemStep.PASS: "期限届满",
    ItemStep.SET_AGAIN: "再次责令限期整改",
    ItemStep.WITHDRAW: "撤回",
}


def after(item: Item, step: ItemStep) -> ItemState:
    """整改项目的每一步只能按规定的程序进行. Raises NotAllowed."""
    to = AFTER.get((item.state, step))
    if to is None:
        possible = [STEPS[s] for at, s in AFTER if at is item.state and s is not ItemStep.PASS]
        raise NotAllowed(
            "step_not_possible",
            f"整改项目{STATES[item.state]}, 不能{STEPS[step]}。",
            f"现在可以: {'、'.join(possible)}。" if possible else "该项目已经了结。",
        )
    return to
