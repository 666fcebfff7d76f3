"""Rectification orders against their case books, and against themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import given, strategies as st

from services.events.inspection import OrderEnd, OrderOrigin
from services.inspection.model import Colour
from services.inspection.model.orders import Earlier, ItemState, ItemStep, OrderState
from services.inspection.rules import offences, terms
from services.inspection.rules.orders import days, ending, issuing, items, table
from services.inspection.rules.refusal import NotAllowed
from tests.rules.order_facts import (
    FIRST,
    POLICY,
    SPACE,
    STEPS,
    TWO,
    a_draft,
    an_item,
    book,
    found,
    issued,
    told,
    yes,
)

STATES = {"待复查": ItemState.HANDED_IN} | {
    words: state for state, words in table.STATES.items() if state is not ItemState.HANDED_IN
}
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize("case", book("orders.yaml"), ids=lambda case: case["情形"])
def test_the_case_book_of_orders(case: dict[str, Any]) -> None:
    item = an_item(term_days=case.get("期限天数"))
    draft = a_draft(item, on=case["下达"], origin=OrderOrigin(case.get("来源", "visit")))

    if "不允许" in case:
        with pytest.raises(NotAllowed) as refusal:
            told(issued(draft, on=case["下达"]), case.get("步骤", ""))
        assert refusal.value.code == case["不允许"]
        assert refusal.value.instead
        return

    order = told(issued(draft, on=case["下达"]), case.get("步骤", ""))
    [item] = order.items
    assert item.state is STATES[case["结论"]]
    assert (order.state is OrderState.CLOSED) is yes(case["办结"])
    assert item.due_on == case.get("期限", item.due_on)
    assert item.overdue_on == case.get("逾期自", item.overdue_on)
    assert item.overdue_times == case.get("逾期次数", item.overdue_times)
    if "按期" in case:
        assert ending.was_in_time(order) is yes(case["按期"])
    if "拒绝" in case:
        assert days.overdue_again(order) is yes(case["拒绝"])


@pytest.mark.parametrize("case", book("offences.yaml"), ids=lambda case: case["情形"])
def test_the_case_book_of_first_offences(case: dict[str, Any]) -> None:
    today = case["今天"]
    before = [
        Earlier(on=case["以前日期"], group=case["以前"], what="以前的通知书", reference=FIRST)
        for _ in range("以前" in case)
    ]
    matter = offences.matter(case["事项"], POLICY, on=today)

    answered = offences.answer(matter, before, today=today, policy=POLICY)

    assert answered.answer == case["结论"]
    assert answered.first is yes(case["首次"])


def test_an_order_closes_only_when_its_last_item_is_done() -> None:
    second = uuid5(SPACE, "item 2")
    order = issued(a_draft(an_item(1), an_item(2), on=MONDAY), on=MONDAY)

    order = found(order, date(2026, 3, 20), rectified=True).after
    assert order.state is OrderState.ISSUED

    order = items.withdraw(order, second, because="不成立", today=date(2026, 3, 21)).after
    assert (order.state, order.end) == (OrderState.CLOSED, OrderEnd.RECTIFIED)


def test_an_order_whose_every_item_is_withdrawn_says_so() -> None:
    order = told(issued(a_draft(on=MONDAY), on=MONDAY), "2026-03-10 撤回")

    assert order.end is OrderEnd.WITHDRAWN


@pytest.mark.parametrize(
    "officers", [(), ("officer-1",), ("officer-1", "officer-1"), ("a", " ")]
)
def test_two_different_officers_are_needed(officers: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed, match="不得少于2人") as refusal:
        issuing.may_issue(a_draft(on=MONDAY), officers, today=MONDAY, policy=POLICY)

    assert refusal.value.code == "officers_missing"


def test_an_unknown_kind_of_violation_is_refused_with_those_that_are_known() -> None:
    draft = a_draft(an_item(matter="theft"), on=MONDAY)

    with pytest.raises(NotAllowed, match="label_defect") as refusal:
        issuing.check_draft(draft, policy=POLICY)

    assert refusal.value.code == "matter_unknown"


def test_what_is_issued_is_not_issued_again() -> None:
    order = issued(a_draft(on=MONDAY), on=MONDAY)

    with pytest.raises(NotAllowed, match="不是草稿"):
        issuing.may_issue(order, TWO, today=MONDAY, policy=POLICY)


@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("step", ItemStep)
def test_a_step_that_is_not_in_the_table_is_refused_in_words(
    state: ItemState, step: ItemStep
) -> None:
    item = an_item(state=state)
    if (state, step) in table.AFTER:
        assert table.after(item, step) is table.AFTER[state, step]
        return

    with pytest.raises(NotAllowed) as refusal:
        table.after(item, step)

    assert refusal.value.code == "step_not_possible"
    assert refusal.value.instead.startswith("该项目已经了结" if item.ended else "现在可以")


@given(
    on=st.dates(date(2013, 1, 1), date(2040, 12, 31)),
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(set(STEPS) - {"延长至"})), st.integers(0, 40)),
        max_size=8,
    ),
)
def test_whatever_happens_an_open_item_is_looked_at_again_and_nothing_else_is(
    on: date, steps: list[tuple[str, int]]
) -> None:
    order = issued(a_draft(on=on), on=on)
    for what, later in steps:
        on += timedelta(days=later)
        try:
            order = STEPS[what](order, on, []).after
        except NotAllowed:
            continue
        [item] = order.items
        assert (item.next_change_on is not None) is (item.state is ItemState.OPEN)
        assert (order.state is OrderState.CLOSED) is item.ended
        assert item.overdue_times <= item.term_number


def test_a_notice_that_moves_holidays_later_moves_the_end_of_a_term() -> None:
    """The day printed on the order stays; on that day the calendar is asked again."""
    order = issued(a_draft(an_item(term_days=10), on=MONDAY), on=MONDAY)
    saturday = date(2026, 3, 14)
    [item] = order.items
    order = replace(order, items=(replace(item, due_on=saturday),))

    waiting = days.pass_terms(order, today=date(2026, 3, 16))
    passed = days.pass_terms(order, today=date(2026, 3, 17))

    assert waiting.after.items[0].next_change_on == date(2026, 3, 17)
    assert passed.after.items[0].overdue_on == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("today", "colour"),
    [
        (date(2026, 3, 25), Colour.GREEN),
        (date(2026, 3, 26), Colour.YELLOW),
        (date(2026, 4, 2), Colour.YELLOW),
        (date(2026, 4, 3), Colour.RED),
    ],
)
def test_a_term_is_yellow_a_week_before_its_end_and_red_after_it(
    today: date, colour: Colour
) -> None:
    assert terms.colour_of(date(2026, 4, 2), today=today, policy=POLICY) is colour
