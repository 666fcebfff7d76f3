"""Of whom a reminder by hand is sent: the quiet days, the digest, how many at once."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, strategies as st

from services.chassis.policy import Policy
from services.events.registry import DutyKind, ObjectKind
from services.inspection.model import Colour
from services.inspection.model.reminding import Line, Outcome, Owed
from services.inspection.rules import reminders, reminding_by_hand as rules
from services.inspection.rules.refusal import NotAllowed

POLICY = Policy.read(Path(__file__).parents[2] / "services" / "inspection" / "policy.yaml")
SPACE = UUID("6f2a1e0c-8d8a-4a53-9a5e-61030000beef")
TODAY = date(2026, 3, 20)
SINCE = rules.quiet_since(POLICY, today=TODAY)
LADDER = reminders.ladder(POLICY, on=TODAY)


def owed(colour: Colour = Colour.RED, due_on: date | None = date(2026, 3, 1)) -> Owed:
    return Owed(
        duty_id=uuid5(SPACE, "duty"),
        object_id=uuid5(SPACE, "object"),
        enterprise_id=uuid5(SPACE, "enterprise"),
        firm=uuid5(SPACE, "enterprise"),
        division="610303",
        kind=ObjectKind.EQUIPMENT,
        class_code="4110",
        label="行吊 1 号",
        duty=DutyKind.INSPECTION,
        due_on=due_on,
        colour=colour,
        rule_id=None,
    )


def line(one: Owed, told_on: date | None = None, digest_on: date | None = None) -> Line:
    return rules.line(one, told_on, digest_on, since=SINCE, ladder=LADDER)


def test_seven_quiet_days_count_the_day_of_the_reminder() -> None:
    assert date(2026, 3, 14) == SINCE
    assert line(owed(), date(2026, 3, 14)).outcome is Outcome.TOLD_ALREADY
    assert line(owed(), date(2026, 3, 13)).outcome is Outcome.TELL
    assert line(owed()) == Line(owed(), Outcome.TELL, None)


@pytest.mark.parametrize("colour", list(Colour))
def test_only_yellow_and_red_are_reminded_of(colour: Colour) -> None:
    told = line(owed(colour)).outcome is Outcome.TELL

    assert told is (colour in (Colour.YELLOW, Colour.RED))


def test_what_has_no_day_is_not_reminded_of() -> None:
    assert line(owed(due_on=None)).outcome is Outcome.NOT_DUE


def test_a_digest_covers_what_was_long_overdue_and_nothing_else() -> None:
    digest_on = date(2026, 3, 18)
    long = reminders.is_long_overdue_since(LADDER, today=digest_on)

    covered = line(owed(due_on=long), None, digest_on)
    newer = line(owed(due_on=long + timedelta(days=1)), None, digest_on)

    assert (covered.outcome, covered.told_on) == (Outcome.TOLD_ALREADY, digest_on)
    assert newer.outcome is Outcome.TELL


@given(
    st.one_of(st.none(), st.dates(date(2026, 1, 1), TODAY)),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), TODAY)),
)
def test_nobody_is_told_twice_within_the_quiet_days(
    told_on: date | None, digest_on: date | None
) -> None:
    found = line(owed(due_on=date(2020, 1, 1)), told_on, digest_on)

    recent = [day for day in (told_on, digest_on) if day and day >= SINCE]
    assert (found.outcome is Outcome.TOLD_ALREADY) is bool(recent)


def code_of(act: Any) -> str:
    with pytest.raises(NotAllowed) as refused:
        act()
    return refused.value.code


def test_a_batch_has_something_in_it_and_not_too_much() -> None:
    rules.few_enough(200, policy=POLICY, today=TODAY)

    for count, code in ((201, "too_many_at_once"), (0, "nothing_chosen")):
        assert (
            code_of(lambda count=count: rules.few_enough(count, policy=POLICY, today=TODAY))
            == code
        )


def test_a_batch_that_would_tell_nobody_is_none() -> None:
    passed = line(owed(), TODAY)

    assert code_of(lambda: rules.somebody([passed])) == "nobody_to_remind"
    assert rules.somebody([passed, line(owed())]) == [line(owed())]


def test_the_numbers_are_the_bureaus_own() -> None:
    for name in ("hand_reminder_most", "hand_reminder_quiet_days"):
        assert "the bureau's own setting" in POLICY.source(name, on=TODAY)
