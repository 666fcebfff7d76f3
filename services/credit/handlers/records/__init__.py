"""What is done with records and the requests about them: load, decide, save, announce."""

from services.credit.handlers.records.expiring import end_corrected
from services.credit.handlers.records.grading import grade_due
from services.credit.handlers.records.hearing import note_cases, note_orders, note_refusals
from services.credit.handlers.records.sweeping import recount_requests, take_due_records

__all__ = [
    "end_corrected",
    "grade_due",
    "note_cases",
    "note_orders",
    "note_refusals",
    "recount_requests",
    "take_due_records",
]
