"""The tables of the inspection database, by subject; one that is not named here is not made."""

from services.inspection.store.tables.base import Shade, Table
from services.inspection.store.tables.bookings import BookingRow
from services.inspection.store.tables.cases import CaseRow
from services.inspection.store.tables.complaints import ComplaintRow
from services.inspection.store.tables.documents import DocumentRow
from services.inspection.store.tables.duties import (
    AppliedRuleRow,
    AttestationRow,
    DigestRow,
    DutyRow,
    EvaluationRow,
    ReminderRow,
    StandingRow,
    StopRow,
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
from services.inspection.store.tables.reminding import HandReminderRow, ReminderBatchRow
from services.inspection.store.tables.tallies import (
    TallyChangeRow,
    TallyCheckRow,
    TallyRow,
)
from services.inspection.store.tables.visits import (
    AcceptedRecordRow,
    ConfirmedStatusRow,
    VisitEvidenceRow,
    VisitProblemRow,
    VisitRow,
    VisitSaveRow,
    VisitSignatureRow,
)

__all__ = [
    "AcceptedRecordRow",
    "ActRow",
    "AppliedRuleRow",
    "AttestationRow",
    "BookingRow",
    "CaseRow",
    "ComplaintRow",
    "ConfirmedStatusRow",
    "DigestRow",
    "DocumentRow",
    "DutyRow",
    "EnterpriseRow",
    "EvaluationRow",
    "HandReminderRow",
    "NumberSeriesRow",
    "OrderItemRow",
    "OrderRow",
    "RefusalRow",
    "ReminderBatchRow",
    "ReminderRow",
    "Shade",
    "StandingRow",
    "StopRow",
    "SubjectRow",
    "Table",
    "TallyChangeRow",
    "TallyCheckRow",
    "TallyRow",
    "UnattestedRow",
    "VisitEvidenceRow",
    "VisitProblemRow",
    "VisitRow",
    "VisitSaveRow",
    "VisitSignatureRow",
    "WarningRow",
]
