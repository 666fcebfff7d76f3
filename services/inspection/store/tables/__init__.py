"""The tables of the inspection database, by subject; one that is not named here is not made."""

from services.inspection.store.tables.base import Shade, Table
from services.inspection.store.tables.cases import CaseRow
from services.inspection.store.tables.documents import DocumentRow
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
from services.inspection.store.tables.orders import (
    ActRow,
    EnterpriseRow,
    NumberSeriesRow,
    OrderItemRow,
    OrderRow,
    RefusalRow,
)

__all__ = [
    "ActRow",
    "AppliedRuleRow",
    "AttestationRow",
    "CaseRow",
    "DigestRow",
    "DocumentRow",
    "DutyRow",
    "EnterpriseRow",
    "EvaluationRow",
    "NumberSeriesRow",
    "OrderItemRow",
    "OrderRow",
    "RefusalRow",
    "ReminderRow",
    "Shade",
    "StandingRow",
    "SubjectRow",
    "Table",
    "UnattestedRow",
    "WarningRow",
]
