"""普查 — the campaign that visits every object once: plan, results, coverage, gaps."""

from services.registry.rules.census.coverage import Share, percent, shares
from services.registry.rules.census.plan import PlanBroken, planned_anew
from services.registry.rules.census.words import (
    COUNTED,
    SURVEYED_KINDS,
    Finding,
    Outcome,
    PlanLine,
    Visit,
)

__all__ = [
    "COUNTED",
    "SURVEYED_KINDS",
    "Finding",
    "Outcome",
    "PlanBroken",
    "PlanLine",
    "Share",
    "Visit",
    "percent",
    "planned_anew",
    "shares",
]
