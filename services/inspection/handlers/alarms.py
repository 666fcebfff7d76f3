"""What a person must look at: a day without its line, a line that is short, a broken chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from prometheus_client import Gauge
from sqlalchemy.orm import Session

from services.inspection.handlers.attesting import verify
from services.inspection.store import chain

ALARMS = Gauge(
    "bianque_attestation_alarms", "Days without a complete attestation, faults in the chain"
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Alarm:
    """Something that is wrong with the attestations."""

    code: str
    detail: str


def alarms(session: Session, *, today: date) -> list[Alarm]:
    """Whether yesterday has its line and the line is complete; whether the chain holds."""
    return [
        *_of_yesterday(session, today - timedelta(days=1)),
        *(Alarm(f.code, f"存证第{f.number}号 ({f.on}): {f.detail}") for f in verify(session)),
    ]


def sound(found: list[Alarm]) -> None:
    """Log them and show their number as a metric."""
    ALARMS.set(len(found))
    for alarm in found:
        log.error("attestation_alarm", code=alarm.code, detail=alarm.detail)


def _of_yesterday(session: Session, yesterday: date) -> list[Alarm]:
    first = chain.first_attested_on(session)
    if first is None or first > yesterday:
        return []
    line = chain.last_line(session, on=yesterday)
    if line is None:
        return [Alarm("day_not_attested", f"{yesterday} 没有研判存证")]
    if not line.complete:
        short = f"{yesterday} 的存证不完整: 应研判{line.objects}个对象,实际{line.evaluated}个"
        return [Alarm("day_incomplete", short)]
    return []
