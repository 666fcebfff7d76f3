"""What credit publishing does when something happens: load, decide, save, announce."""

from services.credit.handlers.deciding import Unknown, publish, withdraw
from services.credit.handlers.explaining import explain
from services.credit.handlers.hearing import (
    note_cleared_warnings,
    note_enterprises,
    note_red_warnings,
)
from services.credit.handlers.sweeping import recount_provisional_terms, take_due_steps

__all__ = [
    "Unknown",
    "explain",
    "note_cleared_warnings",
    "note_enterprises",
    "note_red_warnings",
    "publish",
    "recount_provisional_terms",
    "take_due_steps",
    "withdraw",
]
