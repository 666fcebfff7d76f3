"""Which visits are due: the enterprises with the highest risk, and the fewest visits to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.chassis import aliases, workdays
from services.chassis.scope import Scope
from services.events.inspection import VisitPurpose
from services.inspection.handlers.acting import Acting, Unknown
from services.inspection.rules.months import days_later, months_earlier
from services.inspection.rules.visits import bundling as rules, officers
from services.inspection.rules.visits.bundling import Bundle, Window
from services.inspection.rules.words import DUTIES
from services.inspection.store import due_at, visits
from services.inspection.store.due_at import DueAt

_A_YEAR = 12


def plan(
    session: Session, acting: Acting, enterprise_ids: Sequence[UUID], *, until: date | None
) -> dict[str, Any]:
    """The fewest visits to one enterprise, or to a group of them as one. Raises Unknown.

    Enterprises that were found to be one are one.

    Visits saved are those that going once for each duty would have cost.
    """
    today, policy = acting.today, acting.policy
    enterprise_ids = sorted(aliases.all_with(session, enterprise_ids), key=str)
    horizon = until or days_later(today, policy.number("bundle_horizon_days", on=today))
    duties = due_at.of_enterprises(session, enterprise_ids, acting.scope, until=horizon)
    if not duties and not due_at.is_known(session, enterprise_ids, acting.scope):
        raise Unknown("no_such_enterprise", f"没有编号为 {enterprise_ids[0]} 的企业")
    earlier = visits.earlier(
        session, enterprise_ids, since=months_earlier(date(today.year, 1, 1), _A_YEAR)
    )
    left_out = officers.not_twice(
        VisitPurpose.ROUTINE,
        {each.object_id for each in duties},
        earlier,
        on=today,
        policy=policy,
    )
    windows = _windows([each for each in duties if each.object_id not in left_out], acting)
    bundles = rules.bundled(windows, works=workdays.is_working_day)
    made = [e for e in earlier if e.purpose in officers.PLANNED and e.on.year == today.year]
    return {
        "enterprise_ids": list(enterprise_ids),
        "until": horizon,
        "duties": len(windows),
        "visits": [_told(bundle) for bundle in bundles],
        "visits_one_by_one": len(windows),
        "visits_saved": rules.saved(bundles),
        "visits_made_this_year": len(made),
        "visits_allowed_this_year": policy.number("planned_visits_a_year", on=today),
        "left_out": sorted(left_out, key=str),
        "sentences": _sentences(bundles, len(left_out), acting),
    }


def worklist(
    session: Session,
    acting: Acting,
    scopes: Sequence[Scope],
    *,
    until: date | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Enterprises by risk: points for what is red, yellow, and what endangers safety."""
    today = acting.today
    horizon = until or days_later(today, acting.policy.number("bundle_horizon_days", on=today))
    rows = acting.policy.table("visit_risk_points", on=today)
    points = {row["what"]: int(row["points"]) for row in rows}
    return due_at.by_risk(session, scopes, points, until=horizon, limit=limit)


def _windows(duties: Sequence[DueAt], acting: Acting) -> list[Window]:
    reach = rules.reach(acting.policy, on=acting.today)
    found = []
    for each in duties:
        opens, closes = rules.span(each.due_on, reach, today=acting.today)
        found.append(Window(**each._asdict(), opens_on=opens, closes_on=closes))
    return found


def _told(bundle: Bundle) -> dict[str, Any]:
    first = min(bundle.windows, key=lambda window: window.due_on)
    return {
        "on": bundle.on,
        "can_be_from": bundle.opens_on,
        "can_be_until": bundle.closes_on,
        "objects": len({window.object_id for window in bundle.windows}),
        "duties": [vars(window) for window in bundle.windows],
        "why": (
            f"{bundle.on}一次检查{len(bundle.windows)}项: 各项时间窗都包含"
            f"{bundle.opens_on}至{bundle.closes_on}; 最早到期的是{first.label}的"
            f"{DUTIES[first.duty]} ({first.due_on})。"
        ),
    }


def _sentences(bundles: Sequence[Bundle], left_out: int, acting: Acting) -> list[str]:
    reach = rules.reach(acting.policy, on=acting.today)
    duties = sum(len(bundle.windows) for bundle in bundles)
    told = [
        f"逐项各去一次为{duties}次, 打包后{len(bundles)}次, 节省{rules.saved(bundles)}次。",
        f"时间窗为到期日前{reach.before}天至后{reach.after}天 (已逾期的自今天起), 次数最少。",
    ]
    if left_out:
        told.append(f"{left_out}个对象一年内已受证后监管检查, 不再重复检查。")
    return told
