"""由红色预警拟制 — what an order says about a red warning."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from services.chassis.policy import Policy
from services.inspection.model import Red
from services.inspection.model.orders import Item
from services.inspection.rules.offences import matter
from services.inspection.rules.words import DUTIES


def item_of(red: Red, *, policy: Policy, on: date) -> Item:
    """责令就一个红色事项停止违法行为、限期改正; 依据为违法事项目录中的条文.

    Raises NotAllowed if the bureau's list of matters lacks the one for this kind of object.
    """
    code = {row["kind"]: row["matter"] for row in policy.table("overdue_matters", on=on)}
    found = matter(code[red.kind], policy, on=on)
    duty = DUTIES[red.duty]
    return Item(
        item_id=uuid4(),
        matter=found.code,
        description=f"{red.label}的{duty}应于{red.was_due_on}前完成,到期未完成",
        basis=found.basis,
        requirement=f"立即停止使用或从业,依法办理{duty},并提交合格记录",
        object_id=red.object_id,
    )
