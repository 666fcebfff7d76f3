"""What inspection reminds of: rungs of the ladder that are reached, what is long overdue."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.events.contract import Event
from services.events.registry import DutyKind, ObjectKind


class DutyReminderDue(Event, announced_by="inspection", version=1):
    """到期提醒. Said once for each rung of each due date of a duty; a renewal arms it anew.

    *duty_id*, *due_on* and *rung* together say which reminder it is: one that comes again after
    a restore is the same reminder. Of several rungs missed at once only the last is said.
    """

    duty_id: UUID
    revision: int
    enterprise_id: UUID
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    object_id: UUID
    object_kind: ObjectKind
    class_code: Annotated[str, "设备目录代码、检定规程号或证照类别"]
    object_label: Annotated[str | None, "how people call it; null where it is a person's name"]
    duty: DutyKind
    due_on: date
    rung: Annotated[int, "90, 30, 7, 0 days before the due date; below zero: days overdue"]
    told_on: Annotated[date, "the day that it was said for"]
    apply_by_on: Annotated[date | None, "最迟申请日; null: none is fixed"]


class OverdueDigestDue(Event, announced_by="inspection", version=1):
    """长期逾期汇总: all that one enterprise is overdue with beyond the last rung, in one.

    Said again only after some weeks (overdue_digest_days), never daily.
    """

    enterprise_id: UUID
    revision: int
    division: str
    told_on: date
    duties: Annotated[int, "how many duties are long overdue"]
    objects: Annotated[int, "of how many objects"]
    oldest_due_on: date


class DutyRemindedByHand(Event, announced_by="inspection", version=1):
    """人工提醒: somebody of the bureau has the enterprise reminded of a duty, beside the ladder.

    *duty_id*, *due_on* and *told_on* together say which reminder it is: one a day at most.
    """

    duty_id: UUID
    revision: int
    enterprise_id: UUID
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    object_id: UUID
    object_kind: ObjectKind
    class_code: Annotated[str, "设备目录代码、检定规程号或证照类别"]
    object_label: Annotated[str | None, "how people call it; null where it is a person's name"]
    duty: DutyKind
    due_on: date
    days_left: Annotated[
        int, "until the due date, on the day of the reminder; below zero: overdue"
    ]
    told_on: date
    apply_by_on: Annotated[date | None, "最迟申请日; null: none is fixed"]
