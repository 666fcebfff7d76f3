"""检查人员和检查频次 — who may inspect, and how often an enterprise may be visited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.chassis.policy import Policy
from services.events.inspection import VisitPurpose
from services.inspection.model.visits import Officer
from services.inspection.rules.months import months_earlier
from services.inspection.rules.refusal import NotAllowed

# 证后监管和日常监督检查属于计划内的检查; 复查、线索核查和专项检查不受次数限制.
PLANNED = frozenset({VisitPurpose.ROUTINE, VisitPurpose.LICENCE})


@dataclass(frozen=True)
class Earlier:
    """A visit that is planned or was made, and at which objects."""

    purpose: VisitPurpose
    on: date
    object_ids: frozenset[UUID]


def enough(officers: Sequence[Officer], *, on: date, policy: Policy) -> None:
    """现场检查人员不得少于两人, 均须有执法证件; 同一人不能算两人. Raises NotAllowed."""
    needed = policy.number("officers_per_visit", on=on)
    people = {officer.account for officer in officers if officer.certificate.strip()}
    if len(people) < needed:
        raise NotAllowed(
            "too_few_officers",
            f"现场检查应由不少于{needed}名持有执法证件的人员进行, 现有{len(people)}名。",
            "请补足检查人员并填写各自的执法证号。",
        )


def within_cap(
    purpose: VisitPurpose, earlier: Iterable[Earlier], *, on: date, policy: Policy
) -> None:
    """同一企业一年内计划内的检查不超过规定次数. Raises NotAllowed."""
    if purpose not in PLANNED:
        return
    most = policy.number("planned_visits_a_year", on=on)
    this_year = [e for e in earlier if e.purpose in PLANNED and e.on.year == on.year]
    if len(this_year) >= most:
        raise NotAllowed(
            "visits_this_year_used_up",
            f"该企业{on.year}年计划内的检查已有{len(this_year)}次, 每年不超过{most}次。",
            "可以并入已计划的检查; 整改复查、线索核查和专项检查不受此限。",
        )


def not_twice(
    purpose: VisitPurpose,
    object_ids: Iterable[UUID],
    earlier: Iterable[Earlier],
    *,
    on: date,
    policy: Policy,
) -> frozenset[UUID]:
    """同一设备一年内已受证后监管检查的, 日常监督检查不再重复检查; 反之亦然 (总局令第57号第十七条).

    Returns the objects that are left out.
    """
    if purpose not in PLANNED:
        return frozenset()
    since = months_earlier(on, policy.number("no_second_check_months", on=on))
    checked = {
        object_id
        for each in earlier
        if each.purpose in PLANNED and each.purpose is not purpose and each.on > since
        for object_id in each.object_ids
    }
    return frozenset(object_ids) & checked
