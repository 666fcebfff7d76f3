"""Red warnings, and how every object stood on a day."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from services.events.contract import Audience, Event
from services.events.registry import DutyKind, ObjectKind


class ClearedBy(StrEnum):
    """What closes a red warning; a promise or a booking does not."""

    DONE = "done"  # 已检验合格, 日期晚于到期日
    OUT_OF_SERVICE = "out_of_service"  # 已停用、报废、移装或注销
    CORRECTED_DATA = "corrected_data"  # 原数据有误, 已更正


class WarningTurnedRed(Event, announced_by="inspection", version=1):
    """到期未检,预警转红. Said once for each due date of a duty that passes undone."""

    warning_id: UUID
    revision: Annotated[int, "grows with every change of this warning; the highest holds"]
    enterprise_id: UUID
    division: Annotated[str, "行政区划代码, six digits, e.g. 610303"]
    object_id: UUID
    object_kind: ObjectKind
    object_label: str
    duty: DutyKind
    was_due_on: date
    turned_red_on: date
    endangers_safety: Annotated[bool, "对象本身可危及人身安全 (特种设备等)"]


class WarningCleared(Event, announced_by="inspection", version=1):
    """红色预警已消除. It may arrive before the warning that it clears."""

    warning_id: UUID
    revision: int
    enterprise_id: UUID
    division: str
    cleared_on: date
    cleared_by: ClearedBy


class DayAttested(Event, announced_by="inspection", version=1, audience=Audience.AGENCIES):
    """每日研判存证: how every object stood on one day, and under which rules."""

    on: date
    objects: int
    evaluated: Annotated[int, "fewer than objects: the day is not complete, an alarm"]
    green: int
    yellow: int
    red: int
    grey: int
    rule_version: str
    hash: Annotated[str, "SHA-256 over this line and the one of the day before"]
