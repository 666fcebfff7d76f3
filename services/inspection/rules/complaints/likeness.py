"""重复投诉举报的识别 — which earlier ones are probably about the same thing; a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from services.chassis.policy import Policy
from services.inspection.model.complaints import Complaint
from services.inspection.rules.months import days_earlier

_WHOLE = 100


@dataclass(frozen=True, kw_only=True)
class Alike:
    """An earlier one, how like its words are, and whether the same telephone was left."""

    complaint: Complaint
    percent: int
    same_person: bool


def looked_back_to(complaint: Complaint, *, policy: Policy) -> date:
    """重复投诉举报只在收到前的若干日内查找."""
    days = policy.number("complaint_alike_days", on=complaint.received_on)
    return days_earlier(complaint.received_on, days)


def alike(
    complaint: Complaint,
    person: str | None,
    earlier: Iterable[tuple[Complaint, str | None]],
    *,
    policy: Policy,
) -> list[Alike]:
    """同一单位或者同一设备,内容相近或者留下同一电话的较早投诉举报,提示经办人核对是否重复.

    *person*, and beside each earlier one: the keyed hash of the telephone that was left.
    """
    least = policy.number("complaint_alike_percent", on=complaint.received_on)
    found = [
        Alike(
            complaint=other,
            percent=likeness(complaint.words, other.words),
            same_person=person is not None and person == its_person,
        )
        for other, its_person in earlier
        if same_target(complaint, other, least=least)
    ]
    near = [each for each in found if each.same_person or each.percent >= least]
    return sorted(near, key=lambda each: (-each.percent, each.complaint.number))


def same_target(one: Complaint, other: Complaint, *, least: int) -> bool:
    """对象相同、单位相同,或者其中一件尚未确认单位而名称相近的,为同一对象."""
    if one.object_id and one.object_id == other.object_id:
        return True
    if one.enterprise_id and other.enterprise_id:
        return one.enterprise_id == other.enterprise_id
    return likeness(one.target, other.target) >= least


def likeness(one: str, other: str) -> int:
    """两段文字共有的相邻字对所占的百分比,标点、空白和全半角不计."""
    mine, its = _pairs(one), _pairs(other)
    both = len(mine) + len(its)
    return len(mine & its) * 2 * _WHOLE // both if both else 0


def _pairs(text: str) -> set[str]:
    plain = "".join(c for c in normalize("NFKC", text).casefold() if c.isalnum())
    return {plain[n : n + 2] for n in range(len(plain) - 1)} or ({plain} if plain else set())
