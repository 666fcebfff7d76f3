"""从已知事实到应办事项 — what is to be done, from all that is known.

One pure function, so that any order of messages ends in the same steps: a warning that
was cleared before its red arrived is taken through the same steps as one in order.
"""

from __future__ import annotations

from datetime import date

from services.chassis.policy import Policy
from services.credit.model import BadInformation, Cleared, Red, State, WarningFacts
from services.credit.rules.escalation import after_the_term, was_proposed
from services.credit.rules.steps import (
    Taken,
    correct,
    draft,
    fix_term,
    lift,
    lift_before_reopening,
    publish_at_once,
    reopens,
    withdraw,
)
from services.credit.rules.term import in_time, is_over
from services.events.inspection import ClearedBy

NEVER_HELD = "原数据有误,红色预警不成立。"
NEVER_PUBLIC = "公布前红色预警已消除,草稿不再公布。"
WAS_IN_TIME = "查明已在期限内改正。"
MOST_STEPS = 6  # at one time; the longest there is has four


class Endless(Exception):
    """Each step calls for another: the rules contradict each other."""


def settle(
    facts: WarningFacts, entry: BadInformation | None, *, today: date, policy: Policy
) -> list[Taken]:
    """Every step that is due now, in order; empty if there is nothing to do.

    Raises Endless.
    """
    taken: list[Taken] = []
    while one := next_step(facts, entry, today=today, policy=policy):
        taken.append(one)
        entry = one.entry
        if len(taken) > MOST_STEPS:
            raise Endless(f"the rules find no end for warning {facts.warning_id}: {taken}")
    return taken


def next_step(
    facts: WarningFacts, entry: BadInformation | None, *, today: date, policy: Policy
) -> Taken | None:
    """红色预警升级为不良信息;消除的,记录改正或撤销;期满未消除的,升级."""
    if facts.red is None:
        return None
    if entry is None or reopens(entry, facts):
        if entry is not None and entry.escalated_to is not None:
            proposed = was_proposed(entry, policy=policy)
            return lift_before_reopening(entry, facts.red, proposed=proposed, today=today)
        return _open(facts, entry, today=today, policy=policy)
    if fixed := fix_term(facts, entry, policy=policy):
        return fixed
    cleared = facts.cleared_now
    if cleared is not None:
        return _clear(facts.red, entry, cleared, today=today, policy=policy)
    if entry.state is State.PUBLISHED and is_over(entry, today=today):
        return after_the_term(facts.red, entry, today=today, policy=policy)
    return None


def withdraw_by_hand(
    entry: BadInformation, *, because: str, by: str, today: date
) -> list[Taken]:
    """经复核不应公布的,由具名人员撤销并说明理由;已经升级的,升级随之解除."""
    done = withdraw(entry, because=because, by=by, today=today)
    if entry.escalated_to is None:
        return [done]
    lifted = lift(entry, because=because, today=today, caused_by=None)
    return [lifted, withdraw(lifted.entry, because=because, by=by, today=today)]


def _open(
    facts: WarningFacts, entry: BadInformation | None, *, today: date, policy: Policy
) -> Taken:
    if policy.flag("publish_automatically", on=today):
        return publish_at_once(facts, entry, today=today, policy=policy)
    return draft(facts, entry, today=today)


def _clear(
    red: Red, entry: BadInformation, cleared: Cleared, *, today: date, policy: Policy
) -> Taken | None:
    """A withdrawal stands until the warning turns red again."""
    if entry.state is State.WITHDRAWN:
        return None
    if cleared.cleared_by is ClearedBy.CORRECTED_DATA:
        return _take_back(entry, cleared, NEVER_HELD, today=today)
    if entry.state is State.DRAFTED:
        return _take_back(entry, cleared, NEVER_PUBLIC, today=today)
    return _close(red, entry, cleared, today=today, policy=policy)


def _take_back(entry: BadInformation, cleared: Cleared, because: str, *, today: date) -> Taken:
    if entry.escalated_to is not None:
        return lift(entry, because=because, today=today, caused_by=cleared.message_id)
    return withdraw(entry, because=because, today=today, cleared=cleared)


def _close(
    red: Red, entry: BadInformation, cleared: Cleared, *, today: date, policy: Policy
) -> Taken | None:
    """逾期才改正的,先升级,再记录改正: a sweep that runs late changes nothing."""
    if in_time(entry, corrected_on=cleared.cleared_on):
        if entry.escalated_to is not None:
            return lift(entry, because=WAS_IN_TIME, today=today, caused_by=cleared.message_id)
    elif entry.state is State.PUBLISHED and is_over(entry, today=today):
        return after_the_term(red, entry, today=today, policy=policy)
    if entry.corrected_on == cleared.cleared_on:
        return None
    return correct(entry, cleared)
