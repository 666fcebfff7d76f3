"""决定的前提 — what must be on file before a penalty may be decided, one by one."""

from __future__ import annotations

from datetime import date

from services.chassis.policy import Policy
from services.events.inspection import PenaltyKind, ViolationClass
from services.inspection.model.cases import Case, Notice, Penalty
from services.inspection.rules.cases.falling import ground_stands
from services.inspection.rules.cases.notifying import (
    HEARD,
    check_penalty,
    harsher,
    has_hearing_right,
)
from services.inspection.rules.refusal import NotAllowed
from services.inspection.rules.terms import ended_by

_SEVERE = HEARD | {PenaltyKind.SUSPENDED}


def is_heavier(penalty: Penalty, *, today: date, policy: Policy) -> bool:
    """较重行政处罚: 听证范围内的处罚,或者认定为严重违法的."""
    return has_hearing_right(penalty, today=today, policy=policy) or (
        penalty.violation_class is ViolationClass.SERIOUS or bool(_SEVERE & set(penalty.kinds))
    )


def check(
    case: Case,
    penalty: Penalty,
    *,
    statement_answer: str | None,
    today: date,
    policy: Policy,
) -> None:
    """没有告知、陈述申辩期限未满、听证未举行、意见未复核、应当审核或讨论而没有的,不得作出处罚决定.

    Raises NotAllowed, and names the first thing that is missing.
    """
    check_penalty(penalty)
    ground_stands(case)
    notice = _notice(case)
    _party_was_heard(case, notice, statement_answer, today=today)
    _hearing_was_offered(notice, penalty, today=today, policy=policy)
    if harsher(penalty, notice.penalty):
        raise NotAllowed(
            "harsher_than_told",
            "决定比告知的处罚更重。",
            "请按告知的处罚或者更轻的处罚决定;有新的事实和证据的,应当重新告知。",
        )
    _was_reviewed(case, penalty, today=today, policy=policy)


def _notice(case: Case) -> Notice:
    if case.notice is None:
        raise NotAllowed(
            "notice_missing", "没有告知当事人,不得作出处罚决定。", "请先告知拟作出的处罚。"
        )
    return case.notice


def _party_was_heard(
    case: Case, notice: Notice, statement_answer: str | None, *, today: date
) -> None:
    hearing = case.hearing
    if hearing is not None and hearing.held_on is None and hearing.withdrawn_on is None:
        raise NotAllowed(
            "hearing_missing",
            "当事人要求听证,还没有举行。",
            "请先举行听证,或者记录当事人撤回申请。",
        )
    over = ended_by(notice.respond_by, today=today)
    if not over and case.waived_on is None and hearing is None:
        raise NotAllowed(
            "term_running",
            f"陈述申辩的期限至{notice.respond_by}届满,当事人没有放弃。",
            f"请在{notice.respond_by}以后作出决定,或者记录当事人明确放弃。",
        )
    if case.statement and not (statement_answer or "").strip():
        raise NotAllowed(
            "statement_unanswered",
            "当事人提出了陈述申辩,没有复核意见。",
            "请写明是否采纳及其理由。",
        )


def _hearing_was_offered(
    notice: Notice, penalty: Penalty, *, today: date, policy: Policy
) -> None:
    if has_hearing_right(penalty, today=today, policy=policy) and not notice.hearing_right:
        raise NotAllowed(
            "hearing_right_missing",
            "该处罚在听证范围内,告知时没有告知听证权利。",
            "请重新告知。",
        )


def _was_reviewed(case: Case, penalty: Penalty, *, today: date, policy: Policy) -> None:
    heard = case.hearing is not None and case.hearing.held_on is not None
    heavier = is_heavier(penalty, today=today, policy=policy)
    if (heard or heavier) and case.reviewed_on is None:
        raise NotAllowed(
            "review_missing", "经过听证或者较重的处罚,应当先经法制审核。", "请先提交法制审核。"
        )
    if heavier and case.discussed_on is None:
        raise NotAllowed(
            "discussion_missing",
            "较重的处罚应当由负责人集体讨论决定。",
            "请先记录集体讨论。",
        )
