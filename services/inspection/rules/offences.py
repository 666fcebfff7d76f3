"""首次违法 — whether a violation is the first of its class, and how it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.chassis.policy import Policy
from services.inspection.model.orders import Earlier
from services.inspection.model.procedure import Matter
from services.inspection.rules.months import months_earlier
from services.inspection.rules.refusal import NotAllowed


class Answer(StrEnum):
    """对违法行为的处理方式."""

    GUIDE = "guide"  # 指导并责令整改
    ORDER = "order"  # 责令整改
    FILE = "file"  # 责令整改并移交立案核查


@dataclass(frozen=True)
class Answered:
    """How one violation is answered, and why, in Chinese."""

    matter: Matter
    answer: Answer
    first: bool
    because: str


def matters(policy: Policy, *, on: date) -> dict[str, Matter]:
    """The kinds of violation in force on a day, by code."""
    rows = policy.table("violation_matters", on=on)
    return {row["code"]: Matter(**row) for row in rows}


def matter(code: str, policy: Policy, *, on: date) -> Matter:
    """One of them. Raises NotAllowed."""
    known = matters(policy, on=on)
    if code not in known:
        raise NotAllowed(
            "matter_unknown",
            f"没有代码为 {code} 的违法事项。",
            f"可以使用: {'、'.join(known)};本局可在 violation_matters 中增加。",
        )
    return known[code]


def counts_as_earlier(earlier: Earlier, *, today: date, policy: Policy) -> bool:
    """同一当事人两年内有同类违法的,不属于首次违法; 参照《行政处罚法》第三十六条."""
    months = policy.number("first_offence_months", on=today)
    return months_earlier(today, months) <= earlier.on < today


def same_class(
    found: Matter, earlier: Iterable[Earlier], *, today: date, policy: Policy
) -> list[Earlier]:
    """The earlier violations of the same class that count, the newest first."""
    counting = [
        each
        for each in earlier
        if each.group == found.group and counts_as_earlier(each, today=today, policy=policy)
    ]
    return sorted(counting, key=lambda each: each.on, reverse=True)


def answer(
    found: Matter, earlier: Sequence[Earlier], *, today: date, policy: Policy
) -> Answered:
    """首次违法的,下达责令整改通知书;首次且性质轻微、未危害健康和财产安全的,以指导为主;
    危害健康和安全的,或者不是首次的,责令整改的同时移交立案核查.
    """
    before = same_class(found, earlier, today=today, policy=policy)
    if found.grave:
        because = f"{found.label}危害健康和安全,应当立案查处"
        return Answered(found, Answer.FILE, not before, because)
    if before:
        because = f"{before[0].on}已有同类违法({before[0].what}),不属于首次"
        return Answered(found, Answer.FILE, first=False, because=because)
    if found.minor:
        because = f"首次违法,{found.label}性质轻微,以指导和责令整改为主"
        return Answered(found, Answer.GUIDE, first=True, because=because)
    return Answered(found, Answer.ORDER, first=True, because="首次违法,责令整改")
