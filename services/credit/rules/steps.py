"""每一步的规则 — every step that bad information can take, and what it needs on file.

A step that adverse consequences follow from is refused unless its grounds are recorded.
The first line of each docstring is the rule as the explanation page shows it.
依据: 中国质量新闻网 2013-12-13《陕西宝鸡市质监局用信息化监管促产品质量提升》.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.chassis.policy import Policy
from services.credit.model import (
    OPEN,
    BadInformation,
    Cleared,
    Correct,
    Draft,
    FixTerm,
    Lift,
    Publish,
    Red,
    State,
    Step,
    WarningFacts,
    Withdraw,
    bad_information_id,
)
from services.credit.rules.refusal import NotAllowed
from services.credit.rules.term import in_time, last_day_to_correct

NEXT_DAY = timedelta(days=1)
RED_AGAIN = "所依据的不良信息已经改正,同一预警又转红,另行公布和计算期限。"


@dataclass(frozen=True)
class Taken:
    """A step, how the entry stands after it, and why it was taken."""

    step: Step
    entry: BadInformation
    rule: str
    caused_by: UUID | None


def draft(facts: WarningFacts, entry: BadInformation | None, *, today: date) -> Taken:
    """信息平台显示红色预警的,拟制不良信息,由信息协调中心审核后方可公布."""
    red = _grounds(facts)
    opened = _opened(facts, red, entry, on=today)
    after = replace(opened, state=State.DRAFTED, drafted_on=today)
    return Taken(Draft(today), after, "draft", red.message_id)


def publish_at_once(
    facts: WarningFacts, entry: BadInformation | None, *, today: date, policy: Policy
) -> Taken:
    """凡信息平台显示的红色预警的信息,均升级为不良信息并公布.

    A warning that is known to be cleared is published and closed in one transaction: the
    record is the same whichever message came first, and nobody ever reads the moment between.
    """
    red = _grounds(facts)
    if not policy.flag("publish_automatically", on=today):
        raise NotAllowed(
            "confirmation_missing",
            "按现行口径,不良信息不得自动公布。",
            "请先拟制,由信息协调中心具名人员审核后公布。",
        )
    opened = _opened(facts, red, entry, on=today)
    return _published(opened, red, "publish_at_once", by=None, today=today, policy=policy)


def confirm(
    facts: WarningFacts, entry: BadInformation, *, by: str, today: date, policy: Policy
) -> Taken:
    """拟制的不良信息经信息协调中心具名人员审核后公布."""
    red = _grounds(facts)
    if not by.strip():
        raise NotAllowed(
            "name_missing", "公布不良信息须由具名人员审核。", "请以本人账号登录后再公布。"
        )
    if entry.state is not State.DRAFTED:
        raise _no_draft(entry)
    if facts.cleared_now is not None:
        raise NotAllowed(
            "warning_cleared", "红色预警已经消除,不得再公布。", "可以撤销这份草稿。"
        )
    return _published(entry, red, "confirm", by=by, today=today, policy=policy)


def fix_term(facts: WarningFacts, entry: BadInformation, *, policy: Policy) -> Taken | None:
    """当年节假日安排公布后,据以确定改正期限的最后一日;已告知的日期只延后,不提前."""
    if not entry.provisional or entry.state is not State.PUBLISHED:
        return None
    if entry.published_on is None or entry.last_day_to_correct is None:
        raise _not_public()
    known = last_day_to_correct(entry.published_on, policy)
    day = max(known.day, entry.last_day_to_correct)
    if known.provisional and day == entry.last_day_to_correct:
        return None
    after = replace(
        entry,
        last_day_to_correct=day,
        provisional=known.provisional,
        next_step_on=day + NEXT_DAY,
    )
    moved = day != entry.last_day_to_correct
    return Taken(
        FixTerm(entry.published_on, day, moved), after, "fix_term", _grounds(facts).message_id
    )


def correct(entry: BadInformation, cleared: Cleared) -> Taken:
    """红色预警因检验合格或停用、报废、注销等而消除的,记录为已改正,并注明按期还是逾期."""
    if entry.state not in OPEN and entry.state is not State.CORRECTED:
        raise _not_public()
    timely = in_time(entry, corrected_on=cleared.cleared_on)
    after = replace(
        entry,
        state=State.CORRECTED,
        corrected_on=cleared.cleared_on,
        in_time=timely,
        closed_by=cleared.revision,
        next_step_on=None,
    )
    return Taken(Correct(cleared.cleared_on, timely), after, "correct", cleared.message_id)


def lift(entry: BadInformation, *, because: str, today: date, caused_by: UUID | None) -> Taken:
    """作为升级依据的不良信息不成立,或者查明已按期改正的,升级随之解除."""
    if entry.escalated_to is None:
        raise NotAllowed("not_escalated", "这条不良信息没有升级。", "无需解除。")
    step = Lift(today, entry.escalated_to, entry.state is State.PROPOSED, because)
    after = replace(entry, state=State.PUBLISHED, escalated_to=None, escalated_on=None)
    return Taken(step, after, "lift", caused_by)


def lift_before_reopening(
    entry: BadInformation, red: Red, *, proposed: bool, today: date
) -> Taken:
    """逾期改正后同一预警又转红的,重新处理前,前一次公布的升级先行解除."""
    if entry.escalated_to is None:
        raise NotAllowed("not_escalated", "这条不良信息没有升级。", "无需解除。")
    step = Lift(today, entry.escalated_to, proposed, RED_AGAIN)
    after = replace(entry, escalated_to=None, escalated_on=None)
    return Taken(step, after, "lift_before_reopening", red.message_id)


def withdraw(
    entry: BadInformation,
    *,
    because: str,
    today: date,
    by: str | None = None,
    cleared: Cleared | None = None,
) -> Taken:
    """红色预警因数据有误而不成立的,草稿公布前已改正的,或者经复核不应公布的,撤销并说明理由."""
    if entry.state is State.WITHDRAWN:
        raise NotAllowed("withdrawn_already", "这条不良信息已经撤销。", "无需再次撤销。")
    if not because.strip():
        raise NotAllowed("reason_missing", "撤销不良信息须说明理由。", "请填写撤销理由。")
    if cleared is None and not (by or "").strip():
        raise NotAllowed(
            "name_missing", "撤销不良信息须由具名人员作出。", "请以本人账号登录后再撤销。"
        )
    after = replace(
        entry,
        state=State.WITHDRAWN,
        corrected_on=None,
        in_time=None,
        withdrawn_on=today,
        withdrawn_by=by,
        withdrawn_because=because,
        closed_by=cleared.revision if cleared else entry.closed_by,
        next_step_on=None,
    )
    caused_by = cleared.message_id if cleared else None
    return Taken(Withdraw(today, because, by), after, "withdraw", caused_by)


def reopens(entry: BadInformation, facts: WarningFacts) -> bool:
    """改正或撤销之后同一预警又转红的,重新处理;经具名人员撤销的除外."""
    closed = entry.state in {State.CORRECTED, State.WITHDRAWN} and entry.withdrawn_by is None
    return closed and facts.red is not None and facts.red.revision > entry.closed_by


def _grounds(facts: WarningFacts) -> Red:
    if facts.red is None:
        raise NotAllowed(
            "red_warning_missing",
            "没有记录在案的红色预警,不得作出不良信息。",
            "请等待预警转红,或者核对数据来源。",
        )
    return facts.red


def _opened(
    facts: WarningFacts, red: Red, entry: BadInformation | None, *, on: date
) -> BadInformation:
    if entry is not None and not reopens(entry, facts):
        raise NotAllowed(
            "opened_already", "同一红色预警只作出一条不良信息。", "请在已有的一条上继续办理。"
        )
    return BadInformation(
        id=bad_information_id(facts.warning_id),
        warning_id=facts.warning_id,
        enterprise_id=red.enterprise_id,
        division=red.division,
        endangers_safety=red.endangers_safety,
        state=State.DRAFTED,
        opened_on=on,
        revision=entry.revision if entry else 0,
        steps=entry.steps if entry else 0,
    )


def _published(
    opened: BadInformation, red: Red, rule: str, *, by: str | None, today: date, policy: Policy
) -> Taken:
    last = last_day_to_correct(today, policy)
    after = replace(
        opened,
        state=State.PUBLISHED,
        published_on=today,
        published_by=by,
        last_day_to_correct=last.day,
        provisional=last.provisional,
        next_step_on=last.day + NEXT_DAY,
    )
    return Taken(Publish(today, by, last.day, last.provisional), after, rule, red.message_id)


def _no_draft(entry: BadInformation) -> NotAllowed:
    if entry.state is State.WITHDRAWN:
        return NotAllowed(
            "withdrawn_already", "这条不良信息已经撤销,不得公布。", "只有待审核的草稿可以公布。"
        )
    return NotAllowed(
        "published_already", "这条不良信息已经公布过。", "只有待审核的草稿可以公布。"
    )


def _not_public() -> NotAllowed:
    return NotAllowed(
        "not_published", "这条不良信息没有公布,不能记录改正或升级。", "草稿可以公布或者撤销。"
    )
