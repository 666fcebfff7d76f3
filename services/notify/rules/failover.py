"""切换规则 — which of several providers takes a text, and how fast a robot may talk.

What is known of a provider is how its newest tries went; nothing else is remembered, so
that trust comes back by itself as old failures fall out of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.notify.model import Caution, Try

WHOLE = 100


def share(tries: Sequence[Try], caution: Caution) -> int:
    """一家服务商在观察时段内失败、迟缓的越多,分到的短信越少;但总留一小部分试探,恢复后自然回流.

    In per cent of what it would take if all were well.
    """
    if len(tries) < caution.fewest_tries:
        return WHOLE
    bad = sum(not one.worked or one.took > caution.slow_after for one in tries)
    return max(caution.probing_percent, WHOLE - bad * WHOLE // len(tries))


def in_order(
    shares: Sequence[tuple[str, int]], *, delivery: UUID, attempt: int
) -> tuple[str, ...]:
    """先用排在前面的一家;它的份额不满的,按比例分给后面的;同一条短信重试时轮换.

    The same delivery and attempt always give the same order.
    """
    draw = (delivery.int + (attempt - 1) * (WHOLE // 2)) % WHOLE
    names = [name for name, _ in shares]
    for name, percent in shares:
        if draw < percent:
            names.remove(name)
            names.insert(0, name)
            break
    turns = (attempt - 1) % len(names)
    return (*names[turns:], *names[:turns])


def may_send_at(
    tries: Sequence[Try], *, now: datetime, most: int, within: timedelta
) -> datetime | None:
    """机器人每分钟能发的条数有限,已满的等到最早一条满一分钟后再发.

    None: now.
    """
    lately = sorted(one.at for one in tries if one.at > now - within)
    if len(lately) < most:
        return None
    return lately[-most] + within
