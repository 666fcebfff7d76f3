"""What warnings tell when taken together: where, what, again, in clusters, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.inspection.rules.months import days_later, months_earlier
from services.inspection.store import analysis

_WEEK = 7
_LISTED = 200


def warnings(
    session: Session,
    scopes: Sequence[Scope],
    *,
    by: str,
    since: date | None,
    until: date | None,
    limit: int,
) -> dict[str, Any]:
    """Warnings by division, industry, kind, duty, class, enterprise or month."""
    found = analysis.warnings(session, scopes, by=by, since=since, until=until, limit=limit)
    return {"by": by, "from": since, "to": until, "items": found}


def patterns(
    session: Session, scopes: Sequence[Scope], *, today: date, policy: Policy
) -> dict[str, Any]:
    """Duties late again and again; enterprises and industries where red gathers."""
    months = policy.number("repeat_months", on=today)
    least = policy.number("repeat_times", on=today)
    cluster = policy.number("cluster_duties", on=today)
    many = policy.number("cluster_enterprises", on=today)
    since = months_earlier(today, months)
    return {
        "repeated": analysis.repeated(session, scopes, since=since, least=least, limit=_LISTED),
        "clustered": analysis.clustered(session, scopes, least=cluster, limit=_LISTED),
        "industries": analysis.standing_by_industry(session, scopes, least=many, limit=_LISTED),
        "sentences": [
            f"{since}以来同一义务{least}次以上到期未完成的, 列为反复逾期。",
            f"同一企业同类义务现有{cluster}项以上为红色的, 列为集中逾期。",
            f"同一行业大类现有{many}家以上企业有红色预警的, 列为行业性问题。",
        ],
    }


def forecast(
    session: Session, scopes: Sequence[Scope], *, today: date, weeks: int
) -> dict[str, Any]:
    """What falls due week by week, Monday to Sunday; this week from today on."""
    monday = today - timedelta(days=today.weekday())
    until = days_later(monday, weeks * _WEEK - 1)
    found: dict[date, dict[str, int]] = {
        days_later(monday, number * _WEEK): {} for number in range(weeks)
    }
    for due_on, kind, number in analysis.due_by_day(session, scopes, since=today, until=until):
        week = found[due_on - timedelta(days=due_on.weekday())]
        week[kind] = week.get(kind, 0) + number
    return {
        "from": today,
        "to": until,
        "weeks": [
            {"monday": each, "due": sum(kinds.values()), "by_kind": kinds}
            for each, kinds in found.items()
        ],
    }
