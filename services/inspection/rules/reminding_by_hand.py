"""批量提醒 — of whom a reminder by hand is sent, and how many at once. Numbers: policy.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.chassis.policy import Policy
from services.inspection.model import Colour
from services.inspection.model.reminding import Line, Outcome, Owed
from services.inspection.rules.months import days_earlier
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.reminders import Ladder, is_long_overdue_since

_REMINDED_OF = frozenset({Colour.RED, Colour.YELLOW})


def quiet_since(policy: Policy, *, today: date) -> date:
    """规定天数之内已提醒过的不再提醒,当天计算在内: the first day of the quiet ones."""
    return days_earlier(today, policy.number("hand_reminder_quiet_days", on=today) - 1)


def line(
    owed: Owed, told_on: date | None, digest_on: date | None, *, since: date, ladder: Ladder
) -> Line:
    """只提醒黄色和红色的事项;同一到期日近期已逐级、人工或者以逾期汇总提醒过的,不重复提醒.

    *told_on* is the last day on which this due date was told, *digest_on* the enterprise's last
    digest, which covers what was long overdue then.
    """
    if owed.colour not in _REMINDED_OF or owed.due_on is None:
        return Line(owed, Outcome.NOT_DUE, None)
    days = [day for day in (told_on, _covered(owed.due_on, digest_on, ladder)) if day]
    last = max(days, default=None)
    if last is not None and last >= since:
        return Line(owed, Outcome.TOLD_ALREADY, last)
    return Line(owed, Outcome.TELL, last)


def few_enough(count: int, *, policy: Policy, today: date) -> None:
    """一批提醒的事项不超过规定的数目,以便逐项核对. Raises NotAllowed."""
    most = policy.number("hand_reminder_most", on=today)
    if count > most:
        raise NotAllowed(
            "too_many_at_once",
            f"一批最多提醒{most}项, 所选的多于此数。",
            "请缩小条件, 或者分批提醒。",
        )
    if count == 0:
        raise NotAllowed("nothing_chosen", "没有选择任何事项。", "请先勾选, 或者放宽条件。")


def somebody(lines: Sequence[Line]) -> list[Line]:
    """所选事项都近期已提醒或者未到预警期的,不成一批. Raises NotAllowed."""
    telling = [each for each in lines if each.outcome is Outcome.TELL]
    if not telling:
        raise NotAllowed(
            "nobody_to_remind",
            "所选的事项近期都已提醒, 或者未到预警期。",
            "请待规定天数过后再提醒, 或者另选事项。",
        )
    return telling


def _covered(due_on: date, digest_on: date | None, ladder: Ladder) -> date | None:
    """The day of the digest, if the duty was long overdue on it."""
    if digest_on is None or due_on > is_long_overdue_since(ladder, today=digest_on):
        return None
    return digest_on
