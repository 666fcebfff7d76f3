"""What day it is for the bureau. Rules never ask; they are told."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def start_of(day: date) -> datetime:
    """The instant at which a day begins in Beijing."""
    return datetime.combine(day, time(), BEIJING)


def end_of(day: date) -> datetime:
    """The instant at which it is over."""
    return start_of(day + timedelta(days=1))


def today() -> date:
    """The legal day: Beijing time, wherever the container runs.

    BIANQUE_TODAY (YYYY-MM-DD) fixes it for drills and simulations of a whole platform.
    """
    fixed = os.environ.get("BIANQUE_TODAY")
    return date.fromisoformat(fixed) if fixed else now().astimezone(BEIJING).date()
