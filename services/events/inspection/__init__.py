"""What the inspection service announces."""

from services.events.inspection.bookings import BookingConfirmed, BookingDeclined
from services.events.inspection.cases import (
    CaseClosed,
    CaseDecided,
    CaseEnd,
    CaseFiled,
    CaseOrigin,
    CaseTerm,
    CaseTermNear,
    DecisionChange,
    DecisionChanged,
    PenaltyKind,
    ViolationClass,
)
from services.events.inspection.orders import (
    OrderClosed,
    OrderedItem,
    OrderEnd,
    OrderExtended,
    OrderIssued,
    OrderOrigin,
    OrderOverdue,
    RefusalGround,
    RefusalRecorded,
    RefusalWithdrawn,
)
from services.events.inspection.reds import (
    ClearedBy,
    DayAttested,
    WarningCleared,
    WarningTurnedRed,
)
from services.events.inspection.reminders import (
    DutyRemindedByHand,
    DutyReminderDue,
    OverdueDigestDue,
)
from services.events.inspection.visits import VisitConcluded, VisitOutcome, VisitPurpose

__all__ = [
    "BookingConfirmed",
    "BookingDeclined",
    "CaseClosed",
    "CaseDecided",
    "CaseEnd",
    "CaseFiled",
    "CaseOrigin",
    "CaseTerm",
    "CaseTermNear",
    "ClearedBy",
    "DayAttested",
    "DecisionChange",
    "DecisionChanged",
    "DutyRemindedByHand",
    "DutyReminderDue",
    "OrderClosed",
    "OrderEnd",
    "OrderExtended",
    "OrderIssued",
    "OrderOrigin",
    "OrderOverdue",
    "OrderedItem",
    "OverdueDigestDue",
    "PenaltyKind",
    "RefusalGround",
    "RefusalRecorded",
    "RefusalWithdrawn",
    "ViolationClass",
    "VisitConcluded",
    "VisitOutcome",
    "VisitPurpose",
    "WarningCleared",
    "WarningTurnedRed",
]
