"""The tables that only the credit service reads and writes."""

from services.credit.store.tables.bad_information import (
    BadInformationRow,
    CreditStepRow,
    EnterpriseRow,
    EscalationRow,
    WarningFactRow,
)
from services.credit.store.tables.base import Table
from services.credit.store.tables.records import (
    EntryEndedRow,
    EntryReplyRow,
    GradeDueRow,
    GradeRow,
    OriginFactRow,
    OriginRow,
    RecordRow,
    RecordStepRow,
    RequestRow,
)

__all__ = [
    "BadInformationRow",
    "CreditStepRow",
    "EnterpriseRow",
    "EntryEndedRow",
    "EntryReplyRow",
    "EscalationRow",
    "GradeDueRow",
    "GradeRow",
    "OriginFactRow",
    "OriginRow",
    "RecordRow",
    "RecordStepRow",
    "RequestRow",
    "Table",
    "WarningFactRow",
]
