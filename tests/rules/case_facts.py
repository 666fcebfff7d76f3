"""Cases for the case book, and the steps that a book tells in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid5

from services.events.inspection import CaseOrigin, DecisionChange, PenaltyKind, ViolationClass
from services.inspection.model.cases import Case, CaseState, Penalty
from services.inspection.model.procedure import Taken
from services.inspection.rules import leniency, offences
from services.inspection.rules.cases import (
    deciding,
    inquiry,
    notifying,
    opening,
    performing,
    terms,
)
from tests.rules.order_facts import POLICY, SPACE, TWO

Step = Callable[[Case, date, list[str]], Taken[Case]]
YUAN = 100
FINE = 20_000 * YUAN


def a_case(**changes: Any) -> Case:
    facts: dict[str, Any] = {
        "case_id": uuid5(SPACE, "case"),
        "enterprise_id": uuid5(SPACE, "enterprise"),
        "division": "610303",
        "bureau": "610300",
        "origin": CaseOrigin.VISIT,
        "matter": "equipment_not_registered",
        "description": "使用未办理使用登记的起重机",
        "opened_on": date(2026, 3, 2),
        "state": CaseState.CLUE,
    }
    return Case(**facts | changes)


def a_penalty(fine_fen: int = FINE, **changes: Any) -> Penalty:
    facts: dict[str, Any] = {
        "kinds": (PenaltyKind.FINE,),
        "fine_fen": fine_fen,
        "confiscated_fen": 0,
        "violation_class": ViolationClass.ORDINARY,
        "facts": "使用未办理使用登记的起重机一台",
        "legal_basis": "《特种设备安全法》第八十三条",
        "content": f"罚款{fine_fen // YUAN}元",
    }
    return Penalty(**facts | changes)


LARGE = a_penalty(150_000 * YUAN)


def _decided(case: Case, on: date, penalty: Penalty, answer: str | None = None) -> Taken[Case]:
    return deciding.decide(
        case,
        penalty,
        number="宝市监处罚〔2026〕1号",
        statement_answer=answer,
        today=on,
        policy=POLICY,
    )


def _notified(case: Case, on: date, penalty: Penalty) -> Taken[Case]:
    return notifying.notify(case, penalty, today=on, policy=POLICY)


def _filed(case: Case, on: date, officers: tuple[str, ...]) -> Taken[Case]:
    return opening.file(
        case, number="宝市监立〔2026〕1号", officers=officers, today=on, policy=POLICY
    )


def _evidence(case: Case, on: date, name: str) -> Taken[Case]:
    return inquiry.take_evidence(
        case, evidence=[name * 64], officers=TWO, note="现场照片", today=on, policy=POLICY
    )


def _paid(case: Case, on: date, fen: int) -> Taken[Case]:
    return performing.pay(case, fen=fen, today=on, policy=POLICY)


def _not_proven(case: Case, on: date) -> Taken[Case]:
    matter = offences.matter(case.matter, POLICY, on=on)
    assessment = leniency.assess(None, matter, (), today=on, policy=POLICY)
    return deciding.drop(
        case, proven=False, assessment=assessment, education="", because="证据不足", today=on
    )


def _at_once(case: Case, on: date, yuan: int) -> Taken[Case]:
    return deciding.decide_at_once(
        case,
        a_penalty(yuan * YUAN),
        number="宝市监处罚〔2026〕1号",
        officers=TWO,
        today=on,
        policy=POLICY,
    )


def _annulled(case: Case, on: date) -> Taken[Case]:
    return deciding.change(
        case,
        what=DecisionChange.ANNULLED,
        remains=None,
        by="宝鸡市人民政府",
        because="事实不清",
        today=on,
    )


def _extended(case: Case, on: date, rest: list[str]) -> Taken[Case]:
    until = date.fromisoformat(rest[0]) if rest else None
    return inquiry.extend_decide(case, until=until, because="案情复杂", today=on, policy=POLICY)


STEPS: dict[str, Step] = {
    "线索": lambda case, on, _: opening.open_clue(case, today=on, policy=POLICY),
    "延长核查": lambda case, on, _: opening.extend_verify(
        case, because="需要检测", today=on, policy=POLICY
    ),
    "立案": lambda case, on, _: _filed(case, on, TWO),
    "一人立案": lambda case, on, _: _filed(case, on, TWO[:1]),
    "不予立案": lambda case, on, _: opening.not_file(case, because="查无实据", today=on),
    "移送": lambda case, on, _: opening.transfer(
        case, to_body="公安机关", because="涉嫌犯罪", today=on
    ),
    "取证": lambda case, on, _: _evidence(case, on, "a"),
    "补证": lambda case, on, _: _evidence(case, on, "b"),
    "延长办案": _extended,
    "扣除": lambda case, on, _: inquiry.exclude(
        case, days=20, because="委托检测", today=on, policy=POLICY
    ),
    "告知": lambda case, on, _: _notified(case, on, a_penalty()),
    "加重告知": lambda case, on, _: _notified(case, on, a_penalty(2 * FINE)),
    "大额告知": lambda case, on, _: _notified(case, on, LARGE),
    "退回": lambda case, on, _: notifying.return_(case, because="证据不足"),
    "申辩": lambda case, on, _: notifying.hear(case, statement="已经停用", today=on),
    "放弃": lambda case, on, _: notifying.waive(case, statement="书面放弃", today=on),
    "要求听证": lambda case, on, _: notifying.request_hearing(case, today=on),
    "通知听证": lambda case, on, rest: notifying.call_hearing(
        case, hold_on=date.fromisoformat(rest[0]), today=on, policy=POLICY
    ),
    "听证": lambda case, on, _: notifying.hold_hearing(case, record="笔录", today=on),
    "审核": lambda case, on, _: inquiry.review(case, opinion="同意", today=on),
    "讨论": lambda case, on, _: inquiry.discuss(case, record="一致同意", today=on),
    "决定": lambda case, on, _: _decided(case, on, a_penalty()),
    "复核决定": lambda case, on, _: _decided(case, on, a_penalty(), "不予采纳, 理由充分"),
    "加重决定": lambda case, on, _: _decided(case, on, a_penalty(2 * FINE)),
    "减轻决定": lambda case, on, _: _decided(case, on, a_penalty(FINE // 2)),
    "大额决定": lambda case, on, _: _decided(case, on, LARGE),
    "当场": lambda case, on, rest: _at_once(case, on, int(rest[0])),
    "不成立": lambda case, on, _: _not_proven(case, on),
    "送达": lambda case, on, _: performing.serve(case, how="直接送达", today=on, policy=POLICY),
    "缴清": lambda case, on, _: _paid(
        case, on, performing.owed_on(case, today=on, policy=POLICY)
    ),
    "缴本金": lambda case, on, _: _paid(case, on, FINE),
    "延期缴纳": lambda case, on, rest: performing.defer(
        case, until=date.fromisoformat(rest[0]), because="经济困难", today=on
    ),
    "履行": lambda case, on, _: performing.perform(
        case, statement="已缴清", surcharge_waived=False, today=on, policy=POLICY
    ),
    "强制执行": lambda case, on, _: performing.enforce(case, court="人民法院", today=on),
    "撤销": lambda case, on, _: _annulled(case, on),
}


def took(case: Case, what: str, on: date, rest: list[str]) -> Case:
    """One step, and the term that runs after it."""
    after = STEPS[what](case, on, rest).after
    return terms.with_term(case, after, today=on, policy=POLICY)


def told(steps: str) -> Case:
    """`2026-03-02 线索; 2026-03-05 立案`, one after the other."""
    case = a_case()
    for step in (part.strip() for part in steps.split(";")):
        day, what, *rest = step.split()
        case = took(case, what, date.fromisoformat(day), rest)
    return case


def passed_to(case: Case, on: date) -> tuple[Case, list[tuple[str, bool]]]:
    """What is told by a day: the terms, and whether they had passed."""
    said = []
    while case.next_change_on is not None and case.next_change_on <= on:
        taken = terms.remind(case, today=on, policy=POLICY)
        said += [(act.particulars["term"], act.particulars["passed"]) for act in taken.acts]
        case = replace(taken.after)
    return case, said
