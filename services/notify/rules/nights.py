"""夜间与汇总 — what waits for the morning, when digests come, who is told what nobody reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from services.chassis.clock import BEIJING
from services.notify.model import Medium, Quiet
from services.notify.rules.accounts import is_unit, superior_of

A_DAY = timedelta(days=1)


def may_leave_at(
    instant: datetime, medium: Medium, *, urgent: bool, quiet: Sequence[Quiet]
) -> datetime:
    """夜间不打扰: 可以等的,短信和群机器人到早上再发;紧急的随时发.

    The instant itself, or the end of the night that it lies in.
    """
    local = instant.astimezone(BEIJING)
    for night in quiet:
        if night.medium is not medium or urgent or not _lies_in(local.time(), night):
            continue
        morning = datetime.combine(local.date(), night.ends, tzinfo=BEIJING)
        if night.begins > night.ends and local.time() >= night.begins:
            morning += A_DAY
        return morning.astimezone(instant.tzinfo)
    return instant


def last_digest_at(instant: datetime, times: Sequence[time]) -> datetime | None:
    """最近一次应当汇总的时刻,当日未到的为前一日最后一次. None: 不汇总."""
    local = instant.astimezone(BEIJING)
    for day in (local.date(), local.date() - A_DAY):
        for at in sorted(times, reverse=True):
            moment = datetime.combine(day, at, tzinfo=BEIJING)
            if moment <= local:
                return moment.astimezone(instant.tzinfo)
    return None


def above(account: str, division: str, step: int) -> str | None:
    """紧急通知无人阅读的,先告知辖区局,再告知其上级局;单位的告知上级.

    *step* counts from 1. None: nobody stands that high.
    """
    at: str | None = account if is_unit(account) else f"bureau:{division}"
    for _ in range(step if is_unit(account) else step - 1):
        at = superior_of(at) if at else None
    return at


def _lies_in(at: time, night: Quiet) -> bool:
    if night.begins <= night.ends:
        return night.begins <= at < night.ends
    return at >= night.begins or at < night.ends
