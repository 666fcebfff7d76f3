"""Enforcement cases against their case book, and against themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from services.events.inspection import PenaltyKind
from services.inspection.model.cases import CaseState, CaseStep, Harm, Leniency, Payment
from services.inspection.model.orders import Earlier
from services.inspection.rules import leniency, offences
from services.inspection.rules.book import RULES
from services.inspection.rules.cases import falling, notifying, performing, table
from services.inspection.rules.refusal import NotAllowed
from tests.rules.case_facts import STEPS, a_case, a_penalty, passed_to, told, took
from tests.rules.order_facts import FIRST, POLICY, book, yes

MONDAY = date(2026, 3, 2)
TO_NOTICE = "2026-03-02 线索; 2026-03-05 立案; 2026-03-10 取证; 2026-03-20 告知"


@pytest.mark.parametrize("case", book("cases.yaml"), ids=lambda case: case["情形"])
def test_the_case_book_of_cases(case: dict[str, Any]) -> None:
    if "不允许" in case:
        with pytest.raises(NotAllowed) as refusal:
            told(case["步骤"])
        assert refusal.value.code == case["不允许"]
        assert refusal.value.instead
        return

    reached = told(case["步骤"])

    assert reached.state == case["结论"]
    if "期限" in case:
        assert f"{reached.term} {reached.last_day}" == case["期限"]
    if "结局" in case:
        assert reached.end == case["结局"]
        assert reached.next_change_on is None


@pytest.mark.parametrize("case", book("leniency.yaml"), ids=lambda case: case["情形"])
def test_the_case_book_of_leniency(case: dict[str, Any]) -> None:
    matter = offences.matter("label_defect", POLICY, on=MONDAY)
    before = [
        Earlier(on=date(2025, 6, 1), group=matter.group, what="以前", reference=FIRST)
        for _ in range("以前" in case)
    ]
    found = Leniency(
        assessed_on=MONDAY,
        slight=yes(case["轻微"]) if "轻微" in case else None,
        corrected_on=case.get("改正"),
        harm=Harm(case["危害"]) if "危害" in case else None,
        no_fault=yes(case["无过错"]) if "无过错" in case else None,
    )

    assessment = leniency.assess(found, matter, before, today=MONDAY, policy=POLICY)

    assert assessment.proposal == case["结论"]
    assert len(assessment.grounds) == 3


@pytest.mark.parametrize("case", book("ground_falls.yaml"), ids=lambda case: case["情形"])
def test_the_case_book_of_grounds_that_fall(case: dict[str, Any]) -> None:
    before = a_case(state=CaseState(case["阶段"]))

    taken = falling.ground_falls(
        before, because="该函是延期申请", other_ground=case.get("另有依据"), today=MONDAY
    )

    assert taken.after.state == case["结论"]
    assert taken.after.end == case.get("结局", before.end)
    assert "该函是延期申请" in taken.acts[0].words
    if "不允许" not in case:
        falling.ground_stands(taken.after)
        return
    with pytest.raises(NotAllowed) as refusal:
        falling.ground_stands(taken.after)
    assert refusal.value.code == case["不允许"]


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("step", CaseStep)
def test_a_step_that_is_not_in_the_table_is_refused_in_words(
    state: CaseState, step: CaseStep
) -> None:
    case = a_case(state=state)
    if (state, step) in table.AFTER:
        assert table.after(case, step) is table.AFTER[state, step]
        return

    with pytest.raises(NotAllowed, match="现在可以"):
        table.after(case, step)


def test_reminders_come_once_when_near_and_once_when_passed() -> None:
    case = told("2026-03-02 线索; 2026-03-05 立案")

    case, early = passed_to(case, date(2026, 5, 26))
    case, near = passed_to(case, date(2026, 5, 27))
    case, again = passed_to(case, date(2026, 6, 3))
    case, passed = passed_to(case, date(2026, 6, 4))
    case, later = passed_to(case, date(2026, 12, 31))

    assert (early, near, again) == ([], [("decide", False)], [])
    assert (passed, later) == ([("decide", True)], [])


def test_what_was_missed_while_nobody_looked_is_told_by_its_last_state_only() -> None:
    _, said = passed_to(told("2026-03-02 线索; 2026-03-05 立案"), date(2026, 12, 31))

    assert said == [("decide", True)]


def test_when_the_time_to_answer_is_over_the_time_to_decide_is_watched_again() -> None:
    case, said = passed_to(told(TO_NOTICE), date(2026, 3, 28))

    assert said == [("statement", True)]
    assert (case.term, case.last_day) == ("decide", date(2026, 6, 3))
    assert passed_to(case, date(2026, 5, 27))[1] == [("decide", False)]


def test_a_case_that_is_returned_and_comes_back_keeps_its_reminder() -> None:
    case, first = passed_to(
        told("2026-03-02 线索; 2026-03-05 立案; 2026-03-10 取证"), date(2026, 5, 28)
    )
    case = took(case, "告知", date(2026, 5, 28), [])
    case = took(case, "退回", date(2026, 5, 29), [])

    case, near = passed_to(case, date(2026, 5, 29))
    _, passed = passed_to(case, date(2026, 6, 4))

    assert (first, near, passed) == (
        [("decide", False)],
        [("decide", False)],
        [("decide", True)],
    )


@pytest.mark.parametrize(
    ("paid_on", "grown"),
    [
        (date(2026, 4, 17), 0),
        (date(2026, 4, 18), 60_000),
        (date(2026, 4, 27), 600_000),
        (date(2026, 5, 21), 2_000_000),
        (date(2027, 5, 21), 2_000_000),
    ],
)
def test_the_surcharge_grows_by_three_in_a_hundred_a_day_up_to_the_fine(
    paid_on: date, grown: int
) -> None:
    found = performing.surcharge(
        2_000_000, (), pay_by=date(2026, 4, 17), today=paid_on, percent_a_day=3
    )

    assert found == grown


def test_what_is_paid_in_time_grows_nothing_and_what_is_left_does() -> None:
    half = (Payment(on=date(2026, 4, 10), fen=1_000_000),)

    found = performing.surcharge(
        2_000_000, half, pay_by=date(2026, 4, 17), today=date(2026, 4, 27), percent_a_day=3
    )

    assert found == 300_000


@given(
    fine=st.integers(0, 10**9),
    payments=st.lists(st.tuples(st.integers(-30, 200), st.integers(0, 10**8)), max_size=6),
    late=st.integers(-30, 400),
)
def test_the_surcharge_is_never_more_than_the_fine_and_never_shrinks(
    fine: int, payments: list[tuple[int, int]], late: int
) -> None:
    pay_by = date(2026, 4, 17)
    paid = tuple(Payment(on=pay_by + timedelta(days=n), fen=fen) for n, fen in payments)

    def on(day: date) -> int:
        until = tuple(payment for payment in paid if payment.on <= day)
        return performing.surcharge(fine, until, pay_by=pay_by, today=day, percent_a_day=3)

    today = pay_by + timedelta(days=late)
    assert 0 <= on(today) <= on(today + timedelta(days=1)) <= fine


@settings(deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(sorted(set(STEPS) - {"通知听证", "延期缴纳", "当场"})),
            st.integers(0, 30),
        ),
        max_size=14,
    )
)
def test_no_sequence_of_steps_decides_without_its_grounds(
    steps: list[tuple[str, int]],
) -> None:
    on, case = MONDAY, took(a_case(), "线索", MONDAY, [])
    for what, later in steps:
        on += timedelta(days=later)
        try:
            case = took(case, what, on, [])
        except NotAllowed:
            continue
    if case.decision is None:
        return
    notice, penalty = case.notice, case.decision.penalty
    assert notice is not None
    assert case.evidence
    assert len(set(case.officers)) >= 2
    assert not notifying.harsher(penalty, notice.penalty)
    decided_on = case.decision.decided_on
    over = decided_on > notice.respond_by
    assert over or case.waived_on is not None or case.hearing is not None
    if case.decision.heavier:
        assert case.reviewed_on is not None
        assert case.discussed_on is not None


def test_a_penalty_must_agree_with_itself() -> None:
    for wrong in (
        a_penalty(0),
        a_penalty(100, kinds=(PenaltyKind.WARNING,)),
        a_penalty(100, confiscated_fen=5),
        a_penalty(100, confiscated_fen=-5),
        a_penalty(0, kinds=()),
    ):
        with pytest.raises(NotAllowed) as refusal:
            notifying.check_penalty(wrong)
        assert refusal.value.code == "penalty_wrong"


def test_every_rule_in_the_book_has_chinese_words_and_numbers_that_exist() -> None:
    for rule in RULES.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in rule.words), rule.name
        for name in rule.rests_on:
            assert POLICY.explain(name, on=MONDAY)["source"]
