"""Passwords, lock-out, the end of a session: pure, over numbers of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

COMMON = frozenset(
    """
    1234567890 0123456789 0987654321 qwertyuiop asdfghjkl1 1qaz2wsx3edc administrator
    password123 admin12345 admin123456 1q2w3e4r5t aa12345678 woaini1314 11111111111
    a123456789 123456789a qq123456789 bianque123 bianque12345
    """.split()  # noqa: SIM905 - a list to be read
)


class Refusal(StrEnum):
    """Why something is no password."""

    TOO_SHORT = "too_short"
    LIKE_THE_NAME = "like_the_name"
    TOO_SIMPLE = "too_simple"


def refuse_password(password: str, *, name: str, shortest: int) -> Refusal | None:
    """None if it may be one. Long beats complicated: no classes of characters are asked for."""
    lowered = password.lower()
    if len(password) < shortest:
        return Refusal.TOO_SHORT
    if name and name.lower() in lowered and len(lowered) - len(name) < shortest // 2:
        return Refusal.LIKE_THE_NAME
    if lowered in COMMON or len(set(lowered)) < 5:
        return Refusal.TOO_SIMPLE
    return None


def locked_until(
    failures: Sequence[datetime], *, now: datetime, most: int, minutes: int
) -> datetime | None:
    """Until when nobody may log in under a name. *failures*: since its last success."""
    window = timedelta(minutes=minutes)
    recent = sorted(at for at in failures if at > now - window)
    return recent[-1] + window if len(recent) >= most else None


def session_ended(
    began: datetime, seen: datetime, *, now: datetime, idle_minutes: int, hours: int
) -> bool:
    """Whether a session is over: nobody touched it for long, or it is a day old."""
    return now - seen > timedelta(minutes=idle_minutes) or now - began > timedelta(hours=hours)
