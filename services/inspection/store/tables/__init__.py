"""The tables of the inspection database, by subject; one that is not named here is not made."""

from services.inspection.store.tables.base import Shade, Table
from services.inspection.store.tables.duties import (
    AppliedRuleRow,
    AttestationRow,
    DigestRow,
    DutyRow,
    EvaluationRow,
    ReminderRow,
    StandingRow,
    SubjectRow,
    UnattestedRow,
    WarningRow,
)

__all__ = [
    "AppliedRuleRow",
    "AttestationRow",
    "DigestRow",
    "DutyRow",
    "EvaluationRow",
    "ReminderRow",
    "Shade",
    "StandingRow",
    "SubjectRow",
    "Table",
    "UnattestedRow",
    "WarningRow",
]
