"""Prometheus metrics of a process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from services.chassis.envelope import Envelope

HEARD = Counter("bianque_messages_heard_total", "Messages handled", ["heard_by", "outcome"])
LAG = Histogram(
    "bianque_hearing_seconds",
    "From the announcement of an event to the commit of what a hearer made of it",
    ["heard_by"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
SENT = Counter("bianque_messages_sent_total", "Events the bus has confirmed", ["service"])
RELAY_LEADS = Gauge("bianque_relay_leads", "1: this process carries the outbox", ["service"])
SET_ASIDE = Counter(
    "bianque_sweep_failures_total", "Entries that a periodic job could not deal with", ["sweep"]
)
TICKED = Gauge(
    "bianque_timer_last_run_timestamp_seconds", "When a periodic job last finished", ["job"]
)
TICK_FAILURES = Counter(
    "bianque_timer_failures_total", "Failed runs of a periodic job", ["job"]
)


def heard(
    heard_by: str, first: Sequence[Envelope[Any]], duplicates: int, *, at: datetime
) -> None:
    HEARD.labels(heard_by, "handled").inc(len(first))
    if duplicates:
        HEARD.labels(heard_by, "duplicate").inc(duplicates)
    lag = LAG.labels(heard_by)
    for received in first:
        lag.observe(max(0.0, (at - received.happened_at).total_seconds()))


def parked(heard_by: str) -> None:
    HEARD.labels(heard_by, "parked").inc()


def set_aside(sweep: str) -> None:
    SET_ASIDE.labels(sweep).inc()


def sent(service: str, messages: int) -> None:
    SENT.labels(service).inc(messages)


def relay_leads(service: str, leads: bool) -> None:
    RELAY_LEADS.labels(service).set(int(leads))


def ticked(job: str) -> None:
    TICKED.labels(job).set_to_current_time()


def tick_failed(job: str) -> None:
    TICK_FAILURES.labels(job).inc()
