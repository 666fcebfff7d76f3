"""诚信体系信息点: the matters that wait for the bureau, coloured by the days that are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.chassis.policy import Policy
from services.chassis.scope import Scope
from services.credit import store
from services.credit.rules import points


def information_points(
    session: Session, scopes: Sequence[Scope], *, today: date, policy: Policy
) -> dict[str, Any]:
    """The one point that this service answers for, in the shape of all points."""
    setting = points.setting(on=today, policy=policy)
    waiting = {
        "requests": ("待答复的异议、修复等申请", store.request_terms(session, scopes)),
        "publications": ("待公示的行政处罚", store.publication_terms(session, scopes)),
        "corrections": ("改正期限内的不良信息", store.correction_terms(session, scopes)),
    }
    last_days: Counter[date] = Counter()
    for _, days in waiting.values():
        last_days.update(days)
    counts = points.count(last_days, today=today, policy=policy)
    figures = [
        {"name": name, "label": label, "number": sum(days.values())}
        for name, (label, days) in waiting.items()
    ]
    told = {
        "point": setting["point"],
        "label": setting["label"],
        "colour": counts.colour,
        "counts": asdict(counts) | {"grey": 0},
        "setting": {each: setting[each] for each in ("measure", "yellow", "red", "source")},
        "figures": figures,
        "explained": [
            f"{each['label']}: {each['number']}" for each in figures if each["number"]
        ],
    }
    return {"on": today, "points": [told]}
