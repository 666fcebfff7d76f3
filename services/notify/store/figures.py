"""How many messages there are and how they fare."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.events.inspection import WarningTurnedRed
from services.notify.model import Addressee, DeliveryState, Latency, Medium, Wants
from services.notify.store.tables import NO_CHANNEL, WANTING, DeliveryRow, MessageRow


def status(session: Session, *, newest: int) -> dict[str, Any]:
    """Counts and times. *newest*: how many messages the latency is taken over."""
    latency = red_latency(session, newest=newest)
    wanting = _counts(session, MessageRow.wants, WANTING)
    messages = _messages(session)
    return {
        "messages": messages,
        "deliveries": _deliveries(session, sum(messages.values()), wanting),
        "waiting_for_facts": wanting,
        "no_channel": _counts(session, MessageRow.no_channel, NO_CHANNEL),
        "last_stored_at": _instant(session, MessageRow.stored_at),
        "last_sent_at": _instant(
            session,
            DeliveryRow.delivered_at,
            DeliveryRow.state == DeliveryState.DELIVERED.value,
        ),
        "red_to_message": {
            "messages": latency.messages,
            "p50_seconds": latency.p50_seconds,
            "p99_seconds": latency.p99_seconds,
        },
    }


def _messages(session: Session) -> dict[str, int]:
    """By kind of addressee, from the index of the inboxes: the rows themselves are long."""
    kind = case(
        *(
            (MessageRow.account.like(f"{one.value}:%"), one.value)
            for one in (Addressee.ENTERPRISE, Addressee.BUREAU)
        ),
        else_=Addressee.OFFICER.value,
    )
    counted = select(kind.label("kind"), func.count()).group_by("kind").order_by("kind")
    return {str(value): int(count) for value, count in session.execute(counted)}


def _deliveries(
    session: Session, stored: int, wanting: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    """By medium and state. In the inbox is what is written: all but what wants more."""
    unwritten = wanting.get(Wants.ENTERPRISE.value, 0) + wanting.get(Wants.OFFICER.value, 0)
    counts = {
        Medium.INBOX.value: {
            DeliveryState.DELIVERED.value: stored - unwritten,
            DeliveryState.WAITING_FOR_FACTS.value: unwritten,
        }
    }
    by_state = select(DeliveryRow.medium, DeliveryRow.state, func.count()).group_by(
        DeliveryRow.medium, DeliveryRow.state
    )
    for medium, state, count in session.execute(by_state):
        counts.setdefault(medium, {})[state] = count
    return counts


def _instant(session: Session, column: Any, *conditions: Any) -> str | None:
    """The latest, in ISO format."""
    latest: datetime | None = session.scalar(select(func.max(column)).where(*conditions))
    return latest.isoformat() if latest else None


def red_latency(session: Session, *, newest: int) -> Latency:
    """Seconds from a red warning's announcement to its stored message."""
    times = session.execute(
        select(MessageRow.caused_at, MessageRow.stored_at)
        .where(MessageRow.event == WarningTurnedRed.full_name)
        .order_by(MessageRow.stored_at.desc(), MessageRow.id.desc())
        .limit(newest)
    )
    seconds = sorted((stored_at - caused_at).total_seconds() for caused_at, stored_at in times)
    return Latency(
        messages=len(seconds),
        p50_seconds=_percentile(seconds, 50),
        p99_seconds=_percentile(seconds, 99),
    )


def _percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The smallest value that so many per cent do not exceed."""
    if not ordered:
        return None
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


def _counts(session: Session, column: Any, *conditions: Any) -> dict[str, int]:
    query = select(column, func.count()).where(*conditions).group_by(column).order_by(column)
    return {str(value): int(count) for value, count in session.execute(query)}
