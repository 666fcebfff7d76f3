"""What the rules of bad information refuse, by code and in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.credit.rules import (
    NotAllowed,
    confirm,
    escalation,
    settle,
    steps,
    withdraw_by_hand,
)
from tests.rules.bad_information_facts import (
    BAOJI,
    CURRENT,
    DAY,
    LAST_DAY,
    MONDAY,
    cleared,
    known,
    published,
    red,
)


def refused(code: str) -> Any:
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


def test_nothing_is_published_without_a_red_warning_on_file() -> None:
    with refused("red_warning_missing"):
        steps.publish_at_once(known(), None, today=MONDAY, policy=BAOJI)
    with refused("red_warning_missing"):
        steps.draft(known(), None, today=MONDAY)


def test_nothing_is_published_by_itself_where_a_person_must_confirm() -> None:
    with refused("confirmation_missing"):
        steps.publish_at_once(known(red()), None, today=MONDAY, policy=CURRENT)


@pytest.mark.parametrize("nobody", ["", "  "])
def test_a_publication_needs_a_name(nobody: str) -> None:
    drafted = steps.draft(known(red()), None, today=MONDAY).entry

    with refused("name_missing"):
        confirm(known(red()), drafted, by=nobody, today=MONDAY, policy=CURRENT)


def test_a_draft_whose_warning_is_gone_is_not_published() -> None:
    drafted = steps.draft(known(red()), None, today=MONDAY).entry

    with refused("warning_cleared"):
        confirm(known(red(), cleared(MONDAY)), drafted, by="张三", today=MONDAY, policy=CURRENT)


def test_nothing_is_published_twice() -> None:
    with refused("published_already"):
        confirm(known(red()), published(), by="张三", today=MONDAY, policy=BAOJI)
    with refused("opened_already"):
        steps.publish_at_once(known(red()), published(), today=MONDAY, policy=BAOJI)


def test_what_was_withdrawn_is_not_published() -> None:
    [gone] = withdraw_by_hand(published(), because="异议成立", by="李四", today=MONDAY)

    with refused("withdrawn_already"):
        confirm(known(red()), gone.entry, by="张三", today=MONDAY, policy=BAOJI)


def test_nothing_escalates_before_its_term_has_ended() -> None:
    with refused("term_still_runs"):
        escalation.escalate(red(), published(), today=LAST_DAY, policy=BAOJI)


def test_a_draft_does_not_escalate() -> None:
    drafted = steps.draft(known(red()), None, today=MONDAY).entry

    with refused("not_published"):
        escalation.propose(red(), drafted, today=date(2015, 1, 1), policy=CURRENT)


def test_where_the_law_asks_for_more_nothing_is_listed_by_itself() -> None:
    entry = published(policy=CURRENT, on=date(2026, 3, 2))

    with refused("proposal_only"):
        escalation.escalate(red(), entry, today=date(2026, 6, 1), policy=CURRENT)


def test_what_has_escalated_does_not_escalate_again() -> None:
    [step] = settle(known(red()), published(), today=LAST_DAY + DAY, policy=BAOJI)

    with refused("escalated_already"):
        escalation.escalate(red(), step.entry, today=LAST_DAY + DAY, policy=BAOJI)


def test_what_was_corrected_does_not_escalate() -> None:
    entry = steps.correct(published(), cleared(LAST_DAY)).entry

    with refused("closed_already"):
        escalation.escalate(red(), entry, today=LAST_DAY + DAY, policy=BAOJI)


def test_a_draft_cannot_be_corrected() -> None:
    drafted = steps.draft(known(red()), None, today=MONDAY).entry

    with refused("not_published"):
        steps.correct(drafted, cleared(MONDAY))


def test_a_withdrawal_needs_a_reason_and_a_name() -> None:
    with refused("reason_missing"):
        withdraw_by_hand(published(), because=" ", by="李四", today=MONDAY)
    with refused("name_missing"):
        withdraw_by_hand(published(), because="异议成立", by="", today=MONDAY)


def test_nothing_is_withdrawn_twice() -> None:
    [gone] = withdraw_by_hand(published(), because="异议成立", by="李四", today=MONDAY)

    with refused("withdrawn_already"):
        withdraw_by_hand(gone.entry, because="异议成立", by="李四", today=MONDAY)


def test_what_has_not_escalated_is_not_lifted() -> None:
    with refused("not_escalated"):
        steps.lift(published(), because="异议成立", today=MONDAY, caused_by=None)


def test_a_refusal_names_the_rule_and_what_would_be_allowed() -> None:
    with pytest.raises(NotAllowed) as refusal:
        escalation.escalate(red(), published(), today=LAST_DAY, policy=BAOJI)

    assert str(refusal.value) == (
        "改正期限至2014-03-18届满,现在不得升级。期限届满次日起仍未改正的,方可升级。"
    )
