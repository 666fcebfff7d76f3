"""The credit database: rows in, model objects out."""

from services.credit.store.entries import (
    Change,
    count_due,
    due,
    of_warnings,
    provisional,
    save,
)
from services.credit.store.facts import known, locked, note_cleared, note_enterprises, note_reds
from services.credit.store.reading import (
    Enterprise,
    Escalation,
    Listed,
    LoggedStep,
    count_enterprises,
    counts,
    enterprise,
    escalations,
    find,
    of_enterprise,
    page,
    steps,
)
from services.credit.store.tables import Table

__all__ = [
    "Change",
    "Enterprise",
    "Escalation",
    "Listed",
    "LoggedStep",
    "Table",
    "count_due",
    "count_enterprises",
    "counts",
    "due",
    "enterprise",
    "escalations",
    "find",
    "known",
    "locked",
    "note_cleared",
    "note_enterprises",
    "note_reds",
    "of_enterprise",
    "of_warnings",
    "page",
    "provisional",
    "save",
    "steps",
]
