"""检查确认的事实 — what officers confirmed of an object, beside what the registry tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.events.registry import DutyRecord, ObjectRecorded, ObjectStatus


@dataclass(frozen=True)
class Confirmed:
    """Records that officers accepted, and the status they confirmed last, if any."""

    records: tuple[DutyRecord, ...] = ()
    status: ObjectStatus | None = None
    since: date | None = None


def effective(facts: ObjectRecorded, confirmed: Confirmed | None) -> ObjectRecorded:
    """登记和检查两处的合格记录以较新的为准; 登记仍为在用而检查已确认停用等的,以检查确认为准.

    确认停用以后又有新的合格记录的, 视为已恢复使用. An older record that the registry tells later
    changes nothing: of all records of one duty the one done last holds.
    """
    if confirmed is None:
        return facts
    records = (*facts.records, *confirmed.records)
    return replace(facts, records=records, status=_status(facts, records, confirmed))


def _status(
    facts: ObjectRecorded, records: Sequence[DutyRecord], confirmed: Confirmed
) -> ObjectStatus:
    if confirmed.status is None or confirmed.since is None:
        return facts.status
    if confirmed.status is ObjectStatus.IN_USE or facts.status is not ObjectStatus.IN_USE:
        return facts.status
    done_after = any(r.done_on is not None and r.done_on > confirmed.since for r in records)
    return facts.status if done_after else confirmed.status
