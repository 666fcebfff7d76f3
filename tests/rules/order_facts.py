"""Orders of one item for the case books, and the steps that a book tells in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from services.chassis.policy import Policy
from services.events.inspection import OrderOrigin
from services.inspection.model.orders import Item, Order
from services.inspection.model.procedure import Taken
from services.inspection.rules.orders import days, issuing, items

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
POLICY = Policy.read(ROOT / "services" / "inspection" / "policy.yaml")
SPACE = UUID("6f2a1e0c-8d8a-4a53-9a5e-61030000beef")
FIRST = uuid5(SPACE, "item 1")
TWO = ("officer-1", "officer-2")

Step = Callable[[Order, date, list[str]], Taken[Order]]


def book(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))["案例"]


def yes(word: str) -> bool:
    return {"是": True, "否": False}[word]


def an_item(number: int = 1, **changes: Any) -> Item:
    facts: dict[str, Any] = {
        "item_id": uuid5(SPACE, f"item {number}"),
        "matter": "label_defect",
        "description": f"问题{number}",
        "basis": "《产品质量法》第五十四条",
        "requirement": "改正",
    }
    return Item(**facts | changes)


def a_draft(*items: Item, on: date, **changes: Any) -> Order:
    facts: dict[str, Any] = {
        "order_id": uuid5(SPACE, "order"),
        "enterprise_id": uuid5(SPACE, "enterprise"),
        "division": "610303",
        "bureau": "610300",
        "origin": OrderOrigin.VISIT,
        "drafted_on": on,
        "items": items or (an_item(),),
    }
    return Order(**facts | changes)


def issued(draft: Order, *, on: date) -> Order:
    return issuing.issue(
        draft,
        number="（宝）市监责改〔2026〕1号",
        officers=TWO,
        earlier=(),
        today=on,
        policy=POLICY,
    ).after


def found(order: Order, on: date, *, rectified: bool) -> Taken[Order]:
    return items.find(
        order,
        FIRST,
        rectified=rectified,
        note="现场查看",
        officers=TWO,
        evidence=(),
        today=on,
        policy=POLICY,
    )


STEPS: dict[str, Step] = {
    "过日": lambda order, on, _: days.pass_terms(order, today=on),
    "提交材料": lambda order, on, _: items.hand_in(
        order, FIRST, evidence=(), note="已经改正", today=on, policy=POLICY
    ),
    "复查合格": lambda order, on, _: found(order, on, rectified=True),
    "复查不合格": lambda order, on, _: found(order, on, rectified=False),
    "延长至": lambda order, on, rest: items.extend(
        order,
        FIRST,
        until=date.fromisoformat(rest[0]),
        because="设备定制需要时间",
        today=on,
        policy=POLICY,
    ),
    "撤回": lambda order, on, _: items.withdraw(order, FIRST, because="经查不成立", today=on),
    "再次责令": lambda order, on, _: items.set_again(
        order, FIRST, days=None, today=on, policy=POLICY
    ),
}


def told(order: Order, steps: str) -> Order:
    """`2026-03-10 提交材料; 2026-03-12 复查合格`, one after the other."""
    for step in filter(None, (part.strip() for part in steps.split(";"))):
        day, what, *rest = step.split()
        order = STEPS[what](order, date.fromisoformat(day), rest).after
    return order
