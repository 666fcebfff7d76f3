"""A visit is planned, or called off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.chassis import aliases, outbox
from services.events.inspection import VisitPurpose
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.handlers.visits.finding import open_visit
from services.inspection.model.visits import Officer, Visit, VisitState
from services.inspection.rules.months import months_earlier
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.visits import content, officers as officer_rules
from services.inspection.store import enterprises, visits

_A_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is planned. Without objects the visit looks at the enterprise itself."""

    enterprise_id: UUID
    purpose: VisitPurpose
    planned_on: date
    officers: Sequence[Officer]
    object_ids: Sequence[UUID]
    why: dict[str, Any] = field(default_factory=dict)


def plan(session: Session, acting: Acting, planned: Plan) -> Visit:
    """Plan a visit of two officers, within the yearly cap. Raises Unknown, NotAllowed."""
    division, name = _enterprise(session, acting, planned)
    on, policy = planned.planned_on, acting.policy
    officer_rules.enough(planned.officers, on=on, policy=policy)
    if on < acting.today:
        raise NotAllowed(
            "planned_in_the_past",
            f"计划日期 {on} 早于今天。",
            "请改为今天或以后的日期; 已经进行的检查按今天计划并补录。",
        )
    one = aliases.together(session, planned.enterprise_id)
    earlier = visits.earlier(session, one, since=months_earlier(date(on.year, 1, 1), _A_YEAR))
    officer_rules.within_cap(planned.purpose, earlier, on=on, policy=policy)
    left_out = officer_rules.not_twice(
        planned.purpose, planned.object_ids, earlier, on=on, policy=policy
    )
    visit = Visit(
        visit_id=uuid4(),
        revision=outbox.revision_after(None),
        enterprise_id=planned.enterprise_id,
        enterprise_name=name,
        division=division,
        purpose=planned.purpose,
        state=VisitState.PLANNED,
        planned_on=on,
        officers=tuple(planned.officers),
        object_ids=tuple(each for each in planned.object_ids if each not in left_out),
        why={**planned.why, "left_out": sorted(str(each) for each in left_out)},
        saves=0,
        content=content.EMPTY,
        corrects=None,
        concluded_on=None,
        outcome=None,
        planned_by=acting.by or "",
    )
    visits.add(session, visit)
    return visit


def cancel(session: Session, acting: Acting, visit_id: UUID, *, reason: str) -> Visit:
    """Call a visit off; what was saved of it stays. Raises Unknown, NotAllowed."""
    visit = open_visit(session, acting, visit_id)
    cancelled = replace(
        visit,
        state=VisitState.CANCELLED,
        revision=outbox.revision_after(visit.revision),
    )
    visits.write(session, cancelled)
    visits.mark_cancelled(session, visit_id, f"{acting.by}: {reason}")
    return cancelled


def _enterprise(session: Session, acting: Acting, planned: Plan) -> tuple[str, str]:
    """Division and name. Every object is one of the enterprise's."""
    one = aliases.together(session, planned.enterprise_id)
    objects = visits.of_enterprises(session, one)
    known = enterprises.find(session, planned.enterprise_id)
    division = known.division if known else min(objects.values(), default=None)
    if division is None or not acting.scope.covers(division):
        raise Unknown("no_such_enterprise", f"没有编号为 {planned.enterprise_id} 的企业")
    foreign = [each for each in planned.object_ids if each not in objects]
    if foreign:
        raise NotAllowed(
            "object_of_another_enterprise",
            f"对象 {foreign[0]} 不属于该企业。",
            "请只选择该企业名下的对象; 已过户的, 请在新的使用单位名下计划。",
        )
    return division, known.name if known else ""
