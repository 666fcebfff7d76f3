"""申请 — what an enterprise or a citizen asks of a record: each has a term for its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.events.credit import RequestKind


class RequestState(StrEnum):
    """申请所处状态."""

    RECEIVED = "received"  # 已收到
    ACCEPTED = "accepted"  # 已采纳
    REJECTED = "rejected"  # 未采纳


class Asker(StrEnum):
    """申请由谁提出."""

    OWNER = "owner"  # 企业本身
    BUREAU = "bureau"  # 信息协调中心代为登记
    PUBLIC = "public"  # 公众


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request about one record, with its terms and its answer."""

    id: UUID
    record_id: UUID
    enterprise_id: UUID
    division: str
    kind: RequestKind
    state: RequestState
    words: str  # what is asked, and why; never public
    field: str | None = None  # of an error report: which field is wrong
    corrected_on: date | None = None  # of a repair: when the violation was put right
    duties_done_on: date | None = None  # when the penalty was performed
    promised_on: date | None = None  # when the public promise was made
    court_ruling: str | None = None  # of a temporary repair: number of the ruling
    received_on: date
    received_by: str
    revision: int = 0
    mark_by: date | None = None  # an objection must be marked by then
    marked_on: date | None = None
    due_on: date
    provisional: bool = False  # that day rests on a year whose holidays are not known
    decided_on: date | None = None
    decided_by: str | None = None
    answer: str | None = None
    overrun: tuple[str, ...] = ()
    next_step_on: date | None = None
